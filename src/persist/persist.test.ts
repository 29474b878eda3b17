import { beforeEach, describe, expect, it } from 'vitest';
import { ROOM_PARTS } from '../river/room-parts.ts';
import type { RoomKey } from '../shared/brand.ts';
import { WeirDatabase } from './database.ts';
import {
  failMarker,
  MARKER_STORES,
  markersOf,
  owedMarkers,
  raiseMarker,
  settleMarker,
} from './dirty-markers.ts';
import {
  checkEpoch,
  FencedError,
  laneOf,
  nextIteration,
  setLaneFailure,
  takeEpoch,
} from './lanes.ts';
import { attempted, durable, writeReceipt } from './receipts.ts';
import { readRoom, RevMovedError, ROOM_STORES, writeRoom, type RoomWrite } from './room-store.ts';
import type { Failure, Receipt } from './schema.ts';
import { slotOfStored } from './stored-room.ts';
import { openTestDatabase } from './testing.ts';

const room = 'BQKNiX1Qmz2FySPSmsd7afAMxnjqiXfdxXoyQrdjZ7WX' as RoomKey;
const failure: Failure = { code: 'unknown', sentence: 'No answer.', since: 1, at: 1, attempts: 1 };

let db: WeirDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});

const raise = (key: string, now = 10): Promise<number> =>
  db.write(MARKER_STORES, 'strict', async (tx) => (await raiseMarker(tx, 'rooms', key, now)).seq);

const markers = () => db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));

