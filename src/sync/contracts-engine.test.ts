import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { once } from '../../host/testing/once.ts';
import {
  MoodyRules,
  OtherClient,
  storedRoom,
  textsOf,
  withForgery,
} from '../../tests/support/contracts.ts';
import { heldRoom, seedUser, textsIn } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { markersOf } from '../persist/dirty-markers.ts';
import { laneOf } from '../persist/lanes.ts';
import { attempted, durable } from '../persist/receipts.ts';
import { systemClock } from '../shared/clock.ts';

// each test loads every room of a user from a delegate of its own
vi.setConfig({ testTimeout: 30_000 });

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const room = (name: string): string =>
  user.rooms.find((r) => r.name === name)?.owner_vk_base58 ?? '';
const GARDEN = room('small public room');
const LIVELY = room('lively public room');

let host: RigHost;
let rules: MoodyRules;
let client: OtherClient;
let here: RigProfile;

/** A profile that has read its rooms from the delegate. */
async function profileWithRooms(): Promise<RigProfile> {
  const profile = await RigProfile.open(host);
  expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
  return profile;
}

beforeEach(async () => {
  rules = new MoodyRules();
  host = await RigHost.start({ builtInRules: rules.of });
  await seedUser(host.url);
  here = await profileWithRooms();
  client = await OtherClient.connect(host.url);
});
afterEach(async () => {
  client.close();
  await host.dispose();
});

const requests = (kind: string): number => host.node.metrics().requests[kind] ?? 0;
const dirty = (profile = here) => profile.db.read(['dirty'], (tx) => markersOf(tx, 'contracts'));
const inContract = async (of: string): Promise<string[]> => textsOf(await client.held(of));
const inBrowser = async (profile: RigProfile, of: string): Promise<string[]> =>
  textsOf(await storedRoom(profile.db, of));
/** The token on the contracts' path: raised in the same transaction, right after the delegate's. */
const onContract = (token: { seq: number }, key: string) =>
  ({ path: 'contracts', key, seq: token.seq }) as const;

