import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldRoom, seedUser, textsIn, writeRaw } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { awaitingRoom, isAwaiting } from '../persist/awaiting-room.ts';
import { markersOf } from '../persist/dirty-markers.ts';
import { loadRoom, type LoadedRoom } from '../persist/loaded-room.ts';
import { REPLACED_IDENTITY } from '../persist/room-choice.ts';
import { attempted } from '../persist/receipts.ts';
import type { Token } from '../persist/dirty-markers.ts';
import { changeWholeRoom, type WholeRoomChange } from '../persist/whole-room.ts';
import { encode } from '../river/cbor/codec.ts';
import { createRoom } from '../river/edits/create-room.ts';
import { roomSlot, type RoomData } from '../river/room-data.ts';
import { decodeOwn } from '../river/room-parts.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { timeFromMillis } from '../river/system-time.ts';
import type { RoomKey } from '../shared/brand.ts';
import { fromHex, toBase58 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { ok } from '../shared/result.ts';

const user = readVectors<{
  rooms: { name: string; owner_vk_base58: string; room_slot: string }[];
  tombstone: { room_slot: string };
}>('user-data');
const garden = user.rooms.find((each) => each.name === 'small public room');
const GARDEN = garden?.owner_vk_base58 as RoomKey;
const TOMBSTONE = fromHex(user.tombstone.room_slot);
const CODE_HASH = ROOM_CONTRACT_CODE_HASH;

let host: RigHost;
let profile: RigProfile;
const memo = new SignatureMemo();

beforeEach(async () => {
  host = await RigHost.start();
  await seedUser(host.url);
  profile = await RigProfile.open(host);
});
afterEach(() => host.dispose());

async function change(
  room: RoomKey,
  compose: (stored: LoadedRoom | undefined) => WholeRoomChange,
): Promise<Token> {
  const deps = { db: profile.db, memo, clock: systemClock, committed: () => {} };
  const done = await changeWholeRoom(deps, room, (stored) => ok(compose(stored)));
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

const leave = (room: RoomKey): Promise<Token> => change(room, () => ({ type: 'leave' }));
const comeBack = (room: RoomKey): Promise<Token> =>
  change(room, (stored) => {
    if (!stored) throw new Error('not stored');
    return { type: 'come-back', own: stored.own, delta: null };
  });

async function stored(room: RoomKey): Promise<LoadedRoom> {
  const loaded = await loadRoom(profile.db, room, memo);
  if (!loaded.ok || !loaded.value) throw new Error('not stored');
  return loaded.value;
}

const held = async (room: RoomKey): Promise<RoomData | undefined> => {
  const found = await heldRoom(host.url, `room:${room}`);
  return found?.room;
};
const markers = () => profile.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));
const outcome = async (token: Token): Promise<string | undefined> =>
  (await attempted(profile.db, token))?.outcome;

const fresh = (isPrivate = false): RoomData => {
  const made = createRoom(
    {
      name: 'Weir keepers',
      description: null,
      nickname: 'Theo',
      isPrivate,
      contractCodeHash: CODE_HASH,
      createdAt: timeFromMillis(1_800_000_000_000),
    },
    systemRandom,
  );
  if (!made.ok) throw new Error(made.error.type);
  return made.value;
};

