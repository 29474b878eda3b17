import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { once } from '../../host/testing/once.ts';
import { heldRoom, heldRooms, seedUser, textsIn, writeRaw } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile, type RigPage } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { markersOf } from '../persist/dirty-markers.ts';
import { laneOf, takeEpoch } from '../persist/lanes.ts';
import { attempted, durable } from '../persist/receipts.ts';
import { fromHex } from '../shared/bytes.ts';
import { ok } from '../shared/result.ts';

const user = readVectors<{
  rooms: { name: string; owner_vk_base58: string }[];
  tombstone: { room_slot: string };
}>('user-data');
const room = (name: string): string =>
  user.rooms.find((r) => r.name === name)?.owner_vk_base58 ?? '';
const GARDEN = room('small public room');
const LIVELY = room('lively public room');
const BIG = room('big room');

let host: RigHost;
let profile: RigProfile;
let page: RigPage;

beforeEach(async () => {
  host = await RigHost.start();
  await seedUser(host.url);
  profile = await RigProfile.open(host);
  page = profile.page();
});
afterEach(() => host.dispose());

const stores = (): number => host.node.metrics().storeRequests;
const markers = () => profile.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));
const heldTexts = async (key: string): Promise<string[]> =>
  textsIn(await heldRoom(host.url, `room:${key}`));

