import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProfile, type Profile } from '../support/browser.ts';
import { TestHost } from '../support/host.ts';

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 240_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let profiles: Profile[];

beforeEach(async () => {
  host = await TestHost.start({ hosted: true });
  profiles = [];
});

afterEach(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
});

/** Somebody at a browser of their own. */
async function arrive(): Promise<Page> {
  const profile = await openProfile();
  profiles.push(profile);
  const page = await profile.context.newPage();
  await page.goto(host.url);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return page;
}

const dialog = (page: Page): Locator => page.getByRole('dialog');
const message = (page: Page, text: string): Locator =>
  page.locator('weir-message').filter({ hasText: text });

async function say(page: Page, text: string): Promise<void> {
  const field = page.locator('weir-composer textarea');
  await field.fill(text);
  await field.press('Enter');
  await message(page, text).waitFor();
}

async function createRoom(page: Page): Promise<void> {
  await page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
  await dialog(page).getByLabel('Name of the room').fill('Weir keepers');
  await dialog(page).getByLabel('Your name in it').fill('Ada');
  await dialog(page).getByRole('button', { name: 'Create' }).click();
  await page.locator('weir-composer textarea').waitFor();
}

async function invite(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'People in this room' }).click();
  await dialog(page).getByRole('button', { name: 'Invite somebody' }).click();
  const { pathname, search } = new URL(
    await dialog(page).getByLabel('Link', { exact: true }).inputValue(),
  );
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  return `${pathname}${search}`;
}

async function join(page: Page, link: string): Promise<void> {
  await page.goto(`${host.url}${link}`);
  await dialog(page).getByLabel('Your name in the room').fill('Ben');
  await dialog(page).getByRole('button', { name: 'Join', exact: true }).click();
  await message(page, 'Ben joined the room').waitFor(PATIENCE);
}

describe('direct messages', () => {
  it('are written offline, survive a reload, are read by the other alone, and answered', async () => {
    const [ada, ben] = [await arrive(), await arrive()];
    await createRoom(ada);
    await say(ada, 'Welcome');
    await message(ada, 'Welcome').getByText('in the room').waitFor(PATIENCE);
    await join(ben, await invite(ada));
    await message(ada, 'Ben joined the room').waitFor(PATIENCE);

    await host.stop();
    await ada.getByRole('button', { name: 'People in this room' }).click();
    await dialog(ada).getByRole('button', { name: 'Ben' }).click();
    await dialog(ada).getByRole('button', { name: 'Message', exact: true }).click();
    await ada.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await say(ada, 'The key is under the pot');
    await message(ada, 'under the pot').getByText('stored here').waitFor();
    await ada.reload();
    await message(ada, 'under the pot').getByText('stored here').waitFor(PATIENCE);

    await host.start();
    await message(ada, 'under the pot').getByText('in the room').waitFor(PATIENCE);
    await ben.getByRole('button', { name: 'Direct messages, 1 unread' }).click(PATIENCE);
    await ben
      .locator('weir-dm-list')
      .getByRole('link', { name: /Ada.*1 unread/s })
      .click();
    await message(ben, 'under the pot').waitFor(PATIENCE);
    await say(ben, 'Found it');
    await message(ada, 'Found it').waitFor(PATIENCE);

    for (const page of [ada, ben]) {
      await page.reload();
      await message(page, 'Found it').waitFor(PATIENCE);
      await message(page, 'under the pot').waitFor();
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      // she came from the room, he from the list
      if (page === ben) await page.getByRole('button', { name: 'Back to the room' }).click();
      // read: nothing is unread, and nothing of it is in the room's own history
      await page.getByRole('button', { name: 'Direct messages', exact: true }).waitFor(PATIENCE);
      await message(page, 'Welcome').waitFor(PATIENCE);
      expect(await message(page, 'Found it').count()).toBe(0);
    }
    expect(profiles.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