describe('decisions about whole rooms, on a real node', () => {
  it.each([false, true])(
    'a new room (private: %s) is stored there as it was made',
    async (isPrivate) => {
      const data = fresh(isPrivate);
      const room = toBase58(data.ownerVk) as RoomKey;
      const token = await change(room, () => ({ type: 'store', data, joined: false }));
      await profile.engine().nudge('edit');
      expect(await outcome(token)).toBe('stored');
      expect(encode(roomSlot, { type: 'Present', room: (await held(room)) as RoomData })).toEqual(
        encode(roomSlot, { type: 'Present', room: data }),
      );
    },
  );

  it('C17: a room that was left is a tombstone there, and its rows and key stay here', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const token = await leave(GARDEN);
    await engine.nudge('edit');
    expect([await outcome(token), await held(GARDEN)]).toEqual(['stored', undefined]);
    const { status, own } = await stored(GARDEN);
    expect([status, own.selfSk?.length]).toEqual(['left', 32]);
    await profile.engine().nudge('start');
    expect([(await stored(GARDEN)).status, await markers()]).toEqual(['left', []]);
  });

  it('A07: leaving wins over news of the room, whoever wrote them', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await writeRaw(
      host.url,
      `room:${GARDEN}`,
      encode(roomSlot, { type: 'Present', room: fresh() }),
    );
    const token = await leave(GARDEN);
    await profile.engine().nudge('edit');
    expect([await outcome(token), await held(GARDEN)]).toEqual(['stored', undefined]);
  });

  it('C16 C43: coming back wins over the tombstone, and so does coming back before the leave has left', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await leave(GARDEN);
    await engine.nudge('edit');
    const token = await comeBack(GARDEN);
    await profile.engine().nudge('edit');
    expect([await outcome(token), (await held(GARDEN)) !== undefined]).toEqual(['stored', true]);
    await leave(GARDEN);
    const again = await comeBack(GARDEN);
    await engine.nudge('edit');
    expect([await outcome(again), (await held(GARDEN)) !== undefined]).toEqual(['unchanged', true]);
    expect((await stored(GARDEN)).status).toBe('present');
  });

  it('a room that was left everywhere and joined again elsewhere is here again', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await leave(GARDEN);
    await engine.nudge('edit');
    await writeRaw(host.url, `room:${GARDEN}`, fromHex(garden?.room_slot ?? ''));
    await profile.engine().nudge('retry');
    expect((await stored(GARDEN)).status).toBe('present');
  });

  it('a message that was written before a room was left is in it when it is joined again elsewhere', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await profile.page().say(GARDEN, 'Before I go');
    await leave(GARDEN);
    await engine.nudge('edit');
    expect(await held(GARDEN)).toBeUndefined();
    await writeRaw(host.url, `room:${GARDEN}`, fromHex(garden?.room_slot ?? ''));
    await profile.engine().nudge('retry');
    expect((await stored(GARDEN)).status).toBe('present');
    expect(textsIn(await heldRoom(host.url, `room:${GARDEN}`))).toContain('Before I go');
  });

  it('C43: a tombstone there takes a room away that nobody has come back to here', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await comeBack(GARDEN);
    await engine.nudge('edit');
    await writeRaw(host.url, `room:${GARDEN}`, TOMBSTONE);
    await profile.engine().nudge('retry');
    expect((await stored(GARDEN)).status).toBe('left');
  });

  it('A18 A19: an invitation accepted here for a room that the node holds never replaces the identity there; its key is archived', async () => {
    const before = await held(GARDEN);
    const selfSk = systemRandom.bytes(32);
    const data = awaitingRoom({
      owner: before?.ownerVk as Uint8Array,
      selfSk,
      authorizedMember: null,
      inviteChain: [],
      memberInfo: null,
      nickname: 'Theo',
      secrets: [],
      contractCodeHash: CODE_HASH,
    });
    await change(GARDEN, () => ({ type: 'store', data, joined: true }));
    expect(isAwaiting((await stored(GARDEN)).state)).toBe(true);
    await profile.engine().nudge('edit');
    const after = await stored(GARDEN);
    expect([after.status, isAwaiting(after.state)]).toEqual(['present', false]);
    expect(after.own.selfSk).toEqual(before?.selfSk);
    expect((await held(GARDEN))?.selfSk).toEqual(before?.selfSk);
    const archived = await profile.db.read(['quarantine'], (tx) =>
      tx.objectStore('quarantine').getAll(),
    );
    expect(archived.map(({ source, resolved }) => [source, resolved])).toEqual([
      [REPLACED_IDENTITY, true],
    ]);
    const own = decodeOwn(archived[0]?.bytes ?? new Uint8Array());
    expect(own.ok && own.value.selfSk).toEqual(selfSk);
  });

  it('a room that is awaited is stored there, and another browser takes it over as it is', async () => {
    const { ownerVk } = fresh();
    const room = toBase58(ownerVk) as RoomKey;
    const selfSk = systemRandom.bytes(32);
    const data = awaitingRoom({
      owner: ownerVk,
      selfSk,
      authorizedMember: null,
      inviteChain: [],
      memberInfo: null,
      nickname: 'Theo',
      secrets: [[0, new Uint8Array(32).fill(3)]],
      contractCodeHash: CODE_HASH,
    });
    await change(room, () => ({ type: 'store', data, joined: true }));
    await profile.engine().nudge('edit');
    profile = await RigProfile.open(host);
    await profile.engine().nudge('start');
    const { state, own } = await stored(room);
    expect([isAwaiting(state), own.selfSk, own.selfNickname]).toEqual([true, selfSk, 'Theo']);
    expect(await markers()).toEqual([]);
  });
});
