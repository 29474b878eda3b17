import { decode, encode } from '../../src/river/cbor/codec.ts';
import { encodeContent } from '../../src/river/content.ts';
import { memberId } from '../../src/river/ids.ts';
import { isVerifyingKey, sign } from '../../src/river/keys.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import {
  message as messageCodec,
  type AuthorizedMessage,
  type Message,
} from '../../src/river/room-state/messages.ts';
import { ownerIdOf, type RoomParameters } from '../../src/river/room-state/parameters.ts';
import {
  EMPTY_DELTA,
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../../src/river/room-state/room-state.ts';
import { applyDelta, trustRoom } from '../../src/river/room.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import type { UserDataVectors } from '../../src/river/testing/vectors.ts';
import { fromHex } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';
import { readVectors } from '../../tests/support/vectors.ts';

/** The recorded room that is at all its limits. */
export interface BigRoom {
  readonly params: Uint8Array;
  readonly parameters: RoomParameters;
  readonly state: Uint8Array;
  readonly slot: Uint8Array;
  readonly data: RoomData;
  /** Seeds of the people in it, by member id. */
  readonly seeds: ReadonlyMap<bigint, Uint8Array>;
}

const NAME = 'big room';

export function loadBigRoom(): BigRoom {
  const { rooms } = readVectors<UserDataVectors>('user-data');
  const vector = rooms.find(({ name }) => name === NAME);
  if (!vector) throw new Error(`the recorded data has no room "${NAME}"`);
  const slot = fromHex(vector.room_slot);
  const decoded = orThrow(decode(roomSlot, slot));
  if (decoded.type !== 'Present') throw new Error(`the room "${NAME}" was left`);
  const seeds = Object.values(vector.actors).map(
    (actor) => [memberId(fromHex(actor.verifying_key)), fromHex(actor.seed)] as const,
  );
  return {
    params: fromHex(vector.params),
    parameters: { owner: decoded.room.ownerVk },
    state: fromHex(vector.state),
    slot,
    data: decoded.room,
    seeds: new Map(seeds),
  };
}

/** Later than every recorded message. */
const LATER_MS = 1_900_000_000_000;

/** Makes messages that keep the room as full as it is: each by whoever's message is the next to be dropped. */
export class Writers {
  readonly #room: BigRoom;
  readonly #authors: bigint[];
  #written = 0;

  constructor(room: BigRoom) {
    this.#room = room;
    this.#authors = room.data.roomState.recentMessages.map(({ message }) => message.author);
  }

  next(): AuthorizedMessage {
    const author = this.#authors.shift();
    const seed = author === undefined ? undefined : this.#room.seeds.get(author);
    if (author === undefined || seed === undefined) throw new Error('an author without a seed');
    this.#authors.push(author);
    this.#written += 1;
    const text = `message ${this.#written}, of about the length that people write in a chat`;
    const message: Message = {
      roomOwner: ownerIdOf(this.#room.parameters),
      author,
      time: timeFromMillis(LATER_MS + 1000 * this.#written),
      content: {
        type: 'Public',
        contentType: 1,
        contentVersion: 1,
        data: encodeContent({ type: 'text', text }),
      },
    };
    return { message, signature: sign(encode(messageCodec, message), seed) };
  }

  /** A delta with as many new messages. */
  delta(count = 1): RoomDelta {
    return { ...EMPTY_DELTA, recentMessages: Array.from({ length: count }, () => this.next()) };
  }
}

/** The room after an update of its own, in an object of its own. Its records count as verified. */
export function updated(room: BigRoom, delta: RoomDelta): RoomState {
  const state = { ...room.data.roomState };
  const memo = new SignatureMemo();
  trustRoom(state, room.parameters, memo);
  orThrow(applyDelta(state, room.parameters, delta, memo));
  return state;
}

export const stateBytes = (state: RoomState): Uint8Array => encode(roomState, state);
export const deltaBytes = (delta: RoomDelta): Uint8Array => encode(roomDelta, delta);

/** Weir remembers this many keys of 32 bytes as points of the curve, as an app that runs for long would. */
const REMEMBERED_KEYS = 20_000;

let forgotten = 0;

/** Makes Weir forget which keys it has seen to be points: by showing it as many others. */
export function forgetKeys(): void {
  const key = new Uint8Array(32);
  const view = new DataView(key.buffer);
  for (let i = 0; i <= REMEMBERED_KEYS; i++) {
    view.setUint32(0, (forgotten += 1));
    isVerifyingKey(key);
  }
}
