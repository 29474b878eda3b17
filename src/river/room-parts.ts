import { concatBytes } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { decode, decodeStored, encode, u32, type Codec } from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { Reader } from './cbor/reader.ts';
import { Writer } from './cbor/writer.ts';
import { messageId, type MessageId } from './ids.ts';
import { ownRoomData, roomSlot, type OwnRoomData, type RoomData } from './room-data.ts';
import { bans } from './room-state/bans.ts';
import { authorizedConfiguration } from './room-state/configuration.ts';
import { directMessages } from './room-state/direct-messages.ts';
import { memberInfos } from './room-state/member-info.ts';
import { members } from './room-state/members.ts';
import { authorizedMessage, type AuthorizedMessage } from './room-state/messages.ts';
import type { RoomField, RoomState } from './room-state/room-state.ts';
import { roomSecrets } from './room-state/secrets.ts';
import { optionalUpgrade } from './room-state/upgrade.ts';

/**
 * A room slot in pieces that change apart from each other. Each piece is its field's own encoding, so a slot is put together by
 * joining bytes, and taking one apart and joining it again gives the same bytes.
 */
export interface RoomPieces {
  /** The fields of RoomData other than `room_state`, as a map of their own. */
  readonly own: Uint8Array;
  readonly parts: Readonly<Record<RoomPart, Uint8Array>>;
  /** In the order of the state. */
  readonly messages: readonly MessagePiece[];
}

export interface MessagePiece {
  /** 20 bytes; their byte order is the order of messages (see `messageSortKey`). */
  readonly sortKey: Uint8Array;
  readonly id: MessageId;
  readonly bytes: Uint8Array;
}

/** The fields of a room's state other than its messages, by River's names. */
export const ROOM_PARTS = [
  'configuration',
  'bans',
  'members',
  'member_info',
  'secrets',
  'direct_messages',
  'upgrade',
  'version',
] as const;

export type RoomPart = (typeof ROOM_PARTS)[number];

type FieldOf = {
  configuration: 'configuration';
  bans: 'bans';
  members: 'members';
  member_info: 'memberInfo';
  secrets: 'secrets';
  direct_messages: 'directMessages';
  upgrade: 'upgrade';
  version: 'version';
};

export type PartValue<P extends RoomPart> = RoomState[FieldOf[P]];

const fieldOf: FieldOf = {
  configuration: 'configuration',
  bans: 'bans',
  members: 'members',
  member_info: 'memberInfo',
  secrets: 'secrets',
  direct_messages: 'directMessages',
  upgrade: 'upgrade',
  version: 'version',
};

const partCodecs: { readonly [P in RoomPart]: Codec<PartValue<P>> } = {
  configuration: authorizedConfiguration,
  bans,
  members,
  member_info: memberInfos,
  secrets: roomSecrets,
  direct_messages: directMessages,
  upgrade: optionalUpgrade,
  version: u32,
};

/** The part that holds a field; undefined for the messages, which are rows of their own. */
export const partOfField = (field: RoomField): RoomPart | undefined =>
  ROOM_PARTS.find((part) => fieldOf[part] === field);

/** The field that a part holds. */
export const fieldOfPart = (part: RoomPart): RoomField => fieldOf[part];

export const encodePart = <P extends RoomPart>(part: P, value: PartValue<P>): Uint8Array =>
  encode(partCodecs[part] as Codec<PartValue<P>>, value);

/** Of a stored part: one that `splitRoomSlot` or `encodePart` made. */
export const decodePart = <P extends RoomPart>(
  part: P,
  bytes: Uint8Array,
): Result<PartValue<P>, DecodeError> =>
  decodeStored(partCodecs[part] as Codec<PartValue<P>>, bytes, part);

/** The encoded part of a state. */
export const partOfState = (state: RoomState, part: RoomPart): Uint8Array =>
  encode(partCodecs[part] as Codec<unknown>, state[fieldOf[part]]);

export const encodeMessage = (message: AuthorizedMessage): Uint8Array =>
  encode(authorizedMessage, message);

/** Of a stored message: one that `splitRoomSlot` or `encodeMessage` made. */
export const decodeMessage = (bytes: Uint8Array): Result<AuthorizedMessage, DecodeError> =>
  decodeStored(authorizedMessage, bytes, 'message');

