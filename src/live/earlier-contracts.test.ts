import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { writeRaw } from '../../tests/support/delegate.ts';
import { EarlierClient, everyRoomContract } from '../../tests/support/earlier-contracts.ts';
import { storedRoom } from '../../tests/support/contracts.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { connectNode } from '../freenet/client.ts';
import { searchesIn } from '../persist/room-search.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../river/room-contracts.ts';
import { fromHex } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { RoomFeed } from './room-feed.ts';

vi.setConfig({ testTimeout: 60_000 });

const NOW = fromHex(ROOM_CONTRACT_CODE_HASH);
const rooms = readVectors<{
  rooms: { name: string; owner_vk_base58: string; room_slot: string }[];
}>('user-data').rooms.filter(({ name }) => /^(small public|quiet) room$/.test(name));
const [healthy = '', missing = ''] = rooms.map(({ owner_vk_base58: key }) => key);

let host: RigHost;
let profile: RigProfile;

beforeEach(async () => {
  host = await RigHost.start({ builtInRules: everyRoomContract() });
  for (const each of rooms) {
    await writeRaw(host.url, `room:${each.owner_vk_base58}`, fromHex(each.room_slot));
  }
  profile = await RigProfile.open(host);
  expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
});
afterEach(() => host.dispose());

it('A46: a reading tab begins the search for a room that is missing before it is put, and asks nothing more for one that is where it belongs', async () => {
  const client = await EarlierClient.connect(host.url);
  const state = await storedRoom(profile.db, healthy);
  if (!state) throw new Error('the room is not there');
  await client.put(healthy, NOW, state);
  client.close();
  const connected = await connectNode({
    url: `${host.url.replace('http', 'ws')}/weir/node`,
    openSocket: (at) => new WebSocket(at, { origin: host.url }),
  });
  if (!connected.ok) throw new Error(connected.error.type);
  let owed = 0;
  const gets = (): number => host.node.metrics().requests['Get'] ?? 0;
  const before = gets();
  const feed = new RoomFeed(
    {
      db: profile.db,
      memo: profile.memo,
      clock: systemClock,
      random: systemRandom,
      changed: () => {},
      owed: () => void (owed += 1),
      refused: () => {},
    },
    connected.value,
    NOW,
  );
  await feed.roomsChanged();
  connected.value.close();
  expect(gets() - before).toBe(2); // each room once, under its contract of now
  const begun = await profile.db.read(['room_searches'], (tx) => searchesIn(tx));
  expect(begun.map(({ room }) => room)).toEqual([missing]);
  expect(owed).toBeGreaterThan(0);
});
