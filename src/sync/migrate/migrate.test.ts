import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heldRaw, heldRoom, heldRooms, writeRaw } from '../../../tests/support/delegate.ts';
import {
  earlier,
  heldByEarlier,
  installEarlier,
} from '../../../tests/support/earlier-delegates.ts';
import { RigHost, RigProfile } from '../../../tests/support/sync-rig.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { loadRoom } from '../../persist/loaded-room.ts';
import { decodeOutbound, encodeOutbound } from '../../persist/outbound-rows.ts';
import { generationsIn, isSealed, scopeIn } from '../../persist/migration.ts';
import { changeWholeRoom } from '../../persist/whole-room.ts';
import { decodeOwn } from '../../river/room-parts.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import { decode, encode } from '../../river/cbor/codec.ts';
import { createRoom } from '../../river/edits/create-room.ts';
import { roomSlot, type RoomData } from '../../river/room-data.ts';
import { roomsBlob } from '../../river/rooms-blob.ts';
import { EMPTY_ROOMS_META, roomsMeta, type RoomsMeta } from '../../river/rooms-meta.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { fromHex, toBase58, toHex } from '../../shared/bytes.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { ok } from '../../shared/result.ts';
import type { SyncEngine } from '../engine.ts';
import { fingerprintOf, type LegacyDelegate } from './legacy-delegates.ts';
import type { MigrateEngine, MigrateEngineDeps } from './migrate-engine.ts';
import { quarantineSource } from './record-value.ts';

// each test starts a host, and most register several delegates
vi.setConfig({ testTimeout: 60_000 });

const user = readVectors<{ legacy_rooms_data: string; rooms_meta: string; outbound_dms: string }>(
  'user-data',
);
const CODE_HASH = new Uint8Array(32).fill(7);
const TOMBSTONE = encode(roomSlot, { type: 'Tombstone' });
const memo = new SignatureMemo();

let host: RigHost;
let profile: RigProfile;

beforeEach(async () => {
  host = await RigHost.start();
  profile = await RigProfile.open(host);
});
afterEach(() => host.dispose());

const makeRoom = (name: string): RoomData => {
  const made = createRoom(
    {
      name,
      description: null,
      nickname: 'Marit',
      isPrivate: false,
      contractCodeHash: CODE_HASH,
      createdAt: timeFromMillis(1_800_000_000_000),
    },
    systemRandom,
  );
  if (!made.ok) throw new Error(made.error.type);
  return made.value;
};

const keyOf = (data: RoomData): RoomKey => toBase58(data.ownerVk) as RoomKey;
const slotOf = (room: RoomData): Uint8Array => encode(roomSlot, { type: 'Present', room });
const slots = (...rooms: RoomData[]): Record<string, Uint8Array> =>
  Object.fromEntries(rooms.map((data) => [`room:${keyOf(data)}`, slotOf(data)]));
const blob = (rooms: readonly RoomData[], left: readonly RoomData[] = []): Uint8Array =>
  encode(roomsBlob, {
    map: rooms.map((data) => [data.ownerVk, data] as const),
    currentRoomKey: null,
    removedRooms: left.map(({ ownerVk }) => ownerVk),
    notificationModes: [],
    roomOrder: [],
    unknown: [],
  });
const withIdentity = (data: RoomData): RoomData => ({
  ...data,
  selfSk: systemRandom.bytes(32),
  selfVk: null,
  selfAuthorizedMember: null,
  selfMemberInfo: null,
});

/** One worker: its engines, made anew as after a kill. */
interface Worker {
  readonly rooms: SyncEngine;
  readonly migration: MigrateEngine;
}

/** @param drains false: killed before what was imported is brought to the node */
function worker(registry: readonly LegacyDelegate[], drains = true): Worker {
  const migration: MigrateEngine = profile.migration({
    registry,
    drain: async () => {
      if (!drains) return;
      await rooms.nudge('timer');
      await profile.outbound().nudge('timer');
    },
  });
  const rooms: SyncEngine = profile.engine({ loaded: (link) => migration.begin(link) });
  return { rooms, migration };
}

