/** Real River rooms for a node's contracts, and signed messages into them. */
import { contractKeyOf, wasmContract } from '../src/freenet/keys.ts';
import type { ContractContainer, ContractKey } from '../src/freenet/types.ts';
import { decode, encode } from '../src/river/cbor/codec.ts';
import { editRoom } from '../src/river/edits/author.ts';
import { createRoom } from '../src/river/edits/create-room.ts';
import { composeText } from '../src/river/edits/messages.ts';
import { messageId, type MessageId } from '../src/river/ids.ts';
import type { RoomData } from '../src/river/room-data.ts';
import { roomParameters } from '../src/river/room-state/parameters.ts';
import { roomDelta, roomState } from '../src/river/room-state/room-state.ts';
import { roomSummary } from '../src/river/room-state/summary.ts';
import { summarize } from '../src/river/room.ts';
import { SignatureMemo } from '../src/river/signatures/memo.ts';
import { timeFromMillis } from '../src/river/system-time.ts';
import type { Random } from '../src/shared/random.ts';
import { orThrow } from '../src/shared/testing/or-throw.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../host/node/river-rules.ts';

const NO_BYTES = new Uint8Array(0);

/** How many messages a new room keeps. */
export const KEPT_MESSAGES = 100;

export interface SignedMessage {
  readonly id: MessageId;
  /** What brings it into the room. */
  readonly delta: Uint8Array;
}

/** A room whose owner writes; messages are not applied to this copy. */
export class TestRoom {
  readonly key: ContractKey;
  readonly container: ContractContainer;
  readonly state: Uint8Array;
  /** Of the room without messages. */
  readonly summary: Uint8Array;
  readonly #random: Random;
  readonly #room: RoomData;
  readonly #memo = new SignatureMemo();
  #lastTime = 0;

  constructor(name: string, random: Random) {
    this.#random = random;
    const created = createRoom(
      {
        name,
        description: null,
        nickname: 'Owner',
        isPrivate: false,
        contractCodeHash: ROOM_CONTRACT_CODE_HASH,
        createdAt: timeFromMillis(Date.now()),
      },
      random,
    );
    this.#room = orThrow(created);
    const params = encode(roomParameters, { owner: this.#room.ownerVk });
    this.key = contractKeyOf(ROOM_CONTRACT_CODE_HASH, params);
    this.container = wasmContract(NO_BYTES, params, this.key);
    this.state = encode(roomState, this.#room.roomState);
    this.summary = encode(roomSummary, summarize(this.#room.roomState));
  }

  /** Signs one; each is later than the one before. */
  say(text: string): SignedMessage {
    const { ownerVk: _, roomState: state, ...own } = this.#room;
    this.#lastTime = Math.max(this.#lastTime + 1, Date.now());
    const edit = orThrow(editRoom(state, { ...own, ownerVk: this.#room.ownerVk }, this.#memo));
    const moment = { time: timeFromMillis(this.#lastTime), random: this.#random };
    const { message, delta } = orThrow(composeText(edit, text, moment));
    return { id: messageId(message), delta: encode(roomDelta, delta) };
  }
}

/** The ids of the messages in a room's state. @throws when it does not decode */
export const messagesIn = (state: Uint8Array): MessageId[] =>
  orThrow(decode(roomState, state)).recentMessages.map(messageId);
