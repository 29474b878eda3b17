import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decode } from '../../src/river/cbor/codec.ts';
import { roomsMeta } from '../../src/river/rooms-meta.ts';
import { toBase58 } from '../../src/shared/bytes.ts';
import { createRoom, dialog, heading, row } from '../support/app-page.ts';
import { heldRaw, heldRooms } from '../support/delegate.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';
import { storedRows } from '../support/page-database.ts';

// two browsers, on slow cores
vi.setConfig({ testTimeout: 240_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let gathering: Gathering;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host();
});

afterEach(() => gathering.dispose());

const names = (page: Page): Promise<string[]> =>
  page.locator('weir-room-list a[data-room] .name bdi').allInnerTexts();

interface Listed {
  readonly order: readonly string[];
  readonly modes: Readonly<Record<string, string>>;
}

/** What the page's own database holds of the list. */
async function stored(page: Page): Promise<Listed> {
  const { list_preferences: rows = [] } = await storedRows(page, ['list_preferences']);
  const here = (rows as (Listed & { readonly name: string })[]).find(({ name }) => name === 'here');
  return { order: here?.order ?? [], modes: here?.modes ?? {} };
}

/** What the node holds, as River reads it. */
async function onNode(): Promise<Listed | undefined> {
  const held = await heldRaw(host.url, 'rooms_meta');
  if (!held) return undefined;
  const meta = decode(roomsMeta, held.bytes);
  if (!meta.ok) throw new Error(`${meta.error.path}: ${meta.error.reason}`);
  const { roomOrder, notificationModes } = meta.value;
  return {
    order: roomOrder.map(toBase58),
    modes: Object.fromEntries(notificationModes.map(([room, mode]) => [toBase58(room), mode])),
  };
}

describe('the list of rooms', () => {
  it('is put in order and muted offline, survives a restart, reaches the node as River’s, and another browser', async () => {
    const page = await gathering.arrive(host);
    const rooms: Record<string, string> = {};
    for (const name of ['Aare', 'Drava', 'Elbe']) rooms[name] = await createRoom(page, name);
    await expect.poll(() => heldRooms(host.url).then(({ size }) => size), PATIENCE).toBe(3);
    await host.stop();

    // by key, by dragging, by a dialog
    const [one = '', two = '', three = ''] = await names(page);
    const key = (name: string): string => rooms[name] ?? '';
    const order = (): Promise<readonly string[]> => stored(page).then((here) => here.order);
    await row(page, three).focus();
    await page.keyboard.press('Alt+Home');
    await expect.poll(order, PATIENCE).toEqual([key(three)]);
    const from = await row(page, two).boundingBox();
    const to = await row(page, three).boundingBox();
    if (!from || !to) throw new Error('no rows');
    await page.mouse.move(from.x + 60, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 60, to.y + to.height / 2 + 4, { steps: 6 });
    await page.mouse.move(to.x + 60, to.y + 4, { steps: 3 });
    await page.mouse.up();
    await expect.poll(order, PATIENCE).toEqual([key(two), key(three)]);
    await page.getByText(`“${two}” is number 1 of 3 now`).waitFor(PATIENCE);
    await row(page, one).click();
    await heading(page, one).waitFor();
    await page.getByRole('button', { name: 'Notifications: all messages' }).click();
    await dialog(page)
      .getByRole('button', { name: /^Muted/ })
      .click();
    await page.getByRole('button', { name: 'Notifications: muted' }).waitFor(PATIENCE);
    const wanted = { order: [key(two), key(three)], modes: { [key(one)]: 'Muted' } };
    expect(await stored(page)).toEqual(wanted);

    await page.reload();
    await row(page, one).getByText('muted').waitFor(PATIENCE);
    expect(await names(page)).toEqual([two, three, one]);

    await host.start();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect.poll(onNode, PATIENCE).toEqual(wanted);

    // the same person on another device
    const other = await gathering.arrive(host);
    await row(other, one).getByText('muted').waitFor(PATIENCE);
    await expect.poll(() => names(other), PATIENCE).toEqual([two, three, one]);

    // goes anywhere by name
    await other.keyboard.press('Control+k');
    await other.getByRole('combobox').fill('aar');
    await other.keyboard.press('Enter');
    await heading(other, 'Aare').waitFor();
    expect(await other.title()).toBe('Weir - Aare');
    expect(gathering.errors).toEqual([]);
  });
});