async function run(registry: readonly LegacyDelegate[]): Promise<void> {
  const { rooms, migration } = worker(registry);
  await rooms.nudge('start');
  await migration.nudge('retry');
}

/** As `run` with one earlier delegate, whose list reads so. */
async function runListing(listed: readonly string[]): Promise<void> {
  const openLink: MigrateEngineDeps['openLink'] = async () => {
    const opened = await profile.legacyLink();
    if (opened.ok) opened.value.list = async () => ok(listed);
    return opened;
  };
  const drain = (): Promise<unknown> => rooms.nudge('timer');
  const migration = profile.migration({ registry: [earlier(0)], drain, openLink });
  const rooms: SyncEngine = profile.engine({ loaded: (link) => migration.begin(link) });
  await rooms.nudge('start');
  await migration.nudge('start');
}

const rows = (): Promise<GenerationRow[]> =>
  profile.db.read(['settings', 'generations'], async (tx) => {
    const scope = await scopeIn(tx);
    return scope ? (await generationsIn(tx, scope)).reverse() : [];
  });
/** Oldest first; the old value in the delegate in use is the last. */
const verdicts = async (): Promise<string[]> => (await rows()).map(({ verdict }) => verdict);
const sealed = async (): Promise<boolean> => isSealed(await rows());

async function here(data: RoomData): Promise<string | undefined> {
  const row = await profile.db.read(['rooms'], (tx) => tx.objectStore('rooms').get(keyOf(data)));
  return row?.status;
}

async function identityHere(data: RoomData): Promise<string> {
  const loaded = await loadRoom(profile.db, keyOf(data), memo);
  if (!loaded.ok || !loaded.value?.own.selfSk) throw new Error('no key');
  return toHex(loaded.value.own.selfSk);
}

const onNode = async (data: RoomData): Promise<RoomData | undefined> =>
  (await heldRoom(host.url, `room:${keyOf(data)}`))?.room;

/** What the delegate in use holds of the list of rooms. */
async function listOnNode(): Promise<RoomsMeta | undefined> {
  const held = await heldRaw(host.url, 'rooms_meta');
  const meta = held && decode(roomsMeta, held.bytes);
  return meta?.ok ? meta.value : undefined;
}

