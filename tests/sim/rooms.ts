import { nativeVerifier } from '../../host/node/ed25519-verifier.ts';
import { decode } from '../../src/river/cbor/codec.ts';
import { editRoom } from '../../src/river/edits/author.ts';
import { composeConfiguration } from '../../src/river/edits/configuration.ts';
import { createRoom } from '../../src/river/edits/create-room.ts';
import { composeText } from '../../src/river/edits/messages.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { encodeMessage } from '../../src/river/room-parts.ts';
import type { RoomDelta, RoomState } from '../../src/river/room-state/room-state.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { toBase58 } from '../../src/shared/bytes.ts';

/** What a run can write is signed once per process: a signature costs more than a whole step. */
const MESSAGES_PER_ROOM = 64;
const ROOMS = 2;
const CREATED_AT = 1_700_000_000_000;

export interface SimRoom {
  readonly room: RoomKey;
  readonly data: RoomData;
  /** Each a message of its own, signed by the room's owner, whose devices all actors are. */
  readonly messages: readonly RoomDelta[];
}

/** One for all runs of the process: signatures that were verified once are known. */
export const memo = new SignatureMemo(nativeVerifier());

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const renames = new Map<string, RoomDelta>();

/** Names of messages by their bytes, as rows and values hold them. */
const messageNames = new Map<string, string>();

export const rooms: readonly SimRoom[] = Array.from({ length: ROOMS }, (_, i) => makeRoom(i));

function makeRoom(index: number): SimRoom {
  const random = new Dice(1000 + index);
  const made = createRoom(
    {
      name: `room ${index}`,
      description: null,
      nickname: 'me',
      isPrivate: false,
      contractCodeHash: new Uint8Array(32),
      createdAt: timeFromMillis(CREATED_AT),
    },
    random,
  );
  if (!made.ok) throw new Error(made.error.type);
  const data = made.value;
  const { roomState: state, ...own } = data;
  const edit = editRoom(state, own, memo);
  if (!edit.ok) throw new Error(edit.error.type);
  const messages = Array.from({ length: MESSAGES_PER_ROOM }, (_, at) => {
    const time = timeFromMillis(CREATED_AT + 1000 * at);
    const composed = composeText(edit.value, `message ${at}`, { time, random });
    if (!composed.ok) throw new Error(composed.error.type);
    messageNames.set(latin1(encodeMessage(composed.value.message)), `${index}#${at}`);
    return composed.value.delta;
  });
  return { room: toBase58(data.ownerVk) as RoomKey, data, messages };
}

/** A rename as the room's present version takes it; each is signed once. */
export function renamed(index: number, state: RoomState, name: string): RoomDelta {
  const { configurationVersion } = state.configuration.configuration;
  const known = `${index} ${configurationVersion} ${name}`;
  let delta = renames.get(known);
  if (!delta) {
    const { roomState: _state, ...own } = (rooms[index] as SimRoom).data;
    const edit = editRoom(state, own, memo);
    if (!edit.ok) throw new Error(edit.error.type);
    const composed = composeConfiguration(edit.value, { name }, new Dice(1));
    if (!composed.ok) throw new Error(composed.error.type);
    delta = composed.value.delta;
    renames.set(known, delta);
  }
  return delta;
}

/** @throws for bytes that no actor has written */
export function messageName(bytes: Uint8Array): string {
  const name = messageNames.get(latin1(bytes));
  if (name === undefined) throw new Error('a message that nobody has written');
  return name;
}

const readValues = new WeakMap<Uint8Array, HeldRoom>();

/** What a delegate's value says, or that the room was left. */
export interface HeldRoom {
  readonly isLeft: boolean;
  readonly messages: readonly string[];
  readonly version: number;
}

export function readValue(bytes: Uint8Array): HeldRoom {
  const known = readValues.get(bytes) ?? decodeValue(bytes);
  readValues.set(bytes, known);
  return known;
}

function decodeValue(bytes: Uint8Array): HeldRoom {
  const slot = decode(roomSlot, bytes);
  if (!slot.ok) throw slot.error;
  if (slot.value.type === 'Tombstone') return { isLeft: true, messages: [], version: 0 };
  const { configuration, recentMessages } = slot.value.room.roomState;
  return {
    isLeft: false,
    messages: recentMessages.map((message) => messageName(encodeMessage(message))),
    version: configuration.configuration.configurationVersion,
  };
}
