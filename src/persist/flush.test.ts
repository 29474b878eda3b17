import { beforeEach, describe, expect, it } from 'vitest';
import type { WeirDatabase } from './database.ts';
import {
  FLUSH_STORES,
  flushNews,
  MARKER_STORES,
  owedMarkers,
  raiseMarker,
  settleMarker,
} from './dirty-markers.ts';
import { openTestDatabase } from './testing.ts';

let db: WeirDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});

const raise = (now: number, level: 'critical' | 'cache', key = 'a'): Promise<number> =>
  db.write(
    MARKER_STORES,
    'strict',
    async (tx) => (await raiseMarker(tx, 'rooms', key, now, level)).seq,
  );
const flush = (now: number): Promise<boolean> =>
  db.write(FLUSH_STORES, 'strict', (tx) => flushNews(tx, 'rooms', now));
const settle = (coverage: number, now: number): Promise<void> =>
  db.write(['dirty'], 'strict', (tx) => settleMarker(tx, 'rooms', 'a', coverage, now));
/** Coverage that an iteration beginning now would have, by key. */
const owed = async (now: number): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await db.read(['dirty'], (tx) => owedMarkers(tx, 'rooms', now))).map(({ key, seq }) => [
      key,
      seq,
    ]),
  );
const stored = (at: number): Promise<unknown> =>
  db.write(['base'], 'strict', (tx) =>
    tx.objectStore('base').put({
      path: 'rooms',
      key: 'a',
      target: 't',
      generation: 1n,
      valueHash: '',
      coverage: 0,
      at,
    }),
  );

describe('a page that is hidden', () => {
  it('C28: makes news that wait for the delegate due at once, whatever it has shown', async () => {
    await raise(1_000, 'cache');
    expect(await owed(2_000)).toEqual({});
    expect(await flush(2_000)).toBe(true);
    expect(await owed(2_000)).toEqual({ a: 2 });
    await settle(2, 3_000);
    expect(await owed(Infinity)).toEqual({});
  });

  it('C28: owes nothing by it where nothing waits, and nothing twice', async () => {
    expect(await flush(1_000)).toBe(false);
    await raise(1_000, 'critical', 'edited');
    expect(await flush(1_000)).toBe(false); // it is due anyway
    await raise(1_000, 'cache');
    expect([await flush(2_000), await flush(2_000)]).toEqual([true, false]);
  });

  it('C28: has the node given nothing that it got less than a minute ago: those news wait for their time', async () => {
    await stored(10_000);
    await raise(20_000, 'cache');
    expect(await flush(69_999)).toBe(false);
    expect(await owed(319_999)).toEqual({});
    expect(await flush(70_000)).toBe(true);
    expect(await owed(70_000)).toEqual({ a: 2 });
  });

  it('C27 A48: during an iteration makes a second one owed: what the first has covered does not settle it', async () => {
    await raise(1_000, 'critical'); // an iteration covers 1…
    await raise(2_000, 'cache'); // …and this comes while it runs
    expect(await flush(3_000)).toBe(true);
    await settle(1, 4_000);
    expect(await owed(4_000)).toEqual({ a: 3 });
    await settle(3, 5_000);
    expect(await owed(Infinity)).toEqual({});
  });

  it('C27 A48: during an iteration over news does so too, and without it the rest waits', async () => {
    for (const isHidden of [true, false]) {
      db = await openTestDatabase();
      await raise(1_000, 'cache'); // due at 301,000: covered by an iteration that begins then…
      await raise(301_000, 'cache'); // …and this comes while it runs
      if (isHidden) await flush(301_500);
      await settle(1, 302_000);
      expect(await owed(302_000)).toEqual(isHidden ? { a: 3 } : {});
    }
  });

  it('C27: keeps what it owes when news and edits follow before the next iteration', async () => {
    await raise(1_000, 'cache');
    await flush(2_000);
    await raise(3_000, 'cache');
    expect(await owed(3_000)).toEqual({ a: 3 });
    await raise(4_000, 'critical');
    await raise(5_000, 'cache');
    await settle(1, 6_000);
    expect(await owed(6_000)).toEqual({ a: 5 });
  });
});

describe('the time by which news are owed', () => {
  it('C26: is the one of the earlier clock, or now where the clock has jumped back before it', async () => {
    await raise(1_000_000, 'cache');
    await raise(1_100_000, 'cache'); // later news postpone nothing
    expect(await owed(1_299_999)).toEqual({});
    expect(await owed(1_300_000)).toEqual({ a: 2 });
    expect(await owed(999_999)).toEqual({ a: 2 });
  });
});
