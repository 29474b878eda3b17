import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { once } from '../../host/testing/once.ts';
import { heldRaw, seedUser, writeRaw } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { markersOf, type Token } from '../persist/dirty-markers.ts';
import {
  NO_PREFERENCES,
  PREFERENCE_EDIT_STORES,
  preferencesIn,
  ROOMS_META,
  setMode,
  setOrder,
  type ListPreferences,
} from '../persist/list-preferences.ts';
import { decodePreferences } from '../persist/preferences-value.ts';
import { attempted, durable } from '../persist/receipts.ts';
import { changeWholeRoom } from '../persist/whole-room.ts';
import { decode, encode } from '../river/cbor/codec.ts';
import { Writer } from '../river/cbor/writer.ts';
import { EMPTY_ROOMS_META, roomsMeta, type NotificationMode } from '../river/rooms-meta.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { fromBase58, fromHex } from '../shared/bytes.ts';
import type { RoomKey } from '../shared/brand.ts';
import { systemClock, type Clock } from '../shared/clock.ts';
import { ok } from '../shared/result.ts';

vi.setConfig({ testTimeout: 30_000 });

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const rooms = user.rooms.map((each) => each.owner_vk_base58 as RoomKey);
const [A, B, C] = rooms as [RoomKey, RoomKey, RoomKey];
const ownerOf = (room: RoomKey): VerifyingKey => fromBase58(room) as VerifyingKey;

let host: RigHost;
let profile: RigProfile;

beforeEach(async () => {
  host = await RigHost.start();
  await seedUser(host.url);
  profile = await RigProfile.open(host);
});
afterEach(() => host.dispose());

const mute = (of: RigProfile, room: RoomKey, mode: NotificationMode = 'Muted'): Promise<Token> =>
  of.db.write(PREFERENCE_EDIT_STORES, 'strict', (tx) => setMode(tx, room, mode, Date.now()));
const sort = (of: RigProfile, ...order: RoomKey[]): Promise<Token | undefined> =>
  of.db.write(PREFERENCE_EDIT_STORES, 'strict', (tx) => setOrder(tx, order, Date.now()));
const here = (of: RigProfile): Promise<ListPreferences> =>
  of.db.read(['list_preferences'], (tx) => preferencesIn(tx));
/** A clock that can be put on. */
function movedClock(): { readonly clock: Clock; readonly move: (ms: number) => void } {
  let ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  return { clock, move: (ms) => void (ahead += ms) };
}
const markers = (of: RigProfile) => of.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));

async function onNode(): Promise<ListPreferences> {
  const held = await heldRaw(host.url, ROOMS_META);
  const read = held ? decodePreferences(held.bytes) : ok(NO_PREFERENCES);
  if (!read.ok) throw new Error(read.error.reason);
  return read.value;
}

