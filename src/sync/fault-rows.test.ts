import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { once } from '../../host/testing/once.ts';
import { heldRoom, heldRooms, textsIn, writeRaw } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import {
  FLUSH_STORES,
  flushNews,
  MARKER_STORES,
  markersOf,
  raiseMarker,
} from '../persist/dirty-markers.ts';
import { laneOf } from '../persist/lanes.ts';
import { loadRoom } from '../persist/loaded-room.ts';
import { attempted, durable } from '../persist/receipts.ts';
import { archiveIdentity } from '../persist/room-choice.ts';
import { changeWholeRoom } from '../persist/whole-room.ts';
import { encode, text } from '../river/cbor/codec.ts';
import { verifyingKeyOf } from '../river/keys.ts';
import { createRoom } from '../river/edits/create-room.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../river/room-contracts.ts';
import {
  roomSlot,
  type InvitationSecret,
  type OwnRoomData,
  type RoomData,
} from '../river/room-data.ts';
import { encodeOwn } from '../river/room-parts.ts';
import { timeFromMillis } from '../river/system-time.ts';
import type { RoomKey } from '../shared/brand.ts';
import { concatBytes, fromHex, toBase58, utf8 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { ok } from '../shared/result.ts';
import type { CasStore, NodeLink } from './node-link.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Recorded {
  readonly name: string;
  readonly owner_vk_base58: string;
  readonly room_slot: string;
}
const seeded = readVectors<{ rooms: Recorded[] }>('user-data').rooms.filter(({ name }) =>
  /^(small public|quiet) room$/.test(name),
);
const room = (name: string): RoomKey =>
  (seeded.find((each) => each.name === name)?.owner_vk_base58 ?? '') as RoomKey;
const GARDEN = room('small public room');
const QUIET = room('quiet room');
const KEY = `room:${GARDEN}`;

let host: RigHost;
let profile: RigProfile;

beforeEach(async () => {
  host = await RigHost.start();
  for (const each of seeded) {
    await writeRaw(host.url, `room:${each.owner_vk_base58}`, fromHex(each.room_slot));
  }
  profile = await RigProfile.open(host);
});
afterEach(() => host.dispose());

const held = async (): Promise<RoomData> => {
  const found = await heldRoom(host.url, KEY);
  if (!found) throw new Error('no room');
  return found.room;
};
/** Another client stores the room without looking. */
const storeOver = (data: RoomData): Promise<void> =>
  writeRaw(host.url, KEY, encode(roomSlot, { type: 'Present', room: data }));
const markers = () => profile.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));
const markerOf = (key: string) =>
  profile.db.read(['dirty'], (tx) => tx.objectStore('dirty').get(['rooms', key]));
const stores = (): number => host.node.metrics().storeRequests;
const ownOf = async (): Promise<OwnRoomData> => {
  const loaded = await loadRoom(profile.db, GARDEN, profile.memo);
  if (!loaded.ok || !loaded.value) throw new Error('not stored');
  return loaded.value.own;
};

/** The engine's link, with something done before each of its stores. */
async function linkWith(before: (batch: readonly CasStore[]) => Promise<unknown>) {
  const opened = await profile.link();
  if (!opened.ok) return opened;
  const link: NodeLink = opened.value;
  const casStore = link.casStore.bind(link);
  link.casStore = async (batch) => {
    await before(batch);
    return casStore(batch);
  };
  return ok(link);
}

