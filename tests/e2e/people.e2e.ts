import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoomView } from '../../src/river/room-view.ts';
import { createRoom, dialog, invite, row } from '../support/app-page.ts';
import { carry, heldByContract, textsOf } from '../support/contracts.ts';
import { heldRooms, type HeldRoom } from '../support/delegate.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';

let host: TestHost;
let gathering: Gathering;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host();
});

afterEach(() => gathering.dispose());

/** A person at a browser of their own, with the app installed and nothing in it. */
async function person(at = host): Promise<Page> {
  const page = await gathering.arrive(at);
  await page.getByText('No rooms yet').first().waitFor();
  return page;
}

const POLL = { timeout: 20_000, interval: 500 };
const history = (page: Page) => page.locator('weir-history');
const onNode = (page: Page) =>
  page.locator('weir-sync-status').first().getByText('All on your node');

async function post(page: Page, text: string): Promise<void> {
  const composer = page.locator('weir-composer textarea');
  await composer.fill(text);
  await composer.press('Enter');
  await history(page).getByText(text, { exact: true }).waitFor();
}

const held = async (room: string): Promise<HeldRoom | undefined> =>
  (await heldRooms(host.url)).get(`room:${room}`);

/** The last message is asked for in the very moment in which the app says that something is done. */
const arrowUpWhenTold = (page: Page): Promise<void> =>
  page.locator('weir-composer textarea').evaluate((field) => {
    const press = (): boolean =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
    window.addEventListener('weir-toast', press, { once: true });
  });

/** Once there is something to carry. */
async function carryOver(room: string, from: TestHost, to: TestHost): Promise<void> {
  await expect.poll(() => heldByContract(from.url, room), POLL).toBeDefined();
  await carry(room, from.url, to.url);
}

function viewOf({ room }: HeldRoom): RoomView {
  const { roomState, ...own } = room;
  return new RoomView(roomState, own);
}

describe('people and their rooms', () => {
  it('a room that was made and written in with no node, reloaded and with its worker killed, is on the node when that is back', async () => {
    const page = await person();
    await host.stop();
    const room = await createRoom(page, 'Weir keepers', 'Ana');
    await post(page, 'The gate is open');
    await post(page, 'No, wait');
    await page.reload();
    await gathering.profiles[0]?.stopWorkers(page);
    await history(page).getByText('The gate is open', { exact: true }).waitFor();

    const mine = history(page).locator('weir-message').filter({ hasText: 'No, wait' });
    await mine.hover();
    await mine.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await arrowUpWhenTold(page);
    await page.getByRole('button', { name: 'Delete for everyone' }).click();
    await page.getByText('Message deleted for everyone').waitFor();
    const field = page.getByLabel('Edit your message');
    await expect.poll(() => field.inputValue()).toBe('The gate is open'); // not the deleted one
    await field.fill('The gate is open again');
    await field.press('Enter');
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
    expect(gathering.errors).toEqual([]);
  });

  it('an invitation link brings a second person on another node into the room, and each sees the other', async () => {
    const ana = await person();
    const room = await createRoom(ana, 'Weir keepers', 'Ana');
    await post(ana, 'Welcome to the gate');
    const link = await invite(ana);
    const elsewhere = await gathering.host();
    const theo = await person(elsewhere);
    const invited = `${elsewhere.url}/${new URL(link).search}`;
    await theo.goto(invited);
    await dialog(theo).getByLabel('Your name in the room').waitFor();
    await theo.reload(); // nothing was decided yet: it asks again
    await dialog(theo).getByLabel('Your name in the room').fill('Theo');
    await dialog(theo).getByRole('button', { name: 'Join', exact: true }).click();
    await theo.getByRole('heading', { name: 'On its way' }).waitFor();
    expect(new URL(theo.url()).search).toBe('');
    await onNode(theo).waitFor({ timeout: 30_000 });
    const waiting = (await heldRooms(elsewhere.url)).get(`room:${room}`)?.room;
    expect([waiting?.selfNickname, waiting?.selfSk?.length]).toEqual(['Theo', 32]);

    await carryOver(room, host, elsewhere);
    await theo.reload();
    await history(theo)
      .getByText('Welcome to the gate', { exact: true })
      .waitFor({ timeout: 30_000 });
    await row(theo, 'Weir keepers').waitFor();
    await history(theo).getByText('Theo joined the room').waitFor();
    await post(theo, 'Glad to be here');
    await expect
      .poll(async () => textsOf(await heldByContract(elsewhere.url, room)), POLL)
      .toContain('Glad to be here');

    await carryOver(room, elsewhere, host);
    await history(ana).getByText('Glad to be here', { exact: true }).waitFor({ timeout: 30_000 });
    await ana.getByRole('button', { name: 'People in this room' }).click();
    await dialog(ana).getByText('invited by you').first().waitFor();

    await theo.goto(invited);
    await dialog(theo).getByText('Nothing was changed').waitFor();
    expect(gathering.errors).toEqual([]);
  });

  it('a room that arrives later does not take the place of the one that is open; another is given up meanwhile', async () => {
    const ana = await person();
    const room = await createRoom(ana, 'Weir keepers', 'Ana');
    await post(ana, 'Welcome to the gate');
    const link = await invite(ana);
    const other = await createRoom(ana, 'Chess', 'Ana');
    await ana.getByRole('heading', { name: 'Chess' }).waitFor();
    const otherLink = await invite(ana);

    const elsewhere = await gathering.host();
    const theo = await person(elsewhere);
    const mine = await createRoom(theo, 'My own', 'Ana');
    await post(theo, 'Only me here');
    for (const each of [link, otherLink]) {
      await theo.goto(`${elsewhere.url}/${new URL(each).search}`);
      await dialog(theo).getByRole('button', { name: 'Join', exact: true }).click();
      await theo.getByRole('heading', { name: 'On its way' }).waitFor();
    }
    await theo.getByRole('button', { name: 'Don’t join after all' }).click();
    await theo.getByText('You left “New room”').waitFor();
    await row(theo, 'My own').click();
    await history(theo).getByText('Only me here', { exact: true }).waitFor();

    await carryOver(room, host, elsewhere);
    await carryOver(other, host, elsewhere);
    await row(theo, 'Weir keepers').waitFor({ timeout: 60_000 });
    expect(new URL(theo.url()).pathname).toBe(`/room/${mine}`);
    await history(theo).getByText('Only me here', { exact: true }).waitFor();
    expect(await row(theo, 'Chess').count()).toBe(0);
    await theo.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();
    await dialog(theo).getByRole('button', { name: 'Come back to “New room”' }).waitFor();
    expect(gathering.errors).toEqual([]);
  });

  it('a room that is left offline is a tombstone on the node, and comes back with its key', async () => {
    const page = await person();
    const room = await createRoom(page, 'Weir keepers', 'Ana');
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
    expect(gathering.errors).toEqual([]);
  });
});
