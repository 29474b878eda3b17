import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heldRooms, seedUser } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { attempted, durable } from '../persist/receipts.ts';
import { replaceUserToken } from '../persist/user-token.ts';
import { systemRandom } from '../shared/random.ts';
import { newUserToken, type UserToken } from '../shared/user-token.ts';

// each test loads every room of a user from a delegate of its own
vi.setConfig({ testTimeout: 60_000 });

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const ROOMS = user.rooms.map((room) => room.owner_vk_base58).sort();
const GARDEN = user.rooms.find(({ name }) => name === 'small public room')?.owner_vk_base58 ?? '';

let host: RigHost;
let ada: UserToken;

beforeEach(async () => {
  host = await RigHost.start({ hosted: true });
  ada = newUserToken(systemRandom);
  await seedUser(host.url, ada);
});
afterEach(() => host.dispose());

const browser = async (person: UserToken): Promise<RigProfile> => {
  const profile = await RigProfile.open(host);
  await replaceUserToken(profile.db, person);
  return profile;
};

const roomsHere = async ({ db }: RigProfile): Promise<string[]> =>
  (await db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll()))
    .filter((row) => row.status === 'present')
    .map((row) => row.room as string)
    .sort();

const roomsOnNode = async (person?: string): Promise<string[]> =>
  [...(await heldRooms(host.url, person)).keys()].map((key) => key.replace('room:', '')).sort();

describe('the engine, on a node of several people', () => {
  it('loads the rooms of the person that the profile is, and nobody else’s', async () => {
    const hers = await browser(ada);
    expect(await hers.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(await roomsHere(hers)).toEqual(ROOMS);
    const other = await RigProfile.open(host);
    expect(await other.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(await roomsHere(other)).toEqual([]);
  });

  it('with another key all rooms are saved for that person too, over a new connection, and later edits go there alone', async () => {
    const profile = await browser(ada);
    const engine = profile.engine();
    await engine.nudge('start');
    const before = await profile.page().say(GARDEN, 'still the first');
    await engine.nudge('edit');
    const former = (await durable(profile.db, before))?.target;

    const next = newUserToken(systemRandom);
    expect(await roomsOnNode(next)).toEqual([]);
    await replaceUserToken(profile.db, next);
    expect(await engine.nudge('retry')).toEqual({ type: 'clean' });
    expect(await roomsOnNode(next)).toEqual(ROOMS);
    const token = await profile.page().say(GARDEN, 'as somebody else');
    expect(await engine.nudge('edit')).toEqual({ type: 'clean' });
    const receipt = await durable(profile.db, token);
    expect(receipt?.outcome).toBe('stored');
    expect(receipt?.target).not.toBe(former);
    const generation = async (person: string): Promise<bigint | undefined> =>
      (await heldRooms(host.url, person)).get(`room:${GARDEN}`)?.generation;
    expect(await generation(ada)).toBe(2n);
    expect(await generation(next)).toBe(2n);
    expect(await roomsOnNode()).toEqual([]);
  });

  it('a second browser with the key has the rooms, and what one writes reaches the other through the node', async () => {
    const [first, second] = [await browser(ada), await browser(ada)];
    const [a, b] = [first.engine(), second.engine()];
    await Promise.all([a.nudge('start'), b.nudge('start')]);
    await first.page().say(GARDEN, 'from the first browser');
    await a.nudge('edit');
    const token = await second.page().say(GARDEN, 'from the second');
    expect(await b.nudge('edit')).toEqual({ type: 'clean' });
    expect((await durable(second.db, token))?.outcome).toBe('stored');
    expect((await heldRooms(host.url, ada)).get(`room:${GARDEN}`)?.generation).toBe(3n);
  });
});

describe('the engines, on a node that takes only so much at once', () => {
  it('what was too much is no refusal by the room: it waits a moment and is brought then', async () => {
    await host.dispose();
    const rate = { perSecond: 1_000_000, burst: 1_000_000 };
    host = await RigHost.start({ hosted: true, operationRate: rate });
    await seedUser(host.url, ada);
    const profile = await browser(ada);
    await profile.engine().nudge('start');
    Object.assign(rate, { perSecond: 0, burst: 1 }); // enough to read the contract, too little to change it
    const token = await profile.page().say(GARDEN, 'one too many');
    const onContract = { path: 'contracts', key: GARDEN, seq: token.seq } as const;
    const contracts = profile.contracts();
    expect((await contracts.nudge('edit')).type).toBe('failed');
    const receipt = await attempted(profile.db, onContract);
    expect(receipt?.outcome).toBe('unknown');
    expect(receipt?.error).toContain('takes no more for a moment');

    Object.assign(rate, { perSecond: 1_000_000, burst: 1_000_000 });
    expect(await contracts.nudge('retry')).toEqual({ type: 'clean' });
    expect((await durable(profile.db, onContract))?.outcome).toBe('stored');
  });
});