/** Seconds (8 bytes), nanoseconds (4), id with its sign bit flipped (8), all big-endian. */
export function messageSortKey(message: AuthorizedMessage): Uint8Array {
  const key = new Uint8Array(20);
  const view = new DataView(key.buffer);
  const { secsSinceEpoch, nanosSinceEpoch } = message.message.time;
  view.setBigUint64(0, secsSinceEpoch);
  view.setUint32(8, nanosSinceEpoch);
  view.setBigInt64(12, messageId(message) ^ (-1n << 63n));
  return key;
}

export const messagePiece = (message: AuthorizedMessage): MessagePiece => ({
  sortKey: messageSortKey(message),
  id: messageId(message),
  bytes: encodeMessage(message),
});

export const encodeOwn = (own: OwnRoomData): Uint8Array => encode(ownRoomData, own);

/** Of a stored own part: one that `splitRoomSlot` or `encodeOwn` made. */
export const decodeOwn = (bytes: Uint8Array): Result<OwnRoomData, DecodeError> =>
  decodeStored(ownRoomData, bytes, 'own');

/** The pieces of a room's data. */
export function piecesOf(room: RoomData): RoomPieces {
  const { roomState: state } = room;
  const parts = Object.fromEntries(ROOM_PARTS.map((part) => [part, partOfState(state, part)]));
  return {
    own: encodeOwn(room),
    parts: parts as Record<RoomPart, Uint8Array>,
    messages: state.recentMessages.map(messagePiece),
  };
}

/** @param bytes a RoomSlot as River wrote it; other forms that River reads are brought into River's own */
export function splitRoomSlot(bytes: Uint8Array): Result<RoomPieces | 'Tombstone', DecodeError> {
  const slot = decode(roomSlot, bytes, 'room_slot');
  if (!slot.ok) return slot;
  return ok(slot.value.type === 'Tombstone' ? 'Tombstone' : piecesOf(slot.value.room));
}

/** The room's state from its stored pieces. */
export function stateOfPieces(pieces: {
  readonly parts: Readonly<Record<RoomPart, Uint8Array>>;
  readonly messages: readonly { readonly bytes: Uint8Array }[];
}): Result<RoomState, DecodeError> {
  const recentMessages: AuthorizedMessage[] = [];
  for (const { bytes } of pieces.messages) {
    const message = decodeMessage(bytes);
    if (!message.ok) return err(message.error);
    recentMessages.push(message.value);
  }
  const state: Partial<Record<RoomField, unknown>> = { recentMessages };
  for (const part of ROOM_PARTS) {
    const value = decodePart(part, pieces.parts[part]);
    if (!value.ok) return err(value.error);
    state[fieldOf[part]] = value.value;
  }
  return ok(state as unknown as RoomState);
}

const fixed = (write: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer();
  write(writer);
  return writer.finish();
};

const key = (name: string): Uint8Array => fixed((writer) => writer.text(name));
const head = (major: number, count: number): Uint8Array =>
  fixed((writer) => writer.head(major, count));

const OWNER_VK_ENTRY_BYTES = key('owner_vk').length + 2 + 32;
const PRESENT = concatBytes([head(5, 1), key('Present')]);
const ROOM_STATE = concatBytes([key('room_state'), head(5, 9)]);
const MESSAGES = concatBytes([key('recent_messages'), head(5, 1), key('messages')]);
const partKeys = new Map(ROOM_PARTS.map((part) => [part, key(part)]));

/**
 * `{"Present": ...}` by joining the pieces; nothing is decoded.
 *
 * @throws DecodeError when `own` is no map
 */
export function assembleRoomSlot(pieces: {
  readonly own: Uint8Array;
  readonly parts: Readonly<Record<RoomPart, Uint8Array>>;
  readonly messages: readonly { readonly bytes: Uint8Array }[];
}): Uint8Array {
  const { own, parts, messages } = pieces;
  const reader = new Reader(own);
  const ownEntries = reader.openMap();
  const headBytes = reader.at;
  const afterOwner = headBytes + OWNER_VK_ENTRY_BYTES;
  const joined: Uint8Array[] = [
    PRESENT,
    head(5, ownEntries + 1),
    own.subarray(headBytes, afterOwner),
    ROOM_STATE,
  ];
  for (const part of ROOM_PARTS) {
    // in the order of River's struct the messages come before the direct ones
    if (part === 'direct_messages') {
      joined.push(MESSAGES, head(4, messages.length));
      for (const { bytes } of messages) joined.push(bytes);
    }
    joined.push(partKeys.get(part) as Uint8Array, parts[part]);
  }
  joined.push(own.subarray(afterOwner));
  return concatBytes(joined);
}
