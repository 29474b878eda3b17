import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { WeirDatabase, type WriteTx } from '../../src/persist/database.ts';
import { readRoom } from '../../src/persist/room-store.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { openTestDatabase } from '../../src/persist/testing.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { keyName } from './key-order.ts';
import { Scheduler, type Actor } from './scheduler.ts';
import { SimStorage } from './sim-storage.ts';

const someone = (): Actor => ({ name: 'someone', alive: true });

async function simulated(): Promise<{
  db: WeirDatabase;
  storage: SimStorage;
  scheduler: Scheduler;
  actor: Actor;
}> {
  const scheduler = new Scheduler(new Dice(1));
  const storage = new SimStorage(scheduler);
  const actor = someone();
  const opened = await WeirDatabase.open('sim', {}, async () => storage.connect(actor));
  if (!opened.ok) throw new Error(opened.error.type);
  return { db: opened.value, storage, scheduler, actor };
}

/** Lets everything happen that can. */
async function rest(scheduler: Scheduler): Promise<void> {
  while (await scheduler.advance());
}

const ROOMS = ['a', 'b', 'b\0', ''] as RoomKey[];

/** A key of messages: a room, and binary whose order matters; fake-indexeddb takes empty binary for no key. */
const messageKey = (dice: Dice): [RoomKey, Uint8Array<ArrayBuffer>] => [
  dice.pick(ROOMS),
  Uint8Array.from({ length: dice.between(1, 3) }, () => dice.pick([0, 1, 2, 255])),
];

/** A few operations in one transaction; what came of each, errors by their name. */
async function transaction(db: WeirDatabase, seed: number): Promise<unknown> {
  const dice = new Dice(seed);
  const seen: unknown[] = [];
  const operate = async (tx: WriteTx): Promise<void> => {
    for (let i = 0; i < 4; i++) seen.push(await operation(tx, dice));
    if (dice.chance(0.15)) throw new Error('undone');
  };
  try {
    await db.write(['messages', 'receipts', 'counters'], 'strict', operate);
  } catch (error) {
    seen.push((error as Error).name);
  }
  return seen;
}

function operation(tx: WriteTx, dice: Dice): Promise<unknown> {
  const [messages, receipts, counters] = [
    tx.objectStore('messages'),
    tx.objectStore('receipts'),
    tx.objectStore('counters'),
  ];
  const key = messageKey(dice);
  const range = IDBKeyRange.bound([key[0]], [key[0], []], dice.chance(0.3), dice.chance(0.3));
  const receipt = {
    path: 'rooms' as const,
    key: dice.pick(ROOMS),
    iterId: dice.below(3),
    target: 't',
    coverage: dice.below(9),
    outcome: 'stored' as const,
    generation: BigInt(dice.below(3)),
    at: 1,
  };
  switch (dice.below(11)) {
    case 0:
    case 1:
      return messages.put({ bytes: dice.bytes(2), seq: dice.below(9) }, key);
    case 2:
      return messages.get(key);
    case 3:
      return messages.getAll(range);
    case 4:
      return messages.getAllKeys(range);
    case 5:
      return messages.delete(dice.chance(0.5) ? range : key);
    case 6:
      return receipts.put(receipt);
    case 7:
      return receipts.add(receipt);
    case 8:
      return receipts.getAll(IDBKeyRange.bound(['rooms'], ['rooms', []]));
    case 9:
      return counters.put(dice.below(100), 'seq');
    default:
      return Promise.all([counters.get('seq'), messages.count(), receipts.getAllKeys()]);
  }
}

