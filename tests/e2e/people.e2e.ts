import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoomView } from '../../src/river/room-view.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { heldRooms, type HeldRoom } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';

let host: TestHost;
let profiles: Profile[];

beforeEach(async () => {
  host = await TestHost.start();
  profiles = [];
});

afterEach(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
});

/** A person at a browser of their own, with the app installed and nothing in it. */
async function person(): Promise<Page> {
  const profile = await openProfile();
  profiles.push(profile);
  const page = await profile.context.newPage();
  await page.goto(host.url);
  await page.getByText('No rooms yet').first().waitFor();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return page;
}

const errors = (): string[] => profiles.flatMap((profile) => profile.errors);
const POLL = { timeout: 20_000, interval: 500 };
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, name: string) => page.locator('[data-room]').filter({ hasText: name });
const history = (page: Page) => page.locator('weir-history');
const onNode = (page: Page) =>
  page.locator('weir-sync-status').first().getByText('All on your node');

async function createRoom(page: Page, name: string): Promise<string> {
  await page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
  await dialog(page).getByLabel('Name of the room').fill(name);
  await dialog(page).getByLabel('Your name in it').fill('Ana');
  await dialog(page).getByRole('button', { name: 'Create' }).click();
  await page.locator('weir-composer textarea').waitFor();
  return new URL(page.url()).pathname.replace('/room/', '');
}

async function post(page: Page, text: string): Promise<void> {
  const composer = page.locator('weir-composer textarea');
  await composer.fill(text);
  await composer.press('Enter');
  await history(page).getByText(text, { exact: true }).waitFor();
}

async function invitationLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'People in this room' }).click();
  await dialog(page).getByRole('button', { name: 'Invite somebody' }).click();
  const link = dialog(page).getByLabel('Link', { exact: true });
  await link.waitFor();
  const value = await link.inputValue();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  return value;
}

const held = async (room: string): Promise<HeldRoom | undefined> =>
  (await heldRooms(host.url)).get(`room:${room}`);

function viewOf({ room }: HeldRoom): RoomView {
  const { roomState, ...own } = room;
  return new RoomView(roomState, own);
}

describe('people and their rooms', () => {
  it('a room that was made and written in with no node, reloaded and with its worker killed, is on the node when that is back', async () => {
    const page = await person();
    await host.stop();
    const room = await createRoom(page, 'Weir keepers');
    await post(page, 'The gate is open');
    await post(page, 'No, wait');
    await page.reload();
    await profiles[0]?.stopWorkers(page);
    await history(page).getByText('The gate is open', { exact: true }).waitFor();

    const mine = history(page).locator('weir-message').filter({ hasText: 'No, wait' });
    await mine.hover();
    await mine.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Message deleted for everyone').waitFor();
    await page.locator('weir-composer textarea').press('ArrowUp');
    await page.getByLabel('Edit your message').fill('The gate is open again');
    await page.getByLabel('Edit your message').press('Enter');
    const edited = history(page).locator('weir-message').filter({ hasText: 'open again' });
    await edited.hover();
    await edited.getByRole('button', { name: 'Add a reaction' }).click();
    await page.getByRole('button', { name: 'React with 🎉' }).click();
    await edited.getByRole('button', { name: '🎉' }).waitFor();
    await page.reload();

    await host.start();
    await onNode(page).waitFor({ timeout: 30_000 });
    const stored = await held(room);
    if (!stored) throw new Error('the delegate does not hold the room');
    const view = viewOf(stored);
    expect(view.name).toBe('Weir keepers');
    expect(view.isOwner).toBe(true);
    expect(
      view.messages().map(({ text, reactions }) => [text, reactions.map((each) => each.emoji)]),
    ).toEqual([['The gate is open again', ['🎉']]]);
    expect(errors()).toEqual([]);
  });

  it('an invitation link gives a second person a key for the room, which is safe on their node', async () => {
    const ana = await person();
    await createRoom(ana, 'Weir keepers');
    const link = await invitationLink(ana);
    // the two share a host, and with it one delegate: what Ana has is taken away, so that Theo's own is all there is
    await onNode(ana).waitFor({ timeout: 30_000 });
    await profiles[0]?.close();
    profiles.shift();
    await host.dispose();
    host = await TestHost.start();

    const theo = await person();
    await theo.goto(`${host.url}/${new URL(link).search}`);
    await dialog(theo).getByLabel('Your name in the room').fill('Theo');
    await theo.reload(); // nothing was decided yet: it asks again
    await dialog(theo).getByLabel('Your name in the room').fill('Theo');
    await dialog(theo).getByRole('button', { name: 'Join', exact: true }).click();
    await theo.getByRole('heading', { name: 'On its way' }).waitFor();
    expect(new URL(theo.url()).search).toBe('');
    await onNode(theo).waitFor({ timeout: 30_000 });

    const room = new URL(theo.url()).pathname.replace('/room/', '');
    const stored = await held(room);
    expect(stored?.room.selfNickname).toBe('Theo');
    expect(stored?.room.selfSk?.length).toBe(32);
    expect(stored?.room.selfAuthorizedMember).not.toBeNull();

    await theo.goto(`${host.url}/${new URL(link).search}`);
    await dialog(theo).getByText('Nothing was changed').waitFor();
    await dialog(theo).getByRole('button', { name: 'Open it' }).click();
    await row(theo, 'New room').waitFor();
    expect(errors()).toEqual([]);
  });

  it('a room that is left offline is a tombstone on the node, and comes back with its key', async () => {
    const page = await person();
    const room = await createRoom(page, 'Weir keepers');
    await post(page, 'First');
    await onNode(page).waitFor({ timeout: 30_000 });
    const before = await held(room);
    await host.stop();
    await page.getByRole('button', { name: 'About this room' }).click();
    await dialog(page).getByRole('button', { name: 'Leave this room' }).click();
    await row(page, 'Weir keepers').waitFor({ state: 'detached' });
    await page.reload();
    await host.start();
    await onNode(page).waitFor({ timeout: 30_000 });
    expect(await held(room)).toBeUndefined();

    await page.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();
    await dialog(page).getByRole('button', { name: 'Come back to “Weir keepers”' }).click();
    await history(page).getByText('First', { exact: true }).waitFor();
    await post(page, 'Back again');
    await expect
      .poll(async () => (await held(room))?.room.selfSk, POLL)
      .toEqual(before?.room.selfSk);
    expect(errors()).toEqual([]);
  });
});
