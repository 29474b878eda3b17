import { fileURLToPath } from 'node:url';
import { DelegateClient } from '../../host/seed/delegate-client.ts';
import { readSeedFile } from '../../host/seed/seed-file.ts';
import { seedDelegate } from '../../host/seed/seeder.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { decode } from '../../src/river/cbor/codec.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { fromBase58, utf8Text } from '../../src/shared/bytes.ts';

/** What the delegate itself holds for one key. */
export interface HeldRoom {
  readonly generation: bigint;
  readonly bytes: Uint8Array;
  readonly room: RoomData;
}

/** Puts the recorded user's data into a running host, as `weir seed` does. */
export async function seedUser(url: string): Promise<void> {
  const seed = readSeedFile(
    fileURLToPath(new URL('../vectors/user-data.json.gz', import.meta.url)),
  );
  const client = await connect(url);
  await seedDelegate(seed, client);
  client.close();
}

/** Every room that is stored in the delegate, read over the node's own API by storage key. */
export async function heldRooms(url: string): Promise<ReadonlyMap<string, HeldRoom>> {
  const client = await connect(url);
  const { response: listed } = await client.ask({ type: 'ListRequest' });
  if (listed.type !== 'ListResponse') throw new Error(listed.type);
  const rooms = new Map<string, HeldRoom>();
  for (const key of listed.keys) {
    const { response } = await client.ask({ type: 'GetVersionedRequest', key });
    if (response.type !== 'GetVersionedResponse' || !response.value) continue;
    if (!utf8Text(key).startsWith('room:')) continue;
    const slot = decode(roomSlot, response.value);
    if (!slot.ok) throw new Error(`${utf8Text(key)}: ${slot.error.path} ${slot.error.reason}`);
    if (slot.value.type === 'Tombstone') continue;
    const { generation, value } = response;
    rooms.set(utf8Text(key), { generation, bytes: value, room: slot.value.room });
  }
  client.close();
  return rooms;
}

const connect = (url: string): Promise<DelegateClient> =>
  DelegateClient.connect(new URL(url), fromBase58(RIVER_CONTRACT_ID));
