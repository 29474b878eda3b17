import { decode, encode } from '../river/cbor/codec.ts';
import type { DecodeError } from '../river/cbor/errors.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { roomsMeta, type RoomsMeta } from '../river/rooms-meta.ts';
import type { RoomKey } from '../shared/brand.ts';
import { compareBytes, equalBytes, fromBase58, toBase58 } from '../shared/bytes.ts';
import { ok, type Result } from '../shared/result.ts';
import type { ReadTx, WriteTx } from './database.ts';
import { ROOMS_META, type ListPreferences } from './list-preferences.ts';

/** What River keeps of the list, as rows. Which rooms are here is none of its business. */
export function preferencesOf({
  currentRoomKey,
  notificationModes,
  roomOrder,
  unknown,
}: RoomsMeta): ListPreferences {
  return {
    order: [...new Set(roomOrder.map(roomOf))],
    modes: Object.fromEntries(notificationModes.map(([room, mode]) => [roomOf(room), mode])),
    unknown: unknown.map(({ name, bytes }) => ({ name, bytes: bytes.slice() })), // a view would be stored with all that is behind it
    ...(currentRoomKey && { current: roomOf(currentRoomKey) }),
  };
}

/** As River keeps it: modes in byte order of the rooms' keys, unknown fields after the known ones. */
function metaOf({ order, modes, current, unknown }: ListPreferences): RoomsMeta {
  return {
    currentRoomKey: current === undefined ? null : ownerOf(current),
    notificationModes: Object.entries(modes)
      .map(([room, mode]) => [ownerOf(room), mode] as const)
      .sort(([a], [b]) => compareBytes(a, b)),
    roomOrder: order.map(ownerOf),
    unknown: unknown.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** @param left rooms that the person has left: they have no place in the order */
export const encodePreferences = (
  preferences: ListPreferences,
  left: ReadonlySet<RoomKey> = new Set(),
): Uint8Array =>
  encode(
    roomsMeta,
    metaOf({ ...preferences, order: preferences.order.filter((room) => !left.has(room)) }),
  );

/** @returns an error that names the path of what is wrong in the bytes */
export function decodePreferences(bytes: Uint8Array): Result<ListPreferences, DecodeError> {
  const meta = decode(roomsMeta, bytes, ROOMS_META);
  return meta.ok ? ok(preferencesOf(meta.value)) : meta;
}

/** Whether the node holds something else than what is here; in what order it holds modes and fields does not count. */
export const isPreferenceOwed = (
  here: ListPreferences,
  left: ReadonlySet<RoomKey>,
  node: ListPreferences,
): boolean => !equalBytes(encodePreferences(here, left), encodePreferences(node));

/** The store is `rooms`. */
export async function leftRoomsIn(tx: ReadTx | WriteTx): Promise<ReadonlySet<RoomKey>> {
  const rows = await tx.objectStore('rooms').getAll();
  return new Set(rows.filter(({ status }) => status === 'left').map(({ room }) => room));
}

const roomOf = (owner: VerifyingKey): RoomKey => toBase58(owner) as RoomKey;
const ownerOf = (room: string): VerifyingKey => fromBase58(room) as VerifyingKey;