describe('the simulated database', () => {
  it('answers and ends transactions as IndexedDB does, whatever is asked', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const real = await openTestDatabase();
      const { db, scheduler } = await simulated();
      for (let i = 0; i < 12; i++) {
        const expected = await transaction(real, 100 * seed + i);
        const running = transaction(db, 100 * seed + i);
        await rest(scheduler);
        expect(await running, `seed ${seed}, transaction ${i}`).toEqual(expected);
      }
      await real.close();
    }
  });

  it('orders keys as IndexedDB does', () => {
    const dice = new Dice(5);
    const some = (): IDBValidKey => {
      const kind = dice.below(4);
      if (kind === 0) return dice.pick([0, 1, 255, 256, 1e9]);
      if (kind === 1) return dice.pick(['', '\0', '\x01', 'a', 'a\0', 'ab', 'é', '\uffff']);
      if (kind === 2) return dice.bytes(dice.between(1, 3)).buffer as ArrayBuffer;
      return dice.list(dice.below(3), some);
    };
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [some(), some()];
      const [x, y] = [keyName(a), keyName(b)];
      expect(x < y ? -1 : x > y ? 1 : 0, JSON.stringify([a, b])).toBe(indexedDB.cmp(a, b));
    }
  });

  it('keeps copies: what is changed after it was stored or read changes nothing', async () => {
    const { db, scheduler, storage } = await simulated();
    const row = { bytes: Uint8Array.of(1), seq: 1 };
    const key: [RoomKey, Uint8Array<ArrayBuffer>] = ['a' as RoomKey, Uint8Array.of(7)];
    const writing = db.write(
      ['messages'],
      'strict',
      async (tx) => void (await tx.objectStore('messages').put(row, key)),
    );
    await rest(scheduler);
    await writing;
    row.bytes[0] = 2;
    const reading = db.read(['rooms', 'parts', 'messages'], async (tx) => {
      const read = await tx.objectStore('messages').get(key);
      if (read) read.bytes[0] = 3;
      return readRoom(tx, 'a' as RoomKey);
    });
    await rest(scheduler);
    await reading;
    expect(storage.rows('messages').all()[0]?.value).toEqual({ bytes: Uint8Array.of(1), seq: 1 });
  });

  it('refuses what is asked of a transaction after it has waited for anything else', async () => {
    const { db, scheduler, actor } = await simulated();
    const late = db.read(['counters'], async (tx) => {
      await tx.objectStore('counters').get('seq');
      await scheduler.clockOf(actor).sleep(5);
      return tx.objectStore('counters').get('seq');
    });
    const failed = expect(late).rejects.toThrow('it is over');
    await rest(scheduler);
    await failed;
  });

  it('undoes what a killed actor had not committed, and lets the next one in', async () => {
    const { db, storage, scheduler, actor } = await simulated();
    const put = (seq: number) =>
      db.write(
        ['counters'],
        'strict',
        async (tx) => void (await tx.objectStore('counters').put(seq, 'seq')),
      );
    void put(1);
    await rest(scheduler);
    void put(2);
    await scheduler.advance(); // begun, not committed
    expect(storage.rows('counters').all()[0]?.value).toBe(2);
    actor.alive = false;
    storage.killed(actor);
    expect(storage.rows('counters').all()[0]?.value).toBe(1);
    const heir = someone();
    const opened = await WeirDatabase.open('sim', {}, async () => storage.connect(heir));
    if (!opened.ok) throw new Error(opened.error.type);
    const read = opened.value.read(['counters'], (tx) => tx.objectStore('counters').get('seq'));
    await rest(scheduler);
    expect(await read).toBe(1);
  });

  it('loses with the power what was written relaxed since the last strict write, and nothing else', async () => {
    const { db, storage, scheduler } = await simulated();
    const put = async (seq: number, durability: 'strict' | 'relaxed') => {
      void db.write(
        ['counters'],
        durability,
        async (tx) => void (await tx.objectStore('counters').put(seq, 'seq')),
      );
      await rest(scheduler);
    };
    await put(1, 'relaxed');
    await put(2, 'strict');
    await put(3, 'relaxed');
    await put(4, 'relaxed');
    storage.powerLost();
    expect(storage.rows('counters').all()[0]?.value).toBe(2);
  });

  it('writes nothing of a transaction that finds the disk full, and says so', async () => {
    const { db, storage, scheduler } = await simulated();
    storage.full = 1;
    const writing = db.write(
      ['counters'],
      'strict',
      async (tx) => void (await tx.objectStore('counters').put(1, 'seq')),
    );
    const failed = expect(writing).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await rest(scheduler);
    await failed;
    expect(storage.rows('counters').all()).toEqual([]);
  });
});
