import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoomView } from '../../src/river/room-view.ts';
import type { MetricsReport } from '../../host/node/metrics.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { heldRoom, heldRooms, seedUser, textsIn } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { storedRows } from '../support/page-database.ts';
import { readVectors } from '../support/vectors.ts';

interface UserData {
  readonly rooms: readonly {
    readonly name: string;
    readonly owner_vk_base58: string;
    readonly expected_view: {
      readonly room_name: string;
      readonly last_messages: readonly { readonly kind: string; readonly text: string }[];
    };
  }[];
}

const user = readVectors<UserData>('user-data');

const roomNamed = (name: string): string => {
  const room = user.rooms.find((each) => each.name === name);
  if (!room) throw new Error(`the vectors have no room “${name}”`);
  return room.owner_vk_base58;
};

const GARDEN = roomNamed('small public room');
const LIVELY = roomNamed('lively public room');
/** Keeps 200 messages. */
const BIG = roomNamed('big room');
/** Private, and keeps no more than 12 messages. */
const REPAIR = roomNamed('own private room');

let host: TestHost;
let profile: Profile;

beforeEach(async () => {
  host = await TestHost.start();
  await seedUser(host.url);
  profile = await openProfile();
});

afterEach(async () => {
  await profile.close();
  await host.dispose();
});

const row = (page: Page, room: string) => page.locator(`[data-room="${room}"]`);

async function openApp(): Promise<Page> {
  const page = await profile.context.newPage();
  await page.goto(host.url);
  for (const room of user.rooms) await row(page, room.owner_vk_base58).waitFor(); // all are loaded
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return page;
}

async function post(page: Page, room: string, text: string): Promise<void> {
  await row(page, room).click();
  const composer = page.locator('weir-composer textarea');
  await composer.waitFor();
  await composer.fill(text);
  await composer.press('Enter');
  await page.locator('weir-history').getByText(text, { exact: true }).waitFor();
}