describe('conflicts', () => {
  it('C13: eight in a row end the try as cas-exhausted: the marker waits, nothing of either side is lost, and it succeeds later', async () => {
    let conflicts = 0;
    let isBusy = true;
    const engine = profile.engine({
      openLink: () =>
        linkWith(async () => {
          if (!isBusy) return;
          conflicts += 1;
          await storeOver({ ...(await held()), lastReadMessageId: BigInt(conflicts) });
        }),
    });
    await engine.nudge('start');
    const token = await profile.page().say(GARDEN, 'in a crowd');
    const elsewhere = await profile.page().say(QUIET, 'undisturbed');
    expect((await engine.nudge('edit')).type).toBe('failed');
    expect(conflicts).toBe(8);
    const receipt = await attempted(profile.db, token);
    expect(receipt?.outcome).toBe('cas-exhausted');
    const [marker, ...others] = await markers();
    expect(others).toEqual([]);
    expect(marker).toMatchObject({ key: KEY, seq: token.seq, failure: { code: 'cas-exhausted' } });
    expect(marker?.failure?.nextTryAt).toBeGreaterThan(Date.now());
    expect((await attempted(profile.db, elsewhere))?.outcome).toBe('stored');
    expect((await held()).lastReadMessageId).toBe(8n);

    await engine.nudge('edit'); // its back-off holds
    expect(conflicts).toBe(8);
    isBusy = false;
    const later = { ...systemClock, now: () => Date.now() + 3_000 };
    expect(await profile.engine({ clock: later }).nudge('timer')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, token))?.outcome).toBe('stored');
    expect((await attempted(profile.db, token))?.outcome).toBe('cas-exhausted');
    expect(textsIn(await heldRoom(host.url, KEY))).toContain('in a crowd');
  });

  it('A26: an identity that was replaced here and is written back elsewhere is stored over, once, and never silently after that', async () => {
    await profile.engine().nudge('start');
    const own = await ownOf();
    const stale: OwnRoomData = { ...own, selfSk: systemRandom.bytes(32), selfVk: null };
    await profile.db.write(['quarantine'], 'strict', (tx) =>
      archiveIdentity(tx, GARDEN, stale, 'Replaced here', Date.now()),
    );
    const secrets: InvitationSecret[] = [[9, new Uint8Array(32).fill(9)]];
    const written = { ...(await held()), ...stale, invitationSecrets: secrets };
    await storeOver(written);
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    const after = await held();
    expect(after.selfSk).toEqual(own.selfSk);
    expect(after.invitationSecrets).toEqual(expect.arrayContaining(secrets));

    await storeOver(written); // again: somebody means it
    const token = await profile.page().say(GARDEN, 'who am I?');
    expect((await profile.engine().nudge('start')).type).toBe('failed');
    expect((await attempted(profile.db, token))?.outcome).toBe('conflict-user');
    expect((await held()).selfSk).toEqual(stale.selfSk);
    expect((await ownOf()).selfSk).toEqual(own.selfSk);
  });

  it('A39: invitation secrets of both sides are united, whichever was written first', async () => {
    const mine: InvitationSecret = [7, new Uint8Array(32).fill(7)];
    const theirs: InvitationSecret = [8, new Uint8Array(32).fill(8)];
    await storeOver({ ...(await held()), invitationSecrets: [mine] });
    const engine = profile.engine();
    await engine.nudge('start');
    await profile.page().rename(GARDEN, 'Renamed'); // the local side is an edited one
    await storeOver({ ...(await held()), invitationSecrets: [theirs] });
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect((await held()).invitationSecrets).toEqual([mine, theirs]);
    expect((await ownOf()).invitationSecrets).toEqual([mine, theirs]);
  });
});

describe('what the node holds', () => {
  it('C37: fields of a room that this version does not know survive when the room is rewritten', async () => {
    const unknown = {
      name: 'mood',
      bytes: concatBytes([encode(text, 'mood'), encode(text, 'hopeful')]),
    };
    await storeOver({ ...(await held()), unknown: [unknown] });
    const engine = profile.engine();
    await engine.nudge('start');
    await profile.page().rename(GARDEN, 'Renamed');
    await profile.page().say(GARDEN, 'and written to');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    const after = await held();
    expect(after.unknown).toEqual([unknown]);
    expect(textsIn(await heldRoom(host.url, KEY))).toContain('and written to');
  });

  it('C24: rooms that a corrupted index has lost are listed again, with nothing written over what others hold there', async () => {
    await profile.engine().nudge('start');
    const other = await heldRoom(host.url, `room:${QUIET}`);
    // the index lies beside the values, under a name that a store request can reach
    await writeRaw(host.url, '::key_index', utf8('no index'));
    expect([...(await heldRooms(host.url)).keys()]).toEqual([]);
    const before = stores();
    const worker = profile.engine(); // a worker of its own: the index is read when a link is opened
    expect(await worker.nudge('start')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(1);
    const listed = await heldRooms(host.url);
    expect([...listed.keys()].sort()).toEqual([KEY, `room:${QUIET}`].sort());
    expect(listed.get(`room:${QUIET}`)?.room).toEqual(other?.room);
  });
});

describe('a page that is gone', () => {
  it('C02: an edit whose page was killed before it told anybody is brought by the next worker', async () => {
    await profile.engine().nudge('start');
    const token = await profile.page().say(GARDEN, 'last words'); // nobody is nudged
    const before = stores();
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(1);
    expect((await attempted(profile.db, token))?.outcome).toBe('stored');
    expect(textsIn(await heldRoom(host.url, KEY))).toContain('last words');
  });
});

describe('an answer that is not the one to the question', () => {
  it.each([
    ['names another key', { type: 'wrong-key', key: `room:${QUIET}` }],
    ['counts another generation', { type: 'wrong-generation', by: 7 }],
    ['is cut short', { type: 'truncate' }],
  ] as const)('C40: that %s proves nothing, of no key', async (_, deed) => {
    const engine = profile.engine();
    await engine.nudge('start');
    const token = await profile.page().say(GARDEN, 'was it stored?');
    host.node.misbehave(once({ message: 'CasStoreRequest' }, deed));
    expect((await engine.nudge('edit')).type).toBe('failed');
    expect((await attempted(profile.db, token))?.outcome).toBe('unknown');
    expect(await durable(profile.db, token)).toBeUndefined();
    expect((await markers()).map(({ key }) => key)).toEqual([KEY]);
    host.node.misbehave(undefined);
    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, token))?.outcome).toBe('unchanged'); // it had been stored after all
  });
});