describe('the contracts’ engine, on a real node', () => {
  it('puts a room whose contract nobody has, once, and says so', async () => {
    const token = await here.page().say(GARDEN, 'first words');
    expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
    expect(await inContract(GARDEN)).toContain('first words');
    expect([requests('Put'), requests('Update')]).toEqual([1, 0]);
    expect((await durable(here.db, onContract(token, GARDEN)))?.outcome).toBe('stored');
    const base = await here.db.read(['base'], (tx) =>
      tx.objectStore('base').get(['contracts', GARDEN]),
    );
    expect(base?.coverage).toBeGreaterThanOrEqual(token.seq);
    expect(await dirty()).toEqual([]);
  });

  it('brings however many edits as one update for each dirty room', async () => {
    const engine = here.contracts();
    for (const each of [GARDEN, LIVELY]) await here.page().say(each, 'so that it is there');
    await engine.nudge('edit');
    const page = here.page();
    const tokens = [];
    for (let i = 0; i < 20; i++) tokens.push(await page.say(i % 2 ? GARDEN : LIVELY, `edit ${i}`));
    const before = requests('Update');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    expect(requests('Update') - before).toBe(2);
    for (let i = 0; i < 20; i++) {
      const where = i % 2 ? GARDEN : LIVELY;
      expect(await inContract(where)).toContain(`edit ${i}`);
      const token = tokens[i];
      expect(token && (await attempted(here.db, onContract(token, where)))?.outcome).toBe('stored');
    }
  });

  it('merges both sides when two profiles have edited apart', async () => {
    const there = await profileWithRooms();
    await here.page().say(GARDEN, 'so that it is there');
    await here.contracts().nudge('edit');
    await here.page().say(GARDEN, 'from here');
    await there.page().say(GARDEN, 'from there');
    await there.page().rename(GARDEN, 'Renamed there');
    expect(await there.contracts().nudge('edit')).toEqual({ type: 'clean' });
    expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
    for (const texts of [await inContract(GARDEN), await inBrowser(here, GARDEN)]) {
      expect(texts).toEqual(expect.arrayContaining(['from here', 'from there']));
    }
    await there.page().say(GARDEN, 'and back');
    await there.contracts().nudge('edit');
    expect(await storedRoom(there.db, GARDEN)).toEqual(await client.held(GARDEN));
    expect(here.told).toContainEqual({ type: 'rooms-changed', rooms: [GARDEN] });
  });

  it('leaves what it has learned from the contract to the delegate’s next turn, and does not call it an edit', async () => {
    const there = await profileWithRooms();
    await there.page().say(GARDEN, 'news');
    await there.contracts().nudge('edit');
    await here.page().say(GARDEN, 'mine');
    const stores = host.node.metrics().storeRequests;
    await here.engine().nudge('edit');
    expect(host.node.metrics().storeRequests).toBe(stores + 1);
    await here.contracts().nudge('edit');
    expect(await inBrowser(here, GARDEN)).toContain('news');
    expect(await here.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'))).toEqual([]);
    expect(await here.engine().nudge('retry')).toEqual({ type: 'clean' });
    expect(host.node.metrics().storeRequests).toBe(stores + 1);
    const later = { ...systemClock, now: () => Date.now() + 300_000 };
    expect(await here.engine({ clock: later }).nudge('timer')).toEqual({ type: 'clean' });
    expect(host.node.metrics().storeRequests).toBe(stores + 2);
    expect(textsIn(await heldRoom(host.url, `room:${GARDEN}`))).toContain('news');
  });

  it('sends nothing when the contract has everything already, and finds out an update whose answer was lost', async () => {
    const engine = here.contracts();
    await here.page().say(GARDEN, 'so that it is there');
    await engine.nudge('edit');
    const token = await here.page().say(GARDEN, 'was the answer lost?');
    const before = requests('Update');
    const drained = engine.nudge('edit');
    await until(() => requests('Get') > 1);
    host.node.misbehave(once({ request: 'Update' }, { type: 'drop-answer' }));
    await until(async () => (await inContract(GARDEN)).includes('was the answer lost?'));
    host.node.dropConnections();
    expect((await drained).type).toBe('failed');
    expect((await attempted(here.db, onContract(token, GARDEN)))?.outcome).toBe('unknown');
    expect((await dirty()).map(({ failure }) => failure?.code)).toEqual(['unknown']);

    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect((await durable(here.db, onContract(token, GARDEN)))?.outcome).toBe('unchanged');
    expect(requests('Update') - before).toBe(1);
    expect(await dirty()).toEqual([]);
  });

  it('keeps the marker and says why in the contract’s words when it refuses, and keeps no other room waiting', async () => {
    await here.page().say(GARDEN, 'so that it is there');
    await here.contracts().nudge('edit');
    const token = await here.page().say(GARDEN, 'refused');
    await here.page().say(LIVELY, 'unharmed'); // not there yet: it is put, not updated
    rules.refusal = 'not today';
    expect((await here.contracts().nudge('edit')).type).toBe('failed');
    rules.refusal = undefined;
    const receipt = await attempted(here.db, onContract(token, GARDEN));
    expect(receipt?.outcome).toBe('room-refused');
    expect(receipt?.error).toContain('not today');
    expect(await inContract(LIVELY)).toContain('unharmed');
    const [marker, ...others] = await dirty();
    expect(others).toEqual([]);
    expect(marker?.failure?.sentence).toContain('not today');
    expect(marker?.failure?.nextTryAt).toBeGreaterThan(Date.now() + 200_000);
    expect((await here.contracts().nudge('edit')).type).toBe('failed'); // not due: nothing is tried, and it is still owed
    expect(await inContract(GARDEN)).not.toContain('refused');
    expect(await here.contracts().nudge('retry')).toEqual({ type: 'clean' });
    expect(await inContract(GARDEN)).toContain('refused');
  });

  it('waits while the node is away and brings everything when it is back', async () => {
    await here.page().say(GARDEN, 'offline');
    await host.stop();
    const engine = here.contracts();
    expect((await engine.nudge('edit')).type).toBe('failed');
    expect((await laneOf(here.db, 'contracts')).failure?.code).toBe('node-unreachable');
    await host.start();
    expect(await engine.nudge('node-back')).toEqual({ type: 'clean' });
    client = await OtherClient.connect(host.url);
    expect(await inContract(GARDEN)).toContain('offline');
    expect((await laneOf(here.db, 'contracts')).failure).toBeUndefined();
  });

  it('takes nothing from a contract whose state does not verify, and sends nothing there', async () => {
    await here.page().say(GARDEN, 'so that it is there');
    await here.contracts().nudge('edit');
    const { told } = here;
    told.length = 0;
    rules.trusting = true;
    const held = await client.held(GARDEN);
    expect(held && (await client.put(GARDEN, withForgery(held, 'forged')))).toBeUndefined();
    expect(await inContract(GARDEN)).toContain('forged');
    const token = await here.page().say(GARDEN, 'to a forger');
    const before = await storedRoom(here.db, GARDEN);
    const updates = requests('Update');
    await here.contracts().nudge('edit');
    const receipt = await attempted(here.db, onContract(token, GARDEN));
    expect(receipt?.outcome).toBe('remote-undecodable');
    expect(receipt?.error).toMatch(/recent_messages|signature/i);
    expect(requests('Update')).toBe(updates);
    expect(await storedRoom(here.db, GARDEN)).toEqual(before);
    expect(told.filter(({ type }) => type === 'rooms-changed')).toEqual([]);
  });

  it('asks the node for nothing when no room is dirty', async () => {
    expect(await here.contracts().nudge('start')).toEqual({ type: 'clean' });
    expect([requests('Get'), requests('Put'), requests('Update')]).toEqual([0, 0, 0]);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
}
