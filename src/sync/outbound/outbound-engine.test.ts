import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { once } from '../../../host/testing/once.ts';
import { heldRaw, heldRoom, seedUser, writeRaw } from '../../../tests/support/delegate.ts';
import { RigHost, RigProfile, type RigPage } from '../../../tests/support/sync-rig.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { markersOf } from '../../persist/dirty-markers.ts';
import { laneOf } from '../../persist/lanes.ts';
import {
  decodeOutbound,
  encodeOutbound,
  OUTBOUND_KEY,
  OUTBOUND_STORES,
  readOutbound,
} from '../../persist/outbound-rows.ts';
import { hideThread, OUTBOUND_EDIT_STORES, showThread } from '../../persist/outbound-store.ts';
import { attempted, durable } from '../../persist/receipts.ts';
import type { MemberId } from '../../river/ids.ts';
import { EMPTY_OUTBOUND_DM_STORE, type OutboundDmStore } from '../../river/outbound-dms.ts';
import { RoomView } from '../../river/room-view.ts';
import { fromHex } from '../../shared/bytes.ts';
import type { RoomKey } from '../../shared/brand.ts';

const user = readVectors<{
  rooms: { name: string; owner_vk_base58: string }[];
  outbound_dms: string;
}>('user-data');
const GARDEN = user.rooms.find(({ name }) => name === 'small public room')
  ?.owner_vk_base58 as RoomKey;
const RECORDED = fromHex(user.outbound_dms);

let host: RigHost;
let profile: RigProfile;
let page: RigPage;
let peer: MemberId;

beforeEach(async () => {
  host = await RigHost.start();
  await seedUser(host.url);
  profile = await RigProfile.open(host);
  page = profile.page();
  await profile.engine().nudge('start');
  peer = await somebodyElse();
});
afterEach(() => host.dispose());

async function somebodyElse(): Promise<MemberId> {
  const held = await heldRoom(host.url, `room:${GARDEN}`);
  if (!held) throw new Error('no room');
  const { roomState, ...own } = held.room;
  const other = new RoomView(roomState, own).members.find(({ isSelf }) => !isSelf);
  if (!other) throw new Error('nobody else is in the room');
  return other.id;
}

const stores = (): number => host.node.metrics().storeRequests;
const markers = () => profile.db.read(['dirty'], (tx) => markersOf(tx, 'outbound-dms'));
const rows = (of = profile) => of.db.read(OUTBOUND_STORES, readOutbound);

async function held(): Promise<OutboundDmStore> {
  const value = await heldRaw(host.url, OUTBOUND_KEY);
  const decoded = decodeOutbound(value?.bytes ?? new Uint8Array());
  if (!decoded.ok) throw new Error(decoded.error.path);
  return decoded.value;
}

const heldTexts = async (): Promise<string[]> => (await held()).entries.map((e) => e.plaintext);
const recordedTexts = (): string[] => {
  const decoded = decodeOutbound(RECORDED);
  return decoded.ok ? decoded.value.entries.map((entry) => entry.plaintext) : [];
};
const hiddenHere = async (of = profile) =>
  (await rows(of)).threads.find((row) => row.room === GARDEN && row.peer === String(peer))
    ?.hiddenAt;

const archive = (of: RigProfile, cutoff: bigint): Promise<void> =>
  of.db.write(OUTBOUND_EDIT_STORES, 'strict', (tx) =>
    hideThread(tx, GARDEN, String(peer), cutoff, Date.now()),
  );