describe('what is decided about the list, on a real node with the real delegate', () => {
  beforeEach(() => writeRaw(host.url, ROOMS_META, encode(roomsMeta, EMPTY_ROOMS_META)));

  it('is loaded with the rooms, and costs no store when nothing is changed', async () => {
    const meta = { ...EMPTY_ROOMS_META, roomOrder: [ownerOf(B), ownerOf(A)] };
    await writeRaw(host.url, ROOMS_META, encode(roomsMeta, meta));
    const before = host.node.metrics().storeRequests;
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(await here(profile)).toMatchObject({ order: [B, A] });
    expect(host.node.metrics().storeRequests).toBe(before);
  });

  it('goes in one request with the rooms, and its receipt says so', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const before = host.node.metrics().storeRequests;
    const token = await mute(profile, A);
    await profile.page().say(B, 'along with it');
    await sort(profile, C, A);
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(host.node.metrics().storeRequests - before).toBe(1);
    expect((await attempted(profile.db, token))?.outcome).toBe('stored');
    expect(await onNode()).toMatchObject({ order: [C, A], modes: { [A]: 'Muted' } });
  });

  it('of two devices is merged: rooms apart, and the exchanges of both', async () => {
    const other = await RigProfile.open(host);
    const [one, two] = [profile.engine(), other.engine()];
    await one.nudge('start');
    await sort(profile, A, B, C);
    await one.nudge('edit');
    await two.nudge('start');
    expect(await here(other)).toMatchObject({ order: [A, B, C] });
    await Promise.all([sort(profile, A, C, B), mute(profile, A)]);
    await Promise.all([sort(other, B, A, C), mute(other, B, 'MentionsAndReplies')]);
    const mine = await mute(other, C);
    await one.nudge('edit');
    expect(await two.nudge('edit')).toEqual({ type: 'clean' }); // a conflict
    expect(await durable(other.db, mine)).toMatchObject({ outcome: 'stored' });
    const all = {
      order: [C, B, A],
      modes: { [A]: 'Muted', [B]: 'MentionsAndReplies', [C]: 'Muted' },
    };
    expect(await onNode()).toMatchObject(all);
    await profile.engine().nudge('start');
    expect(await here(profile)).toMatchObject(all);
    expect(await markers(profile)).toEqual([]);
  });

  it('keeps the room that River opens with, and what newer versions have put beside it', async () => {
    const writer = new Writer();
    writer.text('pinned');
    writer.text('yes');
    const unknown = [{ name: 'pinned', bytes: writer.finish() }];
    const meta = { ...EMPTY_ROOMS_META, currentRoomKey: ownerOf(C), unknown };
    await writeRaw(host.url, ROOMS_META, encode(roomsMeta, meta));
    const engine = profile.engine();
    await mute(profile, A);
    await engine.nudge('start');
    const held = await heldRaw(host.url, ROOMS_META);
    const value = decode(roomsMeta, held?.bytes ?? new Uint8Array());
    if (!value.ok) throw new Error(value.error.reason);
    expect(value.value.currentRoomKey).toEqual(ownerOf(C));
    expect(value.value.unknown).toEqual(unknown);
    expect(value.value.notificationModes).toEqual([[ownerOf(A), 'Muted']]);
  });

  it('an edit that is taken back while its store is not known to have landed stays taken back', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await mute(profile, A);
    const before = host.node.metrics().storeRequests;
    host.node.misbehave(once({ message: 'CasStoreRequest' }, { type: 'drop-answer' }));
    const drained = engine.nudge('edit');
    await vi.waitUntil(() => host.node.metrics().storeRequests > before);
    host.node.dropConnections();
    expect((await drained).type).toBe('failed');
    expect(await onNode()).toMatchObject({ modes: { [A]: 'Muted' } });
    await mute(profile, A, 'All');
    expect(await profile.engine().nudge('retry')).toEqual({ type: 'clean' });
    expect(await onNode()).toMatchObject({ modes: { [A]: 'All' } });
  });

  it('a room that is left has no place any more, and its mode is kept', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await sort(profile, A, B);
    await mute(profile, A);
    await engine.nudge('edit');
    const deps = { db: profile.db, memo: profile.memo, clock: systemClock, committed: () => {} };
    await changeWholeRoom(deps, A, () => ok({ type: 'leave' }));
    expect(await here(profile)).toMatchObject({ order: [B] });
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(await onNode()).toMatchObject({ order: [B], modes: { [A]: 'Muted' } });
  });

  it('what is no such value is set aside and not overwritten; the rooms go on', async () => {
    const broken = fromHex('a16a726f6f6d5f6f72646572627878');
    await writeRaw(host.url, ROOMS_META, broken);
    const token = await mute(profile, A);
    const engine = profile.engine();
    await engine.nudge('start');
    const said = await profile.page().say(B, 'goes on');
    await engine.nudge('edit');
    expect((await attempted(profile.db, token))?.outcome).toBe('remote-undecodable');
    expect(await durable(profile.db, said)).toMatchObject({ outcome: 'stored' });
    expect((await heldRaw(host.url, ROOMS_META))?.bytes).toEqual(broken);
    const aside = await profile.db.read(['quarantine'], (tx) =>
      tx.objectStore('quarantine').getAll(),
    );
    expect(aside.map(({ key, reason }) => [key, reason])).toEqual([
      [ROOMS_META, expect.stringMatching(/^rooms_meta\.room_order/)],
    ]);
  });
});

it('what was decided here goes to a node that has lost it, and is not lost to one that was put back', async () => {
  await writeRaw(host.url, ROOMS_META, encode(roomsMeta, EMPTY_ROOMS_META));
  const engine = profile.engine();
  await engine.nudge('start');
  await sort(profile, B, A);
  await mute(profile, A);
  await engine.nudge('edit');
  await mute(profile, C);
  await engine.nudge('edit');
  await host.wipe();
  const meta = { ...EMPTY_ROOMS_META, notificationModes: [[ownerOf(B), 'Muted'] as const] };
  await writeRaw(host.url, ROOMS_META, encode(roomsMeta, meta));
  await profile.engine().nudge('retry');
  const all = { order: [B, A], modes: { [A]: 'Muted', [B]: 'Muted', [C]: 'Muted' } };
  expect(await here(profile)).toMatchObject(all);
  expect(await onNode()).toMatchObject(all);
});

it('what another device has decided first is found over a connection that is older than it, and its next decision holds', async () => {
  await host.wipe(); // nothing is held of the list yet
  const other = await RigProfile.open(host);
  const { clock, move } = movedClock();
  const old = profile.engine({ clock });
  await old.nudge('start');
  const elsewhere = other.engine();
  await sort(other, A, B);
  await elsewhere.nudge('start');
  await profile.engine().nudge('start'); // another worker of this profile
  expect(await here(profile)).toMatchObject({ order: [A, B] });
  await sort(other, B, A);
  await elsewhere.nudge('edit');
  move(60_000);
  await old.nudge('retry');
  expect(await here(profile)).toMatchObject({ order: [B, A] });
  expect(await onNode()).toMatchObject({ order: [B, A] });
  expect(await markers(profile)).toEqual([]);
});