describe('the person’s key', () => {
  it('A40: stays in the listed slot of its room, where the next delegate finds it', async () => {
    const { selfSk } = await held();
    const engine = profile.engine();
    await engine.nudge('start');
    await profile.page().say(GARDEN, 'rewritten');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(selfSk?.length).toBe(32);
    expect((await heldRooms(host.url)).get(KEY)?.room.selfSk).toEqual(selfSk);
  });

  it('A41: where a slot has none it is read, and the public one is never erased', async () => {
    const { selfSk } = await held();
    const selfVk = selfSk && verifyingKeyOf(selfSk);
    await storeOver({ ...(await held()), selfSk: null, selfVk });
    const engine = profile.engine();
    await engine.nudge('start');
    await profile.db.write(MARKER_STORES, 'strict', (tx) =>
      raiseMarker(tx, 'rooms', KEY, Date.now()),
    );
    await storeOver({ ...(await held()), selfVk: null }); // somebody else has erased it
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(await held()).toMatchObject({ selfSk: null, selfVk });
  });
});

describe('tiers and flush', () => {
  /** News of a room: what others have too. */
  const news = async (nickname: string): Promise<number> => {
    const own = { ...(await ownOf()), selfNickname: nickname };
    return profile.db.write([...MARKER_STORES, 'parts'], 'relaxed', async (tx) => {
      const bytes = encodeOwn(own).slice();
      await tx.objectStore('parts').put({ room: GARDEN, part: 'own', bytes });
      return (await raiseMarker(tx, 'rooms', KEY, Date.now() - 1, 'cache')).seq;
    });
  };
  /** Long after the last store, which would otherwise be a reason to wait. */
  const flush = (at: number): Promise<boolean> =>
    profile.db.write(FLUSH_STORES, 'relaxed', (tx) => flushNews(tx, 'rooms', at));

  it('C28: a deferred snapshot is stored when the page is hidden, though there is nothing to mark read', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const seq = await news('Quiet');
    const before = stores();
    expect(await engine.nudge('timer')).toEqual({ type: 'clean' });
    expect(stores()).toBe(before); // it waits, and nobody is told that it was stored (K3)
    expect(await attempted(profile.db, { path: 'rooms', key: KEY, seq })).toBeUndefined();
    await flush(Date.now() + 3_600_000);
    const hour = { ...systemClock, now: () => Date.now() + 3_600_000 };
    expect(await profile.engine({ clock: hour }).nudge('edit')).toEqual({ type: 'clean' });
    expect(stores()).toBe(before + 1);
    expect((await held()).selfNickname).toBe('Quiet');
    expect((await durable(profile.db, { path: 'rooms', key: KEY, seq }))?.outcome).toBe('stored');
    expect(await markerOf(KEY)).toBeUndefined();
  });

  it('C27: a flush while an iteration runs makes a second one, which stores what was deferred', async () => {
    const hour = { ...systemClock, now: () => Date.now() + 3_600_000 };
    let stored = 0;
    const engine = profile.engine({
      clock: hour,
      openLink: () =>
        linkWith(async () => {
          stored += 1;
          if (stored > 1) return;
          await news('Deferred'); // after the snapshot of the first
          await flush(Date.now() + 7_200_000);
          void engine.nudge('edit');
        }),
    });
    await engine.nudge('start');
    const { iterId } = await laneOf(profile.db, 'rooms');
    await profile.page().say(GARDEN, 'an edit');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(stored).toBe(2);
    expect((await laneOf(profile.db, 'rooms')).iterId - iterId).toBe(2);
    expect((await held()).selfNickname).toBe('Deferred');
    expect(await markerOf(KEY)).toBeUndefined();
  });
});

