import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricsReport } from '../../host/node/metrics.ts';
import type { BaseRow, RoomRow } from '../../src/persist/schema.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { heldRoom, seedUser, textsIn } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { storedRows } from '../support/page-database.ts';
import { readVectors } from '../support/vectors.ts';

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const BIG = user.rooms.find((room) => room.name === 'big room')?.owner_vk_base58 ?? '';

const MESSAGE = 'One message of average length, as people write them all day long.';

/** What a page has handed to IndexedDB since it was loaded. */
interface Written {
  readonly bytes: number;
  readonly puts: number;
  readonly transactions: number;
}

/** Counts at the API: payload bytes of every put and add, and read-write transactions. */
const COUNTING = `
  globalThis.__written = { bytes: 0, puts: 0, transactions: 0 };
  const size = (value) => {
    if (value === null || value === undefined) return 1;
    if (typeof value === 'string') return value.length;
    if (typeof value === 'number' || typeof value === 'bigint') return 8;
    if (typeof value === 'boolean') return 1;
    if (value instanceof ArrayBuffer) return value.byteLength;
    if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
    if (Array.isArray(value)) return value.reduce((sum, each) => sum + size(each), 0);
    return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + size(each), 0);
  };
  for (const name of ['put', 'add']) {
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (value, key) {
      globalThis.__written.bytes += size(value) + (key === undefined ? 0 : size(key));
      globalThis.__written.puts += 1;
      return key === undefined ? original.call(this, value) : original.call(this, value, key);
    };
  }
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode === 'readwrite') globalThis.__written.transactions += 1;
    return transaction.call(this, stores, mode, options);
  };
`;

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

const written = (page: Page): Promise<Written> =>
  page.evaluate(() => ({ ...(globalThis as unknown as { __written: Written }).__written }));

/** What the page's database says of the work that goes on by itself after opening. */
async function settled(
  page: Page,
): Promise<{ readonly inContracts: number; readonly owed: number; readonly unread: number }> {
  const { base = [], dirty = [], rooms = [] } = await storedRows(page, ['base', 'dirty', 'rooms']);
  const big = (rooms as RoomRow[]).find(({ room }) => room === BIG);
  if (!big) throw new Error('the room is not here');
  return {
    inContracts: (base as BaseRow[]).filter(({ path }) => path === 'contracts').length,
    owed: dirty.length,
    unread: big.listing.unread,
  };
}

const report = async (): Promise<MetricsReport> =>
  (await (await fetch(`${host.url}/weir/metrics`)).json()) as MetricsReport;

/** Bytes of delegate requests so far, of all delegates. */
const bytesIn = ({ delegates }: MetricsReport): number =>
  Object.values(delegates).reduce((sum, each) => sum + each.bytesIn, 0);

describe('what an edit costs', () => {
  it('A06: is at most 4 KiB and one transaction in the browser for a message in the 373 KiB room, and that room once on the wire', async () => {
    const page = await profile.context.newPage();
    await page.addInitScript(COUNTING);
    await page.goto(`${host.url}/room/${BIG}`);
    const composer = page.locator('weir-composer textarea');
    await composer.waitFor();
    // every room has its contract, nothing is owed, and the room is read: the page has nothing of its own left to write
    await expect
      .poll(() => settled(page), { timeout: 60_000 })
      .toEqual({ inContracts: user.rooms.length, owed: 0, unread: 0 });
    await host.stop(); // so that what is counted is the edit, and no news from the node
    const before = await written(page);

    await composer.fill(MESSAGE);
    await composer.press('Enter');
    await page.locator('weir-history').getByText(MESSAGE, { exact: true }).waitFor();
    const after = await written(page);
    await host.start();
    // not the status: what it said before the edit may still be on screen
    await expect.poll(async () => (await report()).storeRequests, { timeout: 60_000 }).toBe(1);

    const cost = {
      bytes: after.bytes - before.bytes,
      puts: after.puts - before.puts,
      transactions: after.transactions - before.transactions,
    };
    const held = await heldRoom(host.url, `room:${BIG}`);
    const now = await report();
    expect(textsIn(held)).toContain(MESSAGE);
    expect(now.storeRequests).toBe(1);
    const ratio = bytesIn(now) / (held?.bytes.length ?? 1);
    process.stdout.write(
      `one message, ${held?.bytes.length} byte room: ${JSON.stringify(cost)}, sent ÷ room ${ratio.toFixed(4)}\n`,
    );
    expect(cost.bytes).toBeLessThanOrEqual(4096);
    expect(cost.transactions).toBe(1);
    expect(ratio).toBeLessThanOrEqual(1.05);
  });

  it('is at most 70 KiB of script, gzipped, before the room list can be used', () => {
    const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
    const html = readFileSync(`${dist}index.html`, 'utf8');
    const first = readdirSync(`${dist}assets`).filter(
      (file) => file.endsWith('.js') && html.includes(file),
    );
    const bytes = first.reduce(
      (sum, file) => sum + gzipSync(readFileSync(`${dist}assets/${file}`), { level: 9 }).length,
      0,
    );
    process.stdout.write(`first-load script: ${bytes} bytes gzip in ${first.length} files\n`);
    expect(first.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(70 * 1024);
  });
});
