import { WebSocket } from 'ws';
import type { ContractRules } from '../../host/node/contract-rules.ts';
import {
  riverRules,
  ROOM_CONTRACT_CODE_HASH,
  type BuiltInRules,
} from '../../host/node/river-rules.ts';
import { connectNode, type NodeConnection } from '../../src/freenet/client.ts';
import { contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import type { WeirDatabase } from '../../src/persist/database.ts';
import { readRoom, ROOM_STORES } from '../../src/persist/room-store.ts';
import { decodeStored } from '../../src/persist/stored-room.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import { encodeContent } from '../../src/river/content.ts';
import { readContent } from '../../src/river/message-content.ts';
import { CONTENT_TYPE_TEXT } from '../../src/river/room-state/content-types.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState, type RoomState } from '../../src/river/room-state/room-state.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { fromBase58, utf8 } from '../../src/shared/bytes.ts';
import { err, ok } from '../../src/shared/result.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

const paramsOf = (room: string): Uint8Array => encode(roomParameters, { owner: fromBase58(room) });

export const contractOf = (room: string): ContractKey =>
  contractKeyOf(ROOM_CONTRACT_CODE_HASH, paramsOf(room));

/** Another client of the node: it reads and changes rooms' contracts without Weir's own checks. */
export class OtherClient {
  readonly #connection: NodeConnection;

  private constructor(connection: NodeConnection) {
    this.#connection = connection;
  }

  static async connect(url: string): Promise<OtherClient> {
    const connected = await connectNode({
      url: `${url.replace('http', 'ws')}/v1/contract/command`,
      openSocket: (at) => new WebSocket(at),
    });
    return new OtherClient(orThrow(connected));
  }

  /** What the room's contract holds; undefined when it is not there. */
  async held(room: string): Promise<RoomState | undefined> {
    const got = orThrow(await this.#connection.get({ instance: contractOf(room).instance }));
    return got.type === 'Found' ? orThrow(decode(roomState, got.state)) : undefined;
  }

  async put(room: string, state: RoomState): Promise<void> {
    const contract = wasmContract(new Uint8Array(), paramsOf(room), contractOf(room));
    orThrow(await this.#connection.put({ contract, state: encode(roomState, state) }));
  }

  /** @returns the contract's refusal, if it refused */
  async update(room: string, data: UpdateData): Promise<string | undefined> {
    const updated = await this.#connection.update({ key: contractOf(room), data });
    return updated.ok ? undefined : JSON.stringify(updated.error);
  }

  close(): void {
    this.#connection.close();
  }
}

/** What the room's contract holds on the node at `url`; undefined when it is not there. */
export async function heldByContract(url: string, room: string): Promise<RoomState | undefined> {
  const client = await OtherClient.connect(url);
  try {
    return await client.held(room);
  } finally {
    client.close();
  }
}

/** Does what a network between two nodes does: what one node's contract holds reaches the other's. */
export async function carry(room: string, from: string, to: string): Promise<void> {
  const state = await heldByContract(from, room);
  if (!state) throw new Error('the contract does not hold the room');
  const client = await OtherClient.connect(to);
  if (await client.held(room)) {
    await client.update(room, { type: 'State', state: encode(roomState, state) });
  } else await client.put(room, state);
  client.close();
}

/** River's rules on a node that has more to say: it refuses for reasons of its own, or takes what nobody has signed. */
export class MoodyRules {
  /** What updates are refused with. */
  refusal: string | undefined;
  /** Takes every state. */
  trusting = false;
  /** What subscribers are told instead of what has changed. */
  told: Uint8Array | undefined;
  readonly of: BuiltInRules;

  constructor() {
    const river = riverRules();
    this.of = (codeHash) => {
      const rules = river(codeHash);
      return rules && this.#around(rules);
    };
  }

  #around(rules: ContractRules): ContractRules {
    return {
      validate: (...args) => (this.trusting ? ok({ type: 'Valid' }) : rules.validate(...args)),
      update: (...args) => (this.refusal === undefined ? rules.update(...args) : err(this.refusal)),
      summarize: (...args) => rules.summarize(...args),
      delta: (...args) => (this.told ? ok(this.told) : rules.delta(...args)),
    };
  }
}

/** The state with one more message, as its newest author would have written it: but the signature is none. */
export function withForgery(state: RoomState, text: string): RoomState {
  const last = state.recentMessages.at(-1);
  if (!last) throw new Error('a room without messages');
  const { time } = last.message;
  const message = {
    ...last.message,
    time: { ...time, secsSinceEpoch: time.secsSinceEpoch + 1n },
    content: {
      type: 'Public',
      contentType: CONTENT_TYPE_TEXT,
      contentVersion: 1,
      data: encodeContent({ type: 'text', text }),
    },
  } as const;
  // a message's id comes from its signature: another text must have another one
  const salt = utf8(text);
  const signature = last.signature.map((byte, i) => byte ^ ((salt[i % salt.length] ?? 0) | 1));
  const forged = { message, signature };
  return { ...state, recentMessages: [...state.recentMessages, forged] };
}

/** The room as a profile has it stored. */
export async function storedRoom(db: WeirDatabase, room: string): Promise<RoomState | undefined> {
  const stored = await db.read(ROOM_STORES, (tx) => readRoom(tx, room as RoomKey));
  return stored && orThrow(decodeStored(stored)).state;
}

/** The texts of a public room's messages. */
export function textsOf(state: RoomState | undefined): string[] {
  return (state?.recentMessages ?? []).flatMap((message) => {
    const content = readContent(message, new Map());
    return 'text' in content ? [content.text] : [];
  });
}