describe('sent direct messages, on a real node with the real delegate', () => {
  it('come from the node on the first nudge, and nothing is stored there', async () => {
    const before = stores();
    expect(await profile.outbound().nudge('start')).toEqual({ type: 'clean' });
    expect((await rows()).dms.map((row) => row.plaintext).sort()).toEqual(recordedTexts().sort());
    expect(stores()).toBe(before);
    expect((await heldRaw(host.url, OUTBOUND_KEY))?.bytes).toEqual(RECORDED);
  });

  it('C18: a node that has no space for them is said so, by their name, and they wait here', async () => {
    const engine = profile.outbound();
    await engine.nudge('start');
    host.node.misbehave(
      once({ message: 'CasStoreRequest', keyPrefix: OUTBOUND_KEY }, { type: 'fill-quota' }),
    );
    const token = await page.write(GARDEN, peer, 'no space');
    expect((await engine.nudge('edit')).type).toBe('failed');
    const { seq } = (await markers())[0] ?? {};
    const receipt = await attempted(profile.db, {
      ...token,
      path: 'outbound-dms',
      key: OUTBOUND_KEY,
      seq: seq ?? 0,
    });
    expect(receipt?.outcome).toBe('store-refused');
    expect(receipt?.error).toMatch(/^Your node refused to store your direct messages: /);
    expect((await rows()).dms.map((row) => row.plaintext)).toContain('no space');
  });

  it('A10: go with the room’s change: the sealed one and its words are stored in one transaction, several in one request', async () => {
    const engine = profile.outbound();
    await engine.nudge('start');
    const before = stores();
    const room = [
      await page.write(GARDEN, peer, 'first'),
      await page.write(GARDEN, peer, 'second'),
    ];
    const [marker] = await markers();
    const owed = { path: 'outbound-dms', key: OUTBOUND_KEY, seq: marker?.seq ?? 0 } as const;
    expect((await rows()).dms.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq)).toEqual(
      expect.arrayContaining(room.map(({ seq }) => seq)),
    );
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(1);
    expect(await heldTexts()).toEqual(
      expect.arrayContaining([...recordedTexts(), 'first', 'second']),
    );
    expect((await durable(profile.db, owed))?.outcome).toBe('stored');
    expect(await profile.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'))).toHaveLength(1);
  });

  it('keep no words of a message that the room refuses, and mark nothing dirty', async () => {
    const before = await rows();
    await expect(page.write(GARDEN, 1n as MemberId, 'to nobody')).rejects.toThrow('NoSuchMember');
    await expect(page.write(GARDEN, peer, 'x'.repeat(33_000))).rejects.toThrow('TooLong');
    expect(await rows()).toEqual(before);
    expect(await markers()).toEqual([]);
  });

  it('of two devices are united: a conflict is merged and sent again', async () => {
    const other = await RigProfile.open(host);
    await other.engine().nudge('start');
    const [here, there] = [profile.outbound(), other.outbound()];
    await here.nudge('start');
    await there.nudge('start');
    await page.write(GARDEN, peer, 'from here');
    await other.page().write(GARDEN, peer, 'from there');
    expect(await there.nudge('edit')).toEqual({ type: 'clean' });
    expect(await here.nudge('edit')).toEqual({ type: 'clean' });
    const all = [...recordedTexts(), 'from here', 'from there'].sort();
    expect((await heldTexts()).sort()).toEqual(all);
    expect((await rows()).dms.map(({ plaintext }) => plaintext).sort()).toEqual(all);
  });

  it('A29 C36: are restored when another client has written over them without looking', async () => {
    await profile.outbound().nudge('start');
    await page.write(GARDEN, peer, 'must not be lost');
    await profile.outbound().nudge('edit');
    await writeRaw(host.url, OUTBOUND_KEY, encodeOutbound(EMPTY_OUTBOUND_DM_STORE));
    expect(await heldTexts()).toEqual([]);
    expect(await profile.outbound().nudge('start')).toEqual({ type: 'clean' });
    expect((await heldTexts()).sort()).toEqual([...recordedTexts(), 'must not be lost'].sort());
  });

  it('are stored again on a node whose store is new', async () => {
    await profile.outbound().nudge('start');
    await host.wipe();
    await profile.engine().nudge('start');
    expect(await profile.outbound().nudge('start')).toEqual({ type: 'clean' });
    expect((await heldRaw(host.url, OUTBOUND_KEY))?.bytes).toEqual(RECORDED);
  });

  it('are known to be there when the answer was lost: the failure is told, and nothing is written twice', async () => {
    const engine = profile.outbound();
    await engine.nudge('start');
    const before = stores();
    await page.write(GARDEN, peer, 'was the answer lost?');
    const [marker] = await markers();
    const token = { path: 'outbound-dms', key: OUTBOUND_KEY, seq: marker?.seq ?? 0 } as const;
    host.node.misbehave(once({ message: 'CasStoreRequest' }, { type: 'drop-answer' }));
    const drained = engine.nudge('edit');
    while (stores() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    host.node.dropConnections();
    expect((await drained).type).toBe('failed');
    expect((await attempted(profile.db, token))?.outcome).toBe('unknown');
    expect((await laneOf(profile.db, 'outbound-dms')).failure?.code).toBe('unknown');
    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, token))?.outcome).toBe('unchanged');
    expect(stores() - before).toBe(1);
    expect(await markers()).toEqual([]);
  });

  it('stay here when what the node holds can’t be read, which is set aside and not overwritten', async () => {
    const junk = Uint8Array.of(0xa1, 0x61, 0x78);
    await writeRaw(host.url, OUTBOUND_KEY, junk);
    const engine = profile.outbound();
    await engine.nudge('start');
    await page.write(GARDEN, peer, 'kept');
    expect((await engine.nudge('edit')).type).toBe('failed');
    expect((await markers())[0]?.failure?.code).toBe('remote-undecodable');
    expect((await heldRaw(host.url, OUTBOUND_KEY))?.bytes).toEqual(junk);
    const aside = await profile.db.read(['quarantine'], (tx) =>
      tx.objectStore('quarantine').getAll(),
    );
    expect(aside.map(({ key, bytes }) => [key, bytes])).toEqual([[OUTBOUND_KEY, junk]]);
    expect((await rows()).dms.map(({ plaintext }) => plaintext)).toEqual(['kept']);
  });

  it('archive and un-archive a conversation on all devices, and neither undoes the other for ever', async () => {
    const other = await RigProfile.open(host);
    await other.engine().nudge('start');
    await profile.outbound().nudge('start');
    await archive(profile, 1_700_000_000n);
    await profile.outbound().nudge('edit');
    await other.outbound().nudge('start');
    expect(await hiddenHere(other)).toBe(1_700_000_000n);

    await other.db.write(OUTBOUND_EDIT_STORES, 'strict', (tx) =>
      showThread(tx, GARDEN, String(peer), Date.now()),
    );
    await other.outbound().nudge('edit');
    await profile.outbound().nudge('start');
    expect(await hiddenHere()).toBeUndefined();
    const quiet = stores();
    await other.outbound().nudge('start');
    await profile.outbound().nudge('start');
    expect(stores()).toBe(quiet);

    await archive(profile, 1_700_000_000n); // again, with nothing new in it
    await profile.outbound().nudge('edit');
    await other.outbound().nudge('start');
    expect(await hiddenHere(other)).toBe(await hiddenHere());
    expect(await hiddenHere()).toBeDefined();
  });

  it('take a conversation out of the archive by writing to it', async () => {
    await archive(profile, 5n);
    expect(await hiddenHere()).toBe(5n);
    await page.write(GARDEN, peer, 'back again');
    expect(await hiddenHere()).toBeUndefined();
  });
});