describe('dirty markers', () => {
  it('number changes with one sequence over all keys, and keep since when a key is dirty', async () => {
    expect([await raise('a', 10), await raise('b', 11), await raise('a', 12)]).toEqual([1, 2, 3]);
    expect(await markers()).toEqual([
      { path: 'rooms', key: 'a', seq: 3, firstSeq: 1, since: 10 },
      { path: 'rooms', key: 'b', seq: 2, firstSeq: 2, since: 11 },
    ]);
  });

  it('C01: leave neither data nor marker when the transaction fails', async () => {
    await expect(
      db.write([...MARKER_STORES, 'settings'], 'strict', async (tx) => {
        await tx.objectStore('settings').put('x', 'y');
        await raiseMarker(tx, 'rooms', 'a', 10);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await markers()).toEqual([]);
    expect(
      await db.read(['settings'], (tx) => tx.objectStore('settings').get('y')),
    ).toBeUndefined();
    expect(await raise('a')).toBe(1);
  });

  it('are deleted only where their seq is covered: a change that came meanwhile keeps its marker', async () => {
    await raise('a', 10);
    await raise('a', 20);
    await db.write(['dirty'], 'strict', (tx) => settleMarker(tx, 'rooms', 'a', 1, 30));
    expect(await markers()).toEqual([{ path: 'rooms', key: 'a', seq: 2, firstSeq: 2, since: 30 }]);
    await db.write(['dirty'], 'strict', (tx) => settleMarker(tx, 'rooms', 'a', 2, 40));
    expect(await markers()).toEqual([]);
  });

  it('keep the last failure over further edits, until a receipt settles them', async () => {
    await raise('a');
    await db.write(['dirty'], 'strict', (tx) => failMarker(tx, 'rooms', 'a', failure));
    await raise('a');
    expect((await markers())[0]?.failure).toEqual(failure);
    await db.write(['dirty'], 'strict', (tx) => settleMarker(tx, 'rooms', 'a', 1, 30));
    expect((await markers())[0]?.failure).toBeUndefined();
  });
});

describe('markers of what others have too', () => {
  const raiseNews = (now: number) =>
    db.write(MARKER_STORES, 'strict', (tx) => raiseMarker(tx, 'rooms', 'a', now, 'cache'));
  const settle = (coverage: number, now: number) =>
    db.write(['dirty'], 'strict', (tx) => settleMarker(tx, 'rooms', 'a', coverage, now));
  const owedAt = async (now: number): Promise<number[]> =>
    (await db.read(['dirty'], (tx) => owedMarkers(tx, 'rooms', now))).map(({ seq }) => seq);

  it('A30 A31: are no edits, and are owed five minutes after the first news, however much comes after it', async () => {
    await raiseNews(1_000);
    await raiseNews(200_000);
    expect(await markers()).toEqual([]);
    expect(await owedAt(300_999)).toEqual([]);
    expect(await owedAt(301_000)).toEqual([2]);
    expect(await owedAt(0)).toEqual([2]); // a clock that jumped back means now, never much later
  });

  it('A48: neither hold up an edit nor make one of themselves once it is stored', async () => {
    await raiseNews(1_000);
    await raise('a', 2_000);
    expect(await markers()).toMatchObject([{ seq: 2, since: 2_000 }]);
    await raiseNews(3_000);
    expect(await owedAt(3_000)).toEqual([3]);
    await settle(1, 4_000);
    expect(await owedAt(4_000)).toEqual([3]);
    await settle(2, 5_000);
    expect(await markers()).toEqual([]);
    expect(await owedAt(304_999)).toEqual([]);
    expect(await owedAt(305_000)).toEqual([3]);
    await settle(3, 306_000);
    expect(await owedAt(Infinity)).toEqual([]);
  });
});

describe('receipts', () => {
  const receipt = (iterId: number, coverage: number, outcome: Receipt['outcome']): Receipt => ({
    path: 'rooms',
    key: 'a',
    iterId,
    target: 't',
    coverage,
    outcome,
    at: iterId,
  });
  const write = (r: Receipt) => db.write(['receipts'], 'strict', (tx) => writeReceipt(tx, r));
  const token = (seq: number) => ({ path: 'rooms' as const, key: 'a', seq });

  it('A03: answer a caller with the first one that covers its change, success or failure, and with nothing before', async () => {
    await write(receipt(1, 3, 'stored'));
    expect(await attempted(db, token(4))).toBeUndefined();
    await write(receipt(2, 5, 'unknown'));
    await write(receipt(3, 7, 'stored'));
    expect((await attempted(db, token(2)))?.iterId).toBe(1);
    expect((await attempted(db, token(4)))?.outcome).toBe('unknown');
    expect((await durable(db, token(4)))?.iterId).toBe(3);
    expect(await durable(db, token(8))).toBeUndefined();
  });

  it('do not answer for another key whose name begins alike', async () => {
    await write({ ...receipt(1, 9, 'stored'), key: 'ab' });
    expect(await attempted(db, token(1))).toBeUndefined();
  });

  it('cannot be rewritten', async () => {
    await write(receipt(1, 3, 'unknown'));
    await expect(write(receipt(1, 3, 'stored'))).rejects.toThrow();
    expect((await attempted(db, token(1)))?.outcome).toBe('unknown');
  });

  it('are pruned by age, so that they never grow without bound', async () => {
    for (let i = 1; i <= 70; i++) await write(receipt(i, i, 'stored'));
    const kept = await db.read(['receipts'], (tx) => tx.objectStore('receipts').getAll());
    expect(kept.map((r) => r.iterId)).toEqual(Array.from({ length: 64 }, (_, i) => i + 7));
  });
});

describe('lanes', () => {
  describe('C11', () => {
    it('fence a holder whose epoch is over: it writes nothing', async () => {
      const old = await takeEpoch(db, 'rooms');
      const current = await takeEpoch(db, 'rooms');
      const late = db.write(['lanes', 'settings'], 'strict', async (tx) => {
        await tx.objectStore('settings').put('late', 'who');
        await checkEpoch(tx, 'rooms', old);
      });
      await expect(late).rejects.toThrow(FencedError);
      expect(
        await db.read(['settings'], (tx) => tx.objectStore('settings').get('who')),
      ).toBeUndefined();
      await expect(nextIteration(db, 'rooms', old)).rejects.toThrow(FencedError);
      expect(await nextIteration(db, 'rooms', current)).toBe(1);
    });
  });

  it('keep their failure until it is cleared', async () => {
    const epoch = await takeEpoch(db, 'rooms');
    await setLaneFailure(db, 'rooms', epoch, failure);
    await takeEpoch(db, 'rooms');
    expect((await laneOf(db, 'rooms')).failure).toEqual(failure);
    await setLaneFailure(db, 'rooms', epoch + 1, undefined);
    expect(await laneOf(db, 'rooms')).toEqual({ path: 'rooms', epoch: 2, iterId: 0 });
  });
});

describe('room rows', () => {
  const order = (n: number): Uint8Array => {
    const bytes = new Uint8Array(20);
    bytes[19] = n;
    return bytes;
  };
  const write = (w: Partial<RoomWrite>) =>
    db.write(ROOM_STORES, 'strict', (tx) =>
      writeRoom(tx, {
        room,
        expectedRev: 0,
        status: 'present',
        listing: { name: 'Garden', isPrivate: false, unread: 0 },
        parts: {},
        put: [],
        remove: [],
        ...w,
      }),
    );
  const read = () => db.read(ROOM_STORES, (tx) => readRoom(tx, room));

  it('come back in message order, with the parts that were written', async () => {
    await write({
      parts: { bans: new Uint8Array([0x80]) },
      put: [
        { order: order(2), row: { bytes: new Uint8Array([2]), seq: 9 } },
        { order: order(1), row: { bytes: new Uint8Array([1]) } },
      ],
    });
    const stored = await read();
    expect(stored?.row.rev).toBe(1);
    expect(stored?.parts).toEqual({ bans: new Uint8Array([0x80]) });
    expect(stored?.messages.map((m) => [m.order, m.row])).toEqual([
      [order(1), { bytes: new Uint8Array([1]) }],
      [order(2), { bytes: new Uint8Array([2]), seq: 9 }],
    ]);
  });

  it('refuse a change that was computed from an older revision, and keep what is there', async () => {
    await write({ parts: { bans: new Uint8Array([0x80]) } });
    await expect(write({ parts: { bans: new Uint8Array([0x81]) } })).rejects.toThrow(RevMovedError);
    expect((await read())?.parts.bans).toEqual(new Uint8Array([0x80]));
  });

  it('of one order are told apart by their bytes: one is removed, or all, or all of the room', async () => {
    const message = (n: number, byte: number) => ({
      order: order(n),
      row: { bytes: Uint8Array.of(byte) },
    });
    const bytes = async (): Promise<number[]> =>
      ((await read())?.messages ?? []).map(({ row }) => row.bytes[0] ?? -1);
    await write({ put: [message(6, 5), message(7, 7), message(7, 8), message(7, 7)] });
    expect(await bytes()).toEqual([5, 7, 8, 7]);
    await write({ expectedRev: 1, remove: [message(7, 7)] });
    expect(await bytes()).toEqual([5, 8, 7]);
    await write({ expectedRev: 2, remove: [message(7, 7), message(7, 8)] });
    expect(await bytes()).toEqual([5]);
    await write({ expectedRev: 3, remove: 'all', put: [message(6, 9)] });
    expect(await bytes()).toEqual([9]);
  });

  it('whose own part is no map are no room, and say so', async () => {
    const parts = Object.fromEntries(ROOM_PARTS.map((part) => [part, Uint8Array.of(0xf6)]));
    await write({ parts: { ...parts, own: Uint8Array.of(0x80) } });
    const stored = await read();
    expect(stored && slotOfStored(stored)).toEqual({
      ok: false,
      error: {
        type: 'RowsUndecodable',
        path: 'own',
        reason: 'expected a map, found an array',
      },
    });
  });

  it('store exactly the bytes of a view, not the buffer behind it', async () => {
    const view = new Uint8Array(1 << 20).subarray(0, 3);
    await write({ parts: { bans: view }, put: [{ order: order(1), row: { bytes: view } }] });
    const stored = await read();
    expect(stored?.parts.bans?.buffer.byteLength).toBe(3);
    expect(stored?.messages[0]?.row.bytes.buffer.byteLength).toBe(3);
  });
});

describe('the database', () => {
  it('of a newer version is refused, not touched', async () => {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('newer', 99);
      request.addEventListener('success', () => {
        request.result.close();
        resolve();
      });
      request.addEventListener('error', () => reject(request.error ?? new Error('open failed')));
    });
    expect(await WeirDatabase.open('newer')).toEqual({
      ok: false,
      error: { type: 'FromTheFuture' },
    });
  });

  it('is opened again, once, when the connection was lost', async () => {
    await db.close();
    expect(await raise('a')).toBe(1);
    expect((await markers()).length).toBe(1);
  });
});
