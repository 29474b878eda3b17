import { fileURLToPath } from 'node:url';
import { DelegateClient } from '../../host/seed/delegate-client.ts';
import { readSeedFile } from '../../host/seed/seed-file.ts';
import { seedDelegate } from '../../host/seed/seeder.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { decode } from '../../src/river/cbor/codec.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { RoomView } from '../../src/river/room-view.ts';
import { fromBase58, utf8, utf8Text } from '../../src/shared/bytes.ts';

/** What the delegate itself holds for one key. */
export interface HeldRoom {
  readonly generation: bigint;
  readonly bytes: Uint8Array;
  readonly room: RoomData;
}

/**
 * Puts the recorded user's data into a running host, as `weir seed` does.
 *
 * @param person their token, where the node serves several
 */
export async function seedUser(url: string, person?: string): Promise<void> {
  const seed = readSeedFile(
    fileURLToPath(new URL('../vectors/user-data.json.gz', import.meta.url)),
  );
  const client = await connect(url, person);
  await seedDelegate(seed, client);
  client.close();
}

/** Every room that is stored in the delegate, read over the node's own API by storage key. */
export async function heldRooms(
  url: string,
  person?: string,
): Promise<ReadonlyMap<string, HeldRoom>> {
  const client = await connect(url, person);
  const { response: listed } = await client.ask({ type: 'ListRequest' });
  if (listed.type !== 'ListResponse') throw new Error(listed.type);
  const rooms = new Map<string, HeldRoom>();
  for (const key of listed.keys.map(utf8Text).filter((each) => each.startsWith('room:'))) {
    const held = await heldBy(client, key);
    if (held) rooms.set(key, held);
  }
  client.close();
  return rooms;
}

/** One room as the delegate holds it; undefined when there is none, or a tombstone. */
export async function heldRoom(url: string, key: string): Promise<HeldRoom | undefined> {
  const client = await connect(url);
  const held = await heldBy(client, key);
  client.close();
  return held;
}

async function heldBy(client: DelegateClient, key: string): Promise<HeldRoom | undefined> {
  const { response } = await client.ask({ type: 'GetVersionedRequest', key: utf8(key) });
  if (response.type !== 'GetVersionedResponse' || !response.value) return undefined;
  const { generation, value: bytes } = response;
  const slot = decode(roomSlot, bytes);
  if (!slot.ok) throw new Error(`${key}: ${slot.error.path} ${slot.error.reason}`);
  return slot.value.type === 'Tombstone' ? undefined : { generation, bytes, room: slot.value.room };
}

/** The texts that a person reads in a held room. */
export function textsIn(held: HeldRoom | undefined): string[] {
  if (!held) throw new Error('the delegate does not hold the room');
  const { roomState, ...own } = held.room;
  return new RoomView(roomState, own).messages().map((message) => message.text);
}

/** The bytes under a key, and how often they were written; undefined when there are none. */
export async function heldRaw(
  url: string,
  key: string,
  person?: string,
): Promise<{ readonly generation: bigint; readonly bytes: Uint8Array } | undefined> {
  const client = await connect(url, person);
  const { response } = await client.ask({ type: 'GetVersionedRequest', key: utf8(key) });
  client.close();
  if (response.type !== 'GetVersionedResponse') throw new Error(response.type);
  const { generation, value: bytes } = response;
  return bytes && { generation, bytes };
}

/** What another client, or a fault, may have left under a key. */
export async function writeRaw(url: string, key: string, value: Uint8Array): Promise<void> {
  const client = await connect(url);
  await client.ask({ type: 'StoreRequest', key: utf8(key), value });
  client.close();
}

const connect = (url: string, person?: string): Promise<DelegateClient> =>
  DelegateClient.connect(new URL(url), fromBase58(RIVER_CONTRACT_ID), person);