async function rename(page: Page, room: string, name: string): Promise<void> {
  await row(page, room).click();
  await page.getByRole('button', { name: /rename/i }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('textbox').press('Enter');
  await row(page, room).getByText(name).waitFor();
}

const metrics = async (): Promise<MetricsReport> =>
  (await (await fetch(`${host.url}/weir/metrics`)).json()) as MetricsReport;

/** Polls what the delegate holds: a status that was true before the edit may still be on screen when it is looked at. */
const heldTexts = (room: string) =>
  expect.poll(async () => textsIn(await heldRoom(host.url, `room:${room}`)), { timeout: 60_000 });

const status = (page: Page) => page.locator('weir-sync-status').first();

async function derivations(page: Page): Promise<readonly number[]> {
  const { delegate_keys: keys = [] } = await storedRows(page, ['delegate_keys']);
  return (keys as { readonly derivations: number }[]).map((each) => each.derivations);
}

describe('edits made with no node running', () => {
  it('C38: reach the delegate in at most two store requests when it comes back, whatever was reloaded and killed meanwhile', async () => {
    const a = await openApp();
    const b = await openApp();
    const before = await heldRooms(host.url);
    await host.stop();

    const posted: { room: string; text: string }[] = [];
    const say = async (page: Page, room: string): Promise<void> => {
      const text = `Offline message ${posted.length + 1}`;
      posted.push({ room, text });
      await post(page, room, text);
    };
    for (let i = 0; i < 7; i++) {
      await say(a, GARDEN);
      await say(b, LIVELY);
    }
    await rename(a, GARDEN, 'Weir Garden, offline');
    await Promise.all([a.reload(), b.reload()]);
    await profile.stopWorkers(a);
    for (let i = 0; i < 7; i++) {
      await say(a, REPAIR);
      await say(b, GARDEN);
    }
    await profile.stopWorkers(b);
    await Promise.all([a.reload(), b.reload()]);
    for (let i = 0; i < 6; i++) await say(a, LIVELY);
    for (let i = 0; i < 6; i++) await say(b, GARDEN);
    expect(posted.length).toBe(40);

    await status(a)
      .getByText(/stored here/i)
      .first()
      .waitFor();
    await status(a)
      .getByText(/can.t be reached/i)
      .first()
      .waitFor();

    await host.start();
    await status(a)
      .getByText(/on your node/i)
      .first()
      .waitFor({ timeout: 30_000 });
    await status(b)
      .getByText(/on your node/i)
      .first()
      .waitFor();
    expect(
      await status(a)
        .getByText(/can.t be reached/i)
        .count(),
    ).toBe(0);

    const report = await metrics();
    expect(report.storeRequests).toBeGreaterThan(0);
    expect(report.storeRequests).toBeLessThanOrEqual(2);

    const held = await heldRooms(host.url);
    for (const { room, text } of posted) {
      expect(textsIn(held.get(`room:${room}`)), room).toContain(text);
    }
    const garden = held.get(`room:${GARDEN}`);
    expect(garden && new RoomView(garden.room.roomState, garden.room).name).toBe(
      'Weir Garden, offline',
    );
    const sent = Object.values(report.delegates).reduce((sum, each) => sum + each.bytesIn, 0);
    const dirty = [GARDEN, LIVELY, REPAIR]
      .map((room) => held.get(`room:${room}`)?.bytes.length ?? 0)
      .reduce((sum, each) => sum + each, 0);
    process.stdout.write(
      `${posted.length + 1} offline edits: ${report.storeRequests} store request(s), ${sent} bytes sent to the delegate for ${dirty} bytes of dirty rooms\n`,
    );
    for (const [key, { generation, bytes }] of before) {
      const edited = [GARDEN, LIVELY, REPAIR].some((room) => key === `room:${room}`);
      const now = held.get(key);
      expect(now?.generation, key).toBe(edited ? generation + 1n : generation);
      if (!edited) expect(now?.bytes).toEqual(bytes);
    }
    expect(await derivations(a)).toEqual([1]);
    expect(profile.errors).toEqual([]);
  });

  it('are brought by the page itself, which says so, where no service worker can run', async () => {
    const blocked = await openProfile({ serviceWorkers: 'block' });
    try {
      const page = await blocked.context.newPage();
      await page.goto(host.url);
      await row(page, GARDEN).waitFor();
      await status(page)
        .getByText(/no service worker can run/i)
        .waitFor();
      await host.stop();
      await post(page, GARDEN, 'Without a worker');
      await host.start();
      await heldTexts(GARDEN).toContain('Without a worker');
      expect((await metrics()).storeRequests).toBe(1);
    } finally {
      await blocked.close();
    }
  });

  it('A01 C39: reach it in at most two iterations and two store requests, a thousand of them over six rooms from four tabs at once', async () => {
    const tabs = await Promise.all([openApp(), openApp(), openApp(), openApp()]);
    const before = (await metrics()).storeRequests;
    const rooms = user.rooms.map((room) => room.owner_vk_base58);
    const results = await Promise.all(
      tabs.map((tab, t) =>
        tab.evaluate(
          async ([keys, name]) => {
            const { weir } = document.querySelector('weir-app') as unknown as {
              weir: {
                rooms: { sendMessage(room: string, text: string): Promise<{ ok: boolean }> };
              };
            };
            const sent = Array.from({ length: 250 }, (_, i) =>
              weir.rooms.sendMessage(keys[i % keys.length] as string, `${name} ${i}`),
            );
            return (await Promise.all(sent)).filter(({ ok }) => ok).length;
          },
          [rooms, `tab ${t}`] as const,
        ),
      ),
    );
    expect(results).toEqual([250, 250, 250, 250]);
    const last = Array.from({ length: 250 }, (_, i) => i).findLast(
      (i) => rooms[i % rooms.length] === BIG,
    );
    await heldTexts(BIG).toEqual(
      expect.arrayContaining([0, 1, 2, 3].map((t) => `tab ${t} ${last}`)),
    );
    for (const tab of tabs)
      await status(tab)
        .getByText(/all on your node/i)
        .waitFor();
    const stores = (await metrics()).storeRequests - before;
    expect(stores).toBeGreaterThan(0);
    expect(stores).toBeLessThanOrEqual(2);
    const texts = textsIn(await heldRoom(host.url, `room:${BIG}`));
    for (let t = 0; t < 4; t++) {
      for (let i = rooms.indexOf(BIG); i < 250; i += rooms.length) {
        expect(texts).toContain(`tab ${t} ${i}`);
      }
    }
  });

  it('C38: cost no store request when there are none, however often the pages reload', async () => {
    const seeded = (await metrics()).storeRequests;
    const page = await openApp();
    for (let i = 0; i < 20; i++) {
      await page.reload();
      if (i % 7 === 3) await profile.stopWorkers(page);
    }
    await status(page)
      .getByText(/on your node/i)
      .first()
      .waitFor();
    expect((await metrics()).storeRequests).toBe(seeded);
    expect(await derivations(page)).toEqual([1]);
  });
});