describe('the engine, on a real node with the real delegate', () => {
  it('loads every room that the delegate lists on the first nudge, and stores nothing', async () => {
    const before = stores();
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    const rows = await profile.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
    expect(rows.map((row) => row.room).sort()).toEqual(
      user.rooms.map((each) => each.owner_vk_base58).sort(),
    );
    expect(stores()).toBe(before);
    expect(await markers()).toEqual([]);
  });

  it('tells a page that opens a moment after another that all is loaded: it would wait for ever where there is no room', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    profile.told.length = 0;
    await engine.nudge('start');
    expect(profile.told).toContainEqual({ type: 'loaded' });
  });

  it('A01: brings a burst of many edits by several pages in at most two store requests, and every caller gets its receipt', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const before = stores();
    const pages = [page, profile.page(), profile.page()];
    const tokens = await Promise.all(
      Array.from({ length: 90 }, async (_, i) => {
        const where = [GARDEN, LIVELY, BIG][i % 3] ?? GARDEN;
        const token = await (pages[i % 2] ?? page).say(where, `burst ${i}`);
        void engine.nudge('edit');
        return token;
      }),
    );
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(stores() - before).toBeGreaterThan(0);
    expect(stores() - before).toBeLessThanOrEqual(2);
    expect((await laneOf(profile.db, 'rooms')).iterId).toBeLessThanOrEqual(2);
    for (const token of tokens) {
      expect((await attempted(profile.db, token))?.outcome).toBe('stored');
    }
    const texts = [
      ...(await heldTexts(GARDEN)),
      ...(await heldTexts(LIVELY)),
      ...(await heldTexts(BIG)),
    ];
    for (let i = 0; i < 90; i++) expect(texts).toContain(`burst ${i}`);
  });

  it('A02: makes one catch-up iteration for edits that come while the first is under way', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const before = stores();
    const slow = { type: 'delay', at: 'after', ms: 3_000 } as const;
    host.node.misbehave(once({ message: 'CasStoreRequest' }, slow));
    await page.say(GARDEN, 'first');
    const first = engine.nudge('edit');
    await until(() => stores() > before); // carried out; its answer is on its way
    const late = await Promise.all(['a', 'b', 'c'].map((text) => page.say(GARDEN, text)));
    await Promise.all([first, engine.nudge('edit'), engine.nudge('edit')]);
    expect(stores() - before).toBe(2);
    for (const token of late) expect((await attempted(profile.db, token))?.iterId).toBe(2);
  });

  it('A03 A05 C04 C05: tells the caller the failure of the iteration that covered its edit, keeps the marker, and recognises its own write afterwards', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const before = stores();
    const token = await page.say(GARDEN, 'was the answer lost?');
    host.node.misbehave(once({ message: 'CasStoreRequest' }, { type: 'drop-answer' }));
    // the answer is dropped after the store was carried out; closing the connection ends the wait
    const drained = engine.nudge('edit');
    await until(() => stores() > before);
    host.node.dropConnections();
    expect((await drained).type).toBe('failed');
    expect((await attempted(profile.db, token))?.outcome).toBe('unknown');
    expect(await durable(profile.db, token)).toBeUndefined();
    expect((await markers()).map((marker) => marker.failure?.code)).toEqual(['unknown']);

    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, token))?.outcome).toBe('unchanged');
    expect((await attempted(profile.db, token))?.outcome).toBe('unknown');
    expect(stores() - before).toBe(1);
    expect(await markers()).toEqual([]);
  });

  describe('A49 C07', () => {
    it('takes a conflict with its own value for stored only if the key is listed: else it stores again, which lists it', async () => {
      const key = `room:${GARDEN}`;
      let sent = 0;
      const openLink = async () => {
        const link = await profile.link();
        if (!link.ok) return link;
        const casStore = link.value.casStore.bind(link.value);
        // as a node that is killed between value and index in a request whose answer is lost, and then says what it holds
        link.value.casStore = async (batch) => {
          sent += 1;
          const stored = await casStore(batch);
          const outcome = stored.ok && stored.value.get(key);
          const value = batch[0]?.value;
          if (sent > 1 || !outcome || outcome.type !== 'stored') return stored;
          (link.value.index as Set<string>).delete(key);
          return ok(new Map([[key, { type: 'conflict', generation: outcome.generation, value }]]));
        };
        return link;
      };
      const engine = profile.engine({ openLink });
      await engine.nudge('start');
      const token = await page.say(GARDEN, 'held, and not listed');
      expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
      expect(sent).toBe(2);
      expect((await attempted(profile.db, token))?.outcome).toBe('stored');
      expect(await heldTexts(GARDEN)).toContain('held, and not listed');
    });
  });

  it('never takes an empty answer for a success', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const token = await page.say(GARDEN, 'nothing came back');
    host.node.misbehave(once({ message: 'CasStoreRequest' }, { type: 'refuse' }));
    expect((await engine.nudge('edit')).type).toBe('failed');
    expect((await attempted(profile.db, token))?.outcome).toBe('unknown');
    expect((await markers()).length).toBe(1);
    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect(await heldTexts(GARDEN)).toContain('nothing came back');
  });

  it('C08: keeps edits and says why while the node is away, and brings them when it is back', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await host.stop();
    const tokens = [await page.say(GARDEN, 'offline'), await page.rename(GARDEN, 'Renamed')];
    expect((await engine.nudge('edit')).type).toBe('failed');
    const lane = await laneOf(profile.db, 'rooms');
    expect(lane.failure?.code).toBe('node-unreachable');
    expect(lane.failure?.nextTryAt).toBeGreaterThan(Date.now());
    for (const token of tokens) expect(await attempted(profile.db, token)).toBeUndefined();

    await host.start();
    expect((await engine.nudge('edit')).type).toBe('failed'); // back-off holds for mere edits…
    expect(stores()).toBe(0);
    expect(await engine.nudge('node-back')).toEqual({ type: 'clean' }); // …but not when the node is back
    expect(stores()).toBe(1);
    expect((await laneOf(profile.db, 'rooms')).failure).toBeUndefined();
    expect(await heldTexts(GARDEN)).toContain('offline');
  });

  it('A13 A14 C12 C14: merges what another device has written meanwhile: nothing is lost on either side', async () => {
    const other = await RigProfile.open(host);
    const [here, there] = [profile.engine(), other.engine()];
    await here.nudge('start');
    await there.nudge('start');
    await page.say(GARDEN, 'from here');
    await other.page().say(GARDEN, 'from there');
    await there.nudge('edit');
    expect(await here.nudge('edit')).toEqual({ type: 'clean' });
    expect(await heldTexts(GARDEN)).toEqual(expect.arrayContaining(['from here', 'from there']));
  });

  it('C15: adopts a leave that another device has made, and keeps the room’s data', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await writeRaw(host.url, `room:${GARDEN}`, fromHex(user.tombstone.room_slot));
    const token = await page.say(GARDEN, 'too late');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect((await attempted(profile.db, token))?.outcome).toBe('adopted-leave');
    const row = await profile.db.read(['rooms', 'parts'], async (tx) => ({
      room: await tx.objectStore('rooms').get(GARDEN as never),
      own: await tx.objectStore('parts').get([GARDEN as never, 'own']),
    }));
    expect(row.room?.status).toBe('left');
    expect(row.own?.bytes.length).toBeGreaterThan(0);
  });

  it('A32 A37 C25: sets aside what is no room, overwrites nothing, and keeps nobody else from loading and storing', async () => {
    const junk = new Uint8Array([0xa1, 0x67, 1, 2, 3]);
    await writeRaw(host.url, `room:${BIG}`, junk);
    const engine = profile.engine();
    await engine.nudge('start');
    const rows = await profile.db.read(['rooms', 'quarantine'], async (tx) => ({
      rooms: await tx.objectStore('rooms').count(),
      aside: await tx.objectStore('quarantine').getAll(),
    }));
    expect(rows.rooms).toBe(6);
    expect(rows.aside.map(({ key, bytes }) => [key, bytes])).toEqual([[`room:${BIG}`, junk]]);
    await page.say(GARDEN, 'unharmed');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(await heldTexts(GARDEN)).toContain('unharmed');
  });

  it('sends nothing of a room whose rows are damaged here, says where, and stores the others', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const damaged = await page.say(LIVELY, 'its rows will be damaged');
    const sound = await page.say(GARDEN, 'sound');
    await profile.db.write(['parts'], 'relaxed', (tx) =>
      tx.objectStore('parts').delete([LIVELY as never, 'members']),
    );
    expect((await engine.nudge('edit')).type).toBe('failed');
    const receipt = await attempted(profile.db, damaged);
    expect(receipt?.outcome).toBe('local-undecodable');
    expect(receipt?.error).toContain('members');
    expect((await attempted(profile.db, sound))?.outcome).toBe('stored');
    expect(await heldTexts(LIVELY)).not.toContain('its rows will be damaged');
  });

  it('C23: stores everything again when the node’s store was replaced by an empty one', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    await host.wipe();
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    const held = await heldRooms(host.url);
    expect([...held.keys()].sort()).toEqual(
      user.rooms.map((each) => `room:${each.owner_vk_base58}`).sort(),
    );
    expect(stores()).toBe(1);
  });

  it('splits what exceeds the request bound over the requests of one iteration', async () => {
    const engine = profile.engine({ requestBound: 1 });
    await engine.nudge('start');
    const before = stores();
    for (const where of [GARDEN, LIVELY, BIG]) await page.say(where, 'bounded');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(3);
    expect((await laneOf(profile.db, 'rooms')).iterId).toBe(1);
  });

  it('writes nothing once it has been fenced: the next holder does', async () => {
    const engine = profile.engine();
    await engine.nudge('start');
    const token = await page.say(GARDEN, 'whose turn is it');
    const slow = { type: 'delay', at: 'after', ms: 400 } as const;
    host.node.misbehave({ seed: 1, rules: [{ do: slow }] });
    const drained = engine.nudge('edit');
    const before = stores();
    await until(() => stores() > before);
    await takeEpoch(profile.db, 'rooms'); // a holder that was given the lane while this one was thought dead
    expect((await drained).type).toBe('failed');
    expect(await attempted(profile.db, token)).toBeUndefined();
    expect((await markers()).length).toBe(1);
    host.node.misbehave(undefined);
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, token))?.outcome).toBe('unchanged');
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
