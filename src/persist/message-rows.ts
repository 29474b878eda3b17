import type { AuthorizedMessage } from '../river/room-state/messages.ts';
import { decodeMessage } from '../river/room-parts.ts';
import type { MessageId } from '../river/ids.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import { fromHex, toHex } from '../shared/bytes.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { MessageKey } from './schema.ts';

/**
 * Where a message lies among those of its room: the 22 bytes of its row's key as lower-case hex, so that the order of strings is the
 * order of messages (seconds, nanoseconds, id with its sign bit flipped, counter).
 */
export type MessagePlace = string;

/** A message as its row has it. */
export interface ReadMessage {
  readonly place: MessagePlace;
  readonly message: AuthorizedMessage;
  /** Of the change that it was written with here. */
  readonly seq?: number;
  /** When it came as news. */
  readonly firstSeen?: Millis;
}

const ORDER_DIGITS = 40;
const TIME_DIGITS = 24;
const SIGN_BIT = 1n << 63n;

const keyOf = (room: RoomKey, place: MessagePlace): MessageKey => [
  room,
  (fromHex(place) ?? new Uint8Array()).slice(),
];

/** IndexedDB gives binary keys back as ArrayBuffer, whatever view they were stored from. */
const placeOf = ([, key]: MessageKey): MessagePlace =>
  toHex(key instanceof Uint8Array ? key : new Uint8Array(key as ArrayBuffer));

/** In the order of the room. */
export const byPlace = (a: ReadMessage, b: ReadMessage): number =>
  a.place < b.place ? -1 : a.place > b.place ? 1 : 0;

/** The places of all copies of one message: the first and the last that there can be. */
export const placesOfOrder = (order: Uint8Array): readonly [MessagePlace, MessagePlace] => {
  const digits = toHex(order);
  return [`${digits}0000`, `${digits}ffff`];
};

export const idOfPlace = (place: MessagePlace): MessageId =>
  BigInt.asIntN(64, BigInt(`0x${digitsOfPlace(place)}`) ^ SIGN_BIT);

/** The id in it: see `idDigits`. */
export const digitsOfPlace = (place: MessagePlace): string =>
  place.slice(TIME_DIGITS, ORDER_DIGITS);

/** The id as a place has it: 16 digits. */
export const idDigits = (id: MessageId): string =>
  BigInt.asUintN(64, id ^ SIGN_BIT)
    .toString(16)
    .padStart(16, '0');

/** Whole seconds since 1970 UTC. */
export const secondsOfPlace = (place: MessagePlace): number =>
  Number.parseInt(place.slice(0, 16), 16);

/**
 * The newest rows before a place (undefined: of the room), oldest first. A row that does not decode is passed over: whoever needs
 * the whole room says so.
 */
export async function readBefore(
  tx: ReadTx,
  room: RoomKey,
  before: MessagePlace | undefined,
  count: number,
): Promise<{ readonly messages: readonly ReadMessage[]; readonly reachesStart: boolean }> {
  const store = tx.objectStore('messages');
  const range =
    before === undefined
      ? IDBKeyRange.bound([room], [room, []])
      : IDBKeyRange.bound([room], keyOf(room, before), false, true);
  let cursor = await store.openKeyCursor(range, 'prev');
  if (!cursor) return { messages: [], reachesStart: true };
  const last = cursor.key;
  if (count > 1) cursor = await cursor.advance(count - 1);
  const from = cursor ? IDBKeyRange.bound(cursor.key, last) : range;
  const messages = await readRange(tx, from);
  return { messages, reachesStart: cursor === null };
}

/** The newest message of a room, of whatever kind; nothing is decoded. */
export async function newestIdIn(
  tx: ReadTx | WriteTx,
  room: RoomKey,
): Promise<MessageId | undefined> {
  const range = IDBKeyRange.bound([room], [room, []]);
  const cursor = await tx.objectStore('messages').openKeyCursor(range, 'prev');
  return cursor ? idOfPlace(placeOf(cursor.key)) : undefined;
}

/** Both ends included, oldest first. */
export const readBetween = (
  tx: ReadTx,
  room: RoomKey,
  from: MessagePlace,
  to: MessagePlace,
): Promise<readonly ReadMessage[]> =>
  readRange(tx, IDBKeyRange.bound(keyOf(room, from), keyOf(room, to)));

async function readRange(tx: ReadTx, range: IDBKeyRange): Promise<readonly ReadMessage[]> {
  const store = tx.objectStore('messages');
  const [keys, rows] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
  return rows.flatMap(({ bytes, seq, firstSeen }, i) => {
    const message = decodeMessage(bytes);
    if (!message.ok) return [];
    const place = placeOf(keys[i] as MessageKey);
    return [
      {
        place,
        message: message.value,
        ...(seq !== undefined && { seq }),
        ...(firstSeen !== undefined && { firstSeen }),
      },
    ];
  });
}