describe('the migration from earlier delegates, on a real node', () => {
  const registry = [earlier(0), earlier(1), earlier(2)];

  it('A15 A21 A34: takes over the one old value and rooms under keys of their own, and is sealed by receipts; the old data stays', async () => {
    const [old, both, recent] = [makeRoom('Old'), makeRoom('Both'), makeRoom('Recent')];
    await installEarlier(host.url, 0, { rooms_data: blob([old, both]) });
    await installEarlier(host.url, 1, {});
    await installEarlier(host.url, 2, slots(both, recent));
    const before = [await heldByEarlier(host.url, 0), await heldByEarlier(host.url, 2)];
    await run(registry);
    expect(await verdicts()).toEqual(['imported', 'empty', 'imported', 'empty']);
    expect(await sealed()).toBe(true);
    for (const data of [old, both, recent]) {
      expect(await here(data)).toBe('present');
      expect((await onNode(data))?.selfSk).toEqual(data.selfSk);
    }
    expect([await heldByEarlier(host.url, 0), await heldByEarlier(host.url, 2)]).toEqual(before);
  });

  it('moves an imported room to the contract of now, and keeps where it lay', async () => {
    const data = makeRoom('Moved');
    await installEarlier(host.url, 0, slots(data));
    await run([earlier(0)]);
    const held = await onNode(data);
    expect(held?.previousContractKey).toEqual(data.contractKey);
    expect(held?.contractKey).not.toEqual(data.contractKey);
  });

  it('takes over every room of a recorded user’s one old value and the direct messages, and what was decided about the list', async () => {
    await installEarlier(host.url, 0, {
      rooms_data: fromHex(user.legacy_rooms_data),
      outbound_dms: fromHex(user.outbound_dms),
    });
    await run([earlier(0)]);
    const decoded = decode(roomsBlob, fromHex(user.legacy_rooms_data));
    if (!decoded.ok) throw decoded.error;
    const node = await heldRooms(host.url);
    for (const [owner] of decoded.value.map) expect(node.has(`room:${toBase58(owner)}`)).toBe(true);
    expect(await verdicts()).toEqual(['imported', 'empty']);
    const list = await listOnNode();
    expect(list?.notificationModes).toEqual(decoded.value.notificationModes);
    expect(list?.roomOrder).toEqual(decoded.value.roomOrder);
    expect(list?.currentRoomKey).toBeNull();
  });

  it('A10: takes over direct messages of several generations as one, and is sealed only when the node has them', async () => {
    const dms = fromHex(user.outbound_dms);
    const all = decodeOutbound(dms);
    if (!all.ok) throw all.error;
    const [first, ...others] = all.value.entries;
    if (!first) throw new Error('no direct messages');
    const older = { ...all.value, entries: [first], hiddenThreads: [] };
    await installEarlier(host.url, 0, { outbound_dms: encodeOutbound(older) });
    await installEarlier(host.url, 1, {
      outbound_dms: encodeOutbound({ ...all.value, entries: others }),
    });
    const { rooms, migration } = worker([earlier(0), earlier(1)], false);
    await rooms.nudge('start');
    await migration.nudge('start');
    expect(await verdicts()).toEqual(['imported-local', 'imported-local', 'empty']);
    await profile.outbound().nudge('timer');
    await migration.nudge('timer');
    expect(await verdicts()).toEqual(['imported', 'imported', 'empty']);
    const held = await heldRaw(host.url, 'outbound_dms');
    expect(decodeOutbound(held?.bytes ?? new Uint8Array())).toEqual(all);
  });

  it('takes what was decided about the list from the newest that says so, in whatever order they answer, and an empty value for nothing', async () => {
    const [a, b, c] = ['A', 'B', 'C'].map((name) => makeRoom(name).ownerVk);
    if (!a || !b || !c) throw new Error('no rooms');
    const meta = (more: Partial<RoomsMeta>): Uint8Array =>
      encode(roomsMeta, { ...EMPTY_ROOMS_META, ...more });
    const oldest = {
      notificationModes: [
        [a, 'Muted'],
        [b, 'Muted'],
      ],
      roomOrder: [b, a],
    } as const;
    await installEarlier(host.url, 0, { rooms_meta: meta(oldest) });
    await installEarlier(host.url, 1, { rooms_meta: meta({}) });
    const registry = [earlier(0), earlier(1), earlier(2)];
    await run(registry); // the newest does not answer yet
    expect(await verdicts()).toEqual(['imported', 'imported', 'unreachable', 'empty']);
    expect(await listOnNode()).toMatchObject({ roomOrder: [b, a] });
    const newest = {
      notificationModes: [
        [b, 'All'],
        [c, 'Muted'],
      ],
      roomOrder: [c],
    } as const;
    await installEarlier(host.url, 2, { rooms_meta: meta(newest) });
    await run(registry);
    expect(await sealed()).toBe(true);
    const list = await listOnNode();
    expect(list?.roomOrder).toEqual([c]);
    expect(new Map(list?.notificationModes.map(([room, mode]) => [toBase58(room), mode]))).toEqual(
      new Map([
        [toBase58(a), 'Muted'],
        [toBase58(b), 'All'],
        [toBase58(c), 'Muted'],
      ]),
    );
  });

  it('takes over what an older version of Weir has kept for want of a place, though nobody answers any more', async () => {
    const [a, b] = [makeRoom('A').ownerVk, makeRoom('B').ownerVk];
    await installEarlier(host.url, 0, { rooms_meta: encode(roomsMeta, EMPTY_ROOMS_META) });
    await run([earlier(0)]);
    const bytes = encode(roomsMeta, {
      ...EMPTY_ROOMS_META,
      notificationModes: [[a, 'Muted']],
      roomOrder: [b, a],
    });
    const [row] = await rows();
    if (!row) throw new Error('no generation');
    // as schema 3 had it
    const owed = { key: 'rooms_meta', hash: '00', held: 'other', rank: 0, fate: 'owed' } as const;
    await profile.db.write(['generations', 'quarantine'], 'strict', async (tx) => {
      const found = [owed as unknown as FoundValue];
      await tx.objectStore('generations').put({ ...row, verdict: 'imported-local', found });
      const source = quarantineSource(row);
      const aside = { source, key: 'rooms_meta', reason: 'it waits', bytes, at: 1, resolved: true };
      await tx.objectStore('quarantine').put(aside);
    });
    expect(await sealed()).toBe(false);
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['imported', 'empty']);
    expect(await listOnNode()).toMatchObject({
      roomOrder: [b, a],
      notificationModes: [[a, 'Muted']],
    });
  });

  it('an earlier delegate that the node does not have is unreachable, with a reason and a next try, and nothing is sealed', async () => {
    await run([earlier(0)]);
    const [row] = await rows();
    expect([row?.verdict, row?.attempts]).toEqual(['unreachable', 1]);
    expect(row?.reason).toBeTruthy();
    expect(row?.nextTryAt).toBeGreaterThan(Date.now());
    expect(await sealed()).toBe(false);
    await worker([earlier(0)]).migration.nudge('start');
    expect((await rows())[0]?.attempts).toBe(1); // a reload is no reason to ask again
    await worker([earlier(0)]).migration.nudge('retry');
    expect((await rows())[0]?.attempts).toBe(2);
  });

  it('A08: where the delegate in use has rooms, no earlier one is asked', async () => {
    const [mine, old] = [makeRoom('Mine'), makeRoom('Deleted long ago')];
    await writeRaw(host.url, `room:${keyOf(mine)}`, slotOf(mine));
    await installEarlier(host.url, 0, slots(old));
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['superseded', 'superseded']);
    expect(await here(old)).toBeUndefined();
  });

  it('a room that is made here before the node was ever seen does not keep the earlier ones from being asked', async () => {
    const [mine, old] = [makeRoom('Made offline'), makeRoom('Old')];
    await installEarlier(host.url, 0, slots(old));
    const deps = { db: profile.db, memo, clock: systemClock, committed: () => {} };
    const change = { type: 'store', data: mine, joined: false } as const;
    await changeWholeRoom(deps, keyOf(mine), () => ok(change));
    await run([earlier(0)]);
    expect([await here(mine), await here(old)]).toEqual(['present', 'present']);
    expect((await heldRooms(host.url)).size).toBe(2);
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('explodes the one old value in the delegate in use, and asks nobody else', async () => {
    const [one, two, gone] = [makeRoom('One'), makeRoom('Two'), makeRoom('Gone')];
    const value = blob([one, two], [gone]);
    await writeRaw(host.url, 'rooms_data', value);
    await installEarlier(host.url, 0, slots(gone));
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['superseded', 'imported']);
    expect([await here(one), await here(two), await here(gone)]).toEqual([
      'present',
      'present',
      undefined,
    ]);
    expect((await heldRooms(host.url)).size).toBe(2);
    expect(await sealed()).toBe(true);
  });

  it('C22: where the database was evicted, the rooms of the node are loaded and nothing is imported over them', async () => {
    const data = makeRoom('Kept');
    await installEarlier(host.url, 0, slots(data));
    await run([earlier(0)]);
    profile = await RigProfile.open(host);
    await run([earlier(0)]);
    expect(await here(data)).toBe('present');
    expect(await verdicts()).toEqual(['superseded', 'superseded']);
    expect((await heldRoom(host.url, `room:${keyOf(data)}`))?.generation).toBe(1n);
  });

  it('C23: another, empty store at the same target gets the imported rooms again, from here', async () => {
    const data = makeRoom('Kept');
    await installEarlier(host.url, 0, slots(data));
    await run([earlier(0)]);
    await host.wipe();
    await run([earlier(0)]);
    expect((await onNode(data))?.selfSk).toEqual(data.selfSk);
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('C25: a value that is no room is set aside with the reason and stays open; all others are taken over', async () => {
    const good = makeRoom('Good');
    const bad = makeRoom('Bad');
    const other = makeRoom('Other');
    await installEarlier(host.url, 0, {
      ...slots(good),
      [`room:${keyOf(bad)}`]: fromHex('a0'),
      [`room:${keyOf(other)}`]: slotOf(bad), // under another room's name
    });
    await run([earlier(0)]);
    const [row] = await rows();
    expect(row?.verdict).toBe('partial');
    expect(row?.found.map(({ fate }) => fate).sort()).toEqual([
      'imported',
      'set-aside',
      'set-aside',
    ]);
    expect((await onNode(good))?.selfSk).toEqual(good.selfSk);
    expect(await sealed()).toBe(false);
    const kept = await profile.db.read(['quarantine'], (tx) =>
      tx
        .objectStore('quarantine')
        .get([`earlier-delegate ${row?.delegate} ${row?.target}`, `room:${keyOf(bad)}`]),
    );
    expect(kept?.bytes).toEqual(fromHex('a0'));
  });

  it('A11 C29: with another registry the migration begins anew, and with the same it does not', async () => {
    await installEarlier(host.url, 0, {});
    await run([earlier(0)]);
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['empty', 'empty']);
    await run([earlier(0), earlier(1)]);
    expect(await verdicts()).toEqual(['empty', 'unreachable', 'empty']);
    expect((await rows())[0]?.fingerprint).toBe(fingerprintOf([earlier(0), earlier(1)]));
  });

  it('C30: a generation that answers only after the others were finished is taken over, and nothing is sealed before', async () => {
    const [first, late] = [makeRoom('First'), makeRoom('Late')];
    await installEarlier(host.url, 1, slots(first));
    await run([earlier(0), earlier(1)]);
    expect(await verdicts()).toEqual(['unreachable', 'imported', 'empty']);
    expect(await sealed()).toBe(false);
    await installEarlier(host.url, 0, slots(late));
    await run([earlier(0), earlier(1)]);
    expect(await verdicts()).toEqual(['imported', 'imported', 'empty']);
    expect(await here(late)).toBe('present');
    expect(await sealed()).toBe(true);
  });

  it('C31: one that lists and never answers stays partial and is tried again', async () => {
    const data = makeRoom('Silent');
    await installEarlier(host.url, 0, slots(data));
    host.node.misbehave({
      seed: 1,
      rules: [
        { match: { message: 'GetRequest', keyPrefix: 'rooms_data' }, do: { type: 'drop-answer' } },
      ],
    });
    await run([earlier(0)]);
    const [row] = await rows();
    expect([row?.verdict, row?.nextTryAt !== undefined]).toEqual(['partial', true]);
    expect(await sealed()).toBe(false);
    host.node.misbehave(undefined);
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('A15 C32: the one old value is found though the delegate’s list is lost', async () => {
    const data = makeRoom('Unlisted');
    await installEarlier(host.url, 0, { rooms_data: blob([data]) });
    await runListing([]);
    expect(await here(data)).toBe('present');
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('a list that is longer than anybody’s is not followed, and its generation stays open with that reason', async () => {
    await installEarlier(host.url, 0, {});
    await runListing(
      Array.from({ length: 4_097 }, () => `room:${toBase58(systemRandom.bytes(32))}`),
    );
    const [row] = await rows();
    expect([row?.verdict, row?.reason]).toEqual([
      'partial',
      'it lists 4097 rooms, and at most 4096 can be taken over',
    ]);
  });

  it('A28 A36 A38 C33: generations that disagree end the same whichever answers first, and no key is lost', async () => {
    const base = [makeRoom('Identity'), makeRoom('Left'), makeRoom('Back')] as const;
    const [identity, left, back] = base;
    const [older, newest] = [withIdentity(identity), withIdentity(identity)];
    const backAgain = withIdentity(back);
    const values: Record<string, Uint8Array>[] = [
      { rooms_data: blob([older, left, back]) },
      { rooms_data: blob([identity, left], [back]) },
      { ...slots(newest, backAgain), [`room:${keyOf(left)}`]: TOMBSTONE },
    ];
    const outcomes: unknown[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      await host.dispose();
      host = await RigHost.start();
      profile = await RigProfile.open(host);
      for (const n of order) {
        await installEarlier(host.url, n, values[n] ?? {});
        await run(registry);
      }
      expect(await sealed()).toBe(true);
      outcomes.push([
        await identityHere(identity),
        await identityHere(back),
        await here(left),
        await here(back),
        await onNode(left),
      ]);
      const archived = await profile.db.read(['quarantine'], (tx) =>
        tx.objectStore('quarantine').getAll(),
      );
      const keys = archived.flatMap(({ bytes }) => {
        const own = decodeOwn(bytes);
        return own.ok && own.value.selfSk ? [toHex(own.value.selfSk)] : [];
      });
      for (const lost of [older, identity, back]) {
        expect(keys).toContain(toHex(lost.selfSk as Uint8Array));
      }
    }
    const expected = [
      toHex(newest.selfSk as Uint8Array),
      toHex(backAgain.selfSk as Uint8Array),
      'left',
      'present',
      undefined,
    ];
    expect(outcomes).toEqual([expected, expected, expected]);
  });

  it('A16 A17 A22 C34: killed between any two steps, it ends as if it had not been', async () => {
    const [one, two] = [makeRoom('One'), makeRoom('Two')];
    await installEarlier(host.url, 0, slots(one, two));
    await worker([earlier(0)]).rooms.nudge('start'); // decided, and killed
    expect(await verdicts()).toEqual(['unknown', 'unknown']);
    await worker([earlier(0)], false).migration.nudge('start'); // imported, and killed
    expect(await verdicts()).toEqual(['imported-local', 'empty']);
    expect(await sealed()).toBe(false);
    expect((await heldRooms(host.url)).size).toBe(0);
    await worker([earlier(0)]).rooms.nudge('start'); // brought, and killed before that was noticed
    expect((await heldRooms(host.url)).size).toBe(2);
    expect(await verdicts()).toEqual(['imported-local', 'empty']);
    await worker([earlier(0)]).migration.nudge('timer');
    expect(await verdicts()).toEqual(['imported', 'empty']);
    expect(await sealed()).toBe(true);
  });

  it('C34: killed in the middle of a generation, what was taken in is not taken in again', async () => {
    const [one, two] = [makeRoom('One'), makeRoom('Two')];
    await installEarlier(host.url, 0, slots(one, two));
    const { rooms, migration } = worker([earlier(0)]);
    await rooms.nudge('start');
    let told = 0;
    const killed = profile.migration({
      registry: [earlier(0)],
      drain: async () => {},
      tell: (message) => {
        if (message.type === 'rooms-changed' && ++told === 1) throw new Error('killed');
      },
    });
    await killed.nudge('start');
    const before = await rows();
    expect([before[0]?.verdict, before[0]?.found.length]).toEqual(['partial', 1]);
    await migration.nudge('retry');
    const after = await rows();
    expect(after[0]?.found[0]).toEqual(before[0]?.found[0]);
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('C35: one room that the node refuses keeps its generation open, and no other', async () => {
    const [good, full] = [makeRoom('Good'), makeRoom('Too much')];
    await installEarlier(host.url, 0, slots(full));
    await installEarlier(host.url, 1, slots(good));
    const match = { message: 'CasStoreRequest', keyPrefix: `room:${keyOf(full)}` } as const;
    const { rooms, migration } = worker([earlier(0), earlier(1)], false);
    await rooms.nudge('start');
    await migration.nudge('start');
    host.node.misbehave({ seed: 1, rules: [{ match, do: { type: 'fill-quota' } }] });
    await profile.engine({ requestBound: 1 }).nudge('timer');
    await migration.nudge('timer');
    expect(await verdicts()).toEqual(['imported-local', 'imported', 'empty']);
    expect(await sealed()).toBe(false);
    const [marker] = await profile.db.read(['dirty'], (tx) => tx.objectStore('dirty').getAll());
    expect([marker?.key, marker?.failure?.code]).toEqual([`room:${keyOf(full)}`, 'store-refused']);
    host.node.misbehave(undefined);
    await run([earlier(0), earlier(1)]);
    expect(await sealed()).toBe(true);
  });

  it('A25 C41: while a listed room does not load, nothing is decided, asked or sealed', async () => {
    const data = makeRoom('Unreadable');
    await writeRaw(host.url, `room:${keyOf(data)}`, fromHex('a0'));
    await run([earlier(0)]);
    expect(await rows()).toEqual([]);
    expect(await sealed()).toBe(false);
    await writeRaw(host.url, `room:${keyOf(data)}`, slotOf(data));
    await run([earlier(0)]);
    expect(await verdicts()).toEqual(['superseded', 'superseded']);
  });

  it('a room that was left here after it was imported stays left when an older copy turns up', async () => {
    const data = makeRoom('Left here');
    await installEarlier(host.url, 1, slots(data));
    await run([earlier(0), earlier(1)]);
    const deps = { db: profile.db, memo, clock: systemClock, committed: () => {} };
    await changeWholeRoom(deps, keyOf(data), () => ok({ type: 'leave' }));
    await installEarlier(host.url, 0, slots(data));
    await run([earlier(0), earlier(1)]);
    expect([await here(data), await onNode(data)]).toEqual(['left', undefined]);
    expect(await sealed()).toBe(true);
  });

  it('A17: where River was interrupted, only that generation is asked, and a room that was left since stays left with its key', async () => {
    const [gone, missed] = [makeRoom('Left since'), makeRoom('Missed')];
    const wip = `__migrate_pred_wip__:${toHex(earlier(1).key.key)}`;
    await writeRaw(host.url, `room:${keyOf(gone)}`, TOMBSTONE);
    await writeRaw(host.url, wip, fromHex('31'));
    await installEarlier(host.url, 0, slots(makeRoom('Not asked for')));
    await installEarlier(host.url, 1, slots(gone, missed));
    await run([earlier(0), earlier(1)]);
    expect(await verdicts()).toEqual(['superseded', 'imported', 'superseded']);
    expect([await here(gone), await here(missed)]).toEqual(['left', 'present']);
    expect(await identityHere(gone)).toBe(toHex(gone.selfSk as Uint8Array));
    expect((await heldRaw(host.url, `room:${keyOf(gone)}`))?.bytes).toEqual(TOMBSTONE);
    expect([...(await heldRooms(host.url)).keys()]).toEqual([`room:${keyOf(missed)}`]);
  });

  it('without a node it waits, with a reason, and keeps nothing else from working', async () => {
    await installEarlier(host.url, 0, slots(makeRoom('Away')));
    const { rooms, migration } = worker([earlier(0)]);
    await rooms.nudge('start');
    await host.stop();
    expect((await migration.nudge('start')).type).toBe('failed');
    expect(await verdicts()).toEqual(['unknown', 'unknown']);
    await host.start();
    await migration.nudge('node-back');
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });

  it('A35: a browser whose storage is full says so, and goes on when there is room', async () => {
    const data = makeRoom('Full');
    await installEarlier(host.url, 0, slots(data));
    const { rooms, migration } = worker([earlier(0)]);
    await rooms.nudge('start');
    const write = profile.db.write.bind(profile.db);
    let full = true;
    profile.db.write = (stores, durability, body) =>
      full && stores.includes('parts')
        ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
        : write(stores, durability, body);
    await migration.nudge('start');
    const [row] = await rows();
    expect([row?.verdict, row?.reason]).toEqual([
      'partial',
      'this browser’s storage failed (it is full)',
    ]);
    full = false;
    await migration.nudge('retry');
    expect(await verdicts()).toEqual(['imported', 'empty']);
  });
});
