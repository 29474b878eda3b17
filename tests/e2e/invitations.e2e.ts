import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  button,
  createRoom,
  dialog,
  finishJoining,
  invite,
  message,
  openInvitations,
  row,
  say,
} from '../support/app-page.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let gathering: Gathering;
let folder: string;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
  folder = await gathering.folder();
});

afterEach(() => gathering.dispose());

const arrive = (): Promise<Page> => gathering.arrive(host, true);

/** What is clicked saves a file. @returns where it lies */
async function saved(page: Page, save: Locator): Promise<string> {
  const coming = page.waitForEvent('download');
  await save.click();
  const download = await coming;
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

const startJoining = (page: Page): Promise<void> =>
  page.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();

const chooseFile = (page: Page, path: string): Promise<void> =>
  dialog(page).locator('input[type=file]').setInputFiles(path);

describe('invitations', () => {
  it('bring people in by picture and by code, and the list of those passed on says who came', async () => {
    const ada = await arrive();
    await ada.locator('.conversation').getByRole('button', { name: 'New room' }).click();
    await dialog(ada).getByLabel('Name of the room').fill('Weir keepers');
    await dialog(ada).getByLabel('Your name in it').fill('Ada');
    await button(dialog(ada), 'Create').click();
    // what to do next is said where one is
    await ada.locator('.conversation').getByRole('button', { name: 'Invite somebody' }).click();
    await button(dialog(ada), 'QR code').click();
    const picture = await saved(ada, button(dialog(ada), 'Save as a picture'));
    await button(dialog(ada), 'Another one').click();
    await button(dialog(ada), 'Copy: Code, for any node').click();
    const code = await ada.evaluate(() => navigator.clipboard.readText());
    await dialog(ada).getByText('not used yet').nth(1).waitFor();
    await button(dialog(ada), 'Done').click();
    await say(ada, 'Welcome');

    const ben = await arrive();
    await startJoining(ben);
    await chooseFile(ben, picture);
    await finishJoining(ben, 'Ben');
    await message(ben, 'Welcome').waitFor(PATIENCE);
    await message(ada, 'Ben joined the room').waitFor(PATIENCE);
    await openInvitations(ada);
    await dialog(ada).getByText('used: Ben is in the room').waitFor(PATIENCE);
    expect(await dialog(ada).getByText('not used yet').count()).toBe(1);
    await button(dialog(ada), 'Done').click();

    // the same code, as a link that is opened
    await ben.goto(`${host.url}/?invitation=${code}`);
    await dialog(ben).getByText('Nothing was changed').waitFor(PATIENCE);
    const cyd = await arrive();
    await startJoining(cyd);
    await dialog(cyd).getByLabel('Invitation').fill(code);
    await button(dialog(cyd), 'Next').click();
    await finishJoining(cyd, 'Cyd');
    await message(ada, 'Cyd joined the room').waitFor(PATIENCE);
    await ada.reload();
    await openInvitations(ada);
    await dialog(ada).getByText('used: Cyd is in the room').waitFor(PATIENCE);
    expect(await dialog(ada).getByText('not used yet').count()).toBe(0);
    expect(gathering.errors).toEqual([]);
  });

  it('go as a direct message, are written offline, and show on both sides what became of them', async () => {
    const [ada, ben] = [await arrive(), await arrive()];
    await createRoom(ada, 'Weir keepers');
    await say(ada, 'Welcome');
    await ben.goto(await invite(ada));
    await finishJoining(ben, 'Ben');
    await message(ada, 'Ben joined the room').waitFor(PATIENCE);
    await createRoom(ada, 'Chess', 'Ada', true);
    await say(ada, 'e4');
    await message(ada, 'e4').getByText('in the room').waitFor(PATIENCE);

    await host.stop();
    await row(ada, 'Weir keepers').click();
    await button(ada, 'People in this room').click();
    await dialog(ada).getByRole('button', { name: 'Ben' }).first().click();
    await button(dialog(ada), 'Message').click();
    await button(ada, 'Send an invitation to another room').click();
    await dialog(ada).getByLabel('Chess').check();
    await dialog(ada).getByLabel('A few words with it').fill('White or black?');
    await button(dialog(ada), 'Send').click();
    await message(ada, 'White or black?').getByText('Not used yet').waitFor();
    await ada.reload();
    await message(ada, 'to “Chess”').getByText('Not used yet').waitFor(PATIENCE);
    await host.start();
    await message(ada, 'White or black?').getByText('in the room').waitFor(PATIENCE);

    // it is in the rail whatever room is open, and survives a reload
    const conversation = ben.locator('weir-dm-rail').getByRole('link', { name: /Ada.*1 unread/s });
    await conversation.waitFor(PATIENCE);
    await ben.reload();
    await conversation.click(PATIENCE);
    const card = message(ben, 'White or black?');
    await card.getByText('to a room that is new to you').waitFor(PATIENCE);
    await card.getByRole('link', { name: 'Accept invitation' }).click();
    await finishJoining(ben, 'Benno');
    await message(ben, 'e4').waitFor(PATIENCE);
    await ben.goBack();
    await card.getByText('Already a member').waitFor(PATIENCE);
    await message(ada, 'White or black?').getByText('They are in the room.').waitFor(PATIENCE);
    await card.getByRole('link', { name: 'Open it' }).click();
    await message(ben, 'e4').waitFor(PATIENCE);
    expect(gathering.errors).toEqual([]);
  });
});

describe('an identity', () => {
  it('is saved as a file, opens its room in another browser, and both write as one person', async () => {
    const desktop = await arrive();
    await createRoom(desktop, 'Weir keepers');
    await say(desktop, 'From the desk');
    await message(desktop, 'From the desk').getByText('in the room').waitFor(PATIENCE);
    await button(desktop, 'About this room').click();
    await button(dialog(desktop), 'Show my identity').click();
    const file = await saved(desktop, button(dialog(desktop), 'Save as a file'));
    await desktop.keyboard.press('Escape');

    const phone = await arrive();
    await phone.locator('.conversation').getByRole('button', { name: 'Bring an identity' }).click();
    await chooseFile(phone, file);
    await phone.getByText('Identity brought here').waitFor(PATIENCE);
    await message(phone, 'From the desk').waitFor(PATIENCE);
    await say(phone, 'From the train');
    await message(desktop, 'From the train').waitFor(PATIENCE);
    // both are the owner: the message is one's own on either device, and there is nobody else
    for (const page of [desktop, phone]) {
      await message(page, 'From the train').locator('.line.mine').waitFor();
      await page.getByText('1 member').first().waitFor();
    }

    // once more changes nothing; neither does another device's reload
    await startJoining(phone);
    await chooseFile(phone, file);
    await phone.getByText('Identity brought here').waitFor(PATIENCE);
    await phone.reload();
    await message(phone, 'From the train').waitFor(PATIENCE);
    expect(gathering.errors).toEqual([]);
  });
});