describe('what callers are told', () => {
  it('A03 A05: one whose edit was saved is told so though a later save failed; one whose save failed is told that though a later one succeeds, and then of that', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const first = await profile.page().say(GARDEN, 'first');
    await engine.nudge('edit');
    const second = await profile.page().say(GARDEN, 'second');
    host.node.misbehave(once({ message: 'CasStoreRequest' }, { type: 'drop-answer' }));
    const drained = engine.nudge('edit');
    await vi.waitFor(
      async () => expect(textsIn(await heldRoom(host.url, KEY))).toContain('second'),
      {
        timeout: 60_000,
      },
    );
    host.node.dropConnections();
    expect((await drained).type).toBe('failed');
    expect((await attempted(profile.db, first))?.outcome).toBe('stored');
    const failure = await attempted(profile.db, second);
    expect(failure?.outcome).toBe('unknown');
    expect(await durable(profile.db, second)).toBeUndefined();

    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect(await attempted(profile.db, second)).toEqual(failure);
    expect((await durable(profile.db, second))?.outcome).toBe('unchanged');
    expect((await attempted(profile.db, first))?.outcome).toBe('stored');
    const third = await profile.page().say(GARDEN, 'third');
    expect(await attempted(profile.db, third)).toBeUndefined(); // nothing is told before it is known
  });
});

describe('a storm of edits', () => {
  const ROOMS = 50;
  const COMMITS = 10_000;
  const BOUND = 32 * 1024;

  it('C39: ten thousand over fifty rooms, and more while they are saved, cost each room at most two stores, in requests of bounded size', async () => {
    const made = Array.from({ length: ROOMS }, (_, i) => newRoom(`Room ${i}`));
    const deps = { db: profile.db, memo: profile.memo, clock: systemClock, committed: () => {} };
    for (const data of made) {
      const name = toBase58(data.ownerVk) as RoomKey;
      await changeWholeRoom(deps, name, () => ok({ type: 'store', data, joined: false }));
    }
    const perRoom = new Map<string, number>();
    let requests = 0;
    let largest = 0;
    let late = 0;
    const engine = profile.engine({
      requestBound: BOUND,
      openLink: () =>
        linkWith(async (batch) => {
          requests += 1;
          const bytes = batch.map(({ value }) => value.length);
          const size = bytes.reduce((sum, each) => sum + each, 0);
          largest = Math.max(largest, size - Math.max(...bytes));
          for (const { key } of batch) perRoom.set(key, (perRoom.get(key) ?? 0) + 1);
          while (late < COMMITS / 10) await commit(made, late++); // they come while it runs
        }),
    });
    for (let i = 0; i < COMMITS; i++) await commit(made, i);
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });

    const keys = made.map(({ ownerVk }) => `room:${toBase58(ownerVk)}`);
    expect(keys.every((key) => (perRoom.get(key) ?? 0) >= 1)).toBe(true);
    expect(Math.max(...perRoom.values())).toBeLessThanOrEqual(2);
    expect(largest).toBeLessThan(BOUND); // one value more than the bound at most
    expect(requests).toBeGreaterThan(2);
    expect(await markers()).toEqual([]);
    for (const [i, key] of keys.entries()) {
      const last = COMMITS / 10 - ROOMS + i; // of those that came while it ran
      const nickname = (await heldRoom(host.url, key))?.room.selfNickname;
      expect(nickname).toBe(`${last}`);
    }
  });

  /** A change of one room's own part, data and marker in one transaction; without a signature, so that ten thousand are quick. */
  async function commit(made: readonly RoomData[], i: number): Promise<void> {
    const data = made[i % made.length];
    if (!data) throw new Error('no room');
    const { roomState: _state, ...own } = data;
    const name = toBase58(data.ownerVk) as RoomKey;
    const bytes = encodeOwn({ ...own, selfNickname: `${i}` }).slice();
    await profile.db.write([...MARKER_STORES, 'parts'], 'relaxed', async (tx) => {
      await tx.objectStore('parts').put({ room: name, part: 'own', bytes });
      await raiseMarker(tx, 'rooms', `room:${name}`, Date.now());
    });
  }

  function newRoom(name: string): RoomData {
    const made = createRoom(
      {
        name,
        description: null,
        nickname: 'Ada',
        isPrivate: false,
        contractCodeHash: fromHex(ROOM_CONTRACT_CODE_HASH),
        createdAt: timeFromMillis(Date.now()),
      },
      systemRandom,
    );
    if (!made.ok) throw new Error(made.error.type);
    return made.value;
  }
});
