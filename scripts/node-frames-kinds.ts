/** Frames as a broken or hostile client sends them. */
import { encodeClientRequest, type ClientRequest } from '../src/freenet/client-request.ts';
import { delegateKey, wasmDelegate } from '../src/freenet/keys.ts';
import type { DelegateKey } from '../src/freenet/types.ts';
import type { Dice } from '../src/river/testing/dice.ts';
import { utf8 } from '../src/shared/bytes.ts';
import { delegateVectors, distinct } from './fuzz/corpus.ts';
import { mutateBincode } from './fuzz/mutate/bincode.ts';
import { TestRoom } from './node-rooms.ts';

/** What a WebSocket client sends as one message. */
export type Message = Uint8Array | string;

export const KINDS = [
  'random bytes',
  'mutated request',
  'bad chunks',
  'huge length',
  'text',
  'whole request',
  'large',
] as const;
export type Kind = (typeof KINDS)[number];

/** Of a thousand. What runs guests is dear, what is large too. */
const SHARES: Readonly<Record<Kind, number>> = {
  'random bytes': 250,
  'mutated request': 350,
  'bad chunks': 180,
  'huge length': 149,
  text: 50,
  'whole request': 20,
  large: 1,
};

const NO_BYTES = new Uint8Array(0);
const LARGE_BYTES = 1024 * 1024;

const LENGTHS = [
  0x7fff_ffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
];

/**
 * Makes messages without end, the same ones for the same dice.
 *
 * They go to a delegate of their own, since some unregister it; whoever sends very many makes a new one now and then: what mutated
 * stores have left there grows, and every call of the delegate costs what it has.
 */
export class Attacks {
  /** What attackers do first: register the delegate that they attack. */
  readonly registration: Uint8Array;
  readonly #dice: Dice;
  readonly #requests: readonly Uint8Array[];

  /** @param name tells one attacked delegate from another */
  constructor(delegateWasm: Uint8Array, name: string, dice: Dice) {
    this.#dice = dice;
    const params = utf8(name);
    const key = delegateKey(delegateWasm, params);
    this.registration = encodeClientRequest({
      type: 'DelegateOp',
      request: {
        type: 'RegisterDelegate',
        delegate: wasmDelegate(delegateWasm, params, key),
        cipher: new Uint8Array(32),
        nonce: new Uint8Array(24),
      },
    });
    this.#requests = requests(key, params, dice).map(encodeClientRequest);
  }

  next(): { readonly kind: Kind; readonly message: Message } {
    let at = this.#dice.below(1000);
    const kind = KINDS.find((each) => (at -= SHARES[each]) < 0) ?? 'random bytes';
    return { kind, message: this.#make(kind) };
  }

  #make(kind: Kind): Message {
    const dice = this.#dice;
    switch (kind) {
      case 'random bytes':
        return dice.bytes(dice.below(1 << dice.below(11)));
      case 'mutated request':
        return this.#mutated();
      case 'bad chunks':
        return badChunk(dice);
      case 'huge length':
        return this.#hugeLength();
      case 'text':
        return dice.chance(0.5)
          ? 'hello, node'
          : String.fromCharCode(...dice.bytes(dice.below(300)));
      case 'whole request':
        return dice.pick(this.#requests);
      case 'large':
        return new Uint8Array(LARGE_BYTES).fill(dice.below(256));
    }
  }

  #mutated(): Uint8Array {
    const dice = this.#dice;
    let bytes = dice.pick(this.#requests);
    for (let times = dice.between(1, 3); times > 0; times--) {
      bytes = mutateBincode(dice, bytes, () => dice.pick(this.#requests));
    }
    return bytes;
  }

  /** A request in which some eight bytes promise more than anybody has. */
  #hugeLength(): Uint8Array {
    const bytes = this.#dice.pick(this.#requests).slice();
    if (bytes.length < 12) return bytes;
    const at = this.#dice.between(4, bytes.length - 8);
    new DataView(bytes.buffer).setBigUint64(at, this.#dice.pick(LENGTHS), true);
    return bytes;
  }
}

/** Chunks of streams that contradict themselves, never end, or hold no request. */
function badChunk(dice: Dice): Uint8Array {
  const total = dice.pick([0, 1, 2, 3, 255, 256, 257, 0xffff_ffff]);
  const index = dice.pick([0, 1, 2, total, 255, 0xffff_ffff]);
  return encodeClientRequest({
    type: 'StreamChunk',
    streamId: dice.below(12),
    index,
    total,
    data: dice.bytes(dice.below(64)),
  });
}

/** One of each kind, and what was recorded of the chat delegate. */
function requests(key: DelegateKey, params: Uint8Array, dice: Dice): readonly ClientRequest[] {
  const room = new TestRoom('attacked', dice);
  const { instance } = room.key;
  const flags = { subscribe: true, blockingSubscribe: false };
  const application = (payload: Uint8Array): ClientRequest => ({
    type: 'DelegateOp',
    request: {
      type: 'ApplicationMessages',
      key,
      params,
      inbound: [{ type: 'ApplicationMessage', payload, context: NO_BYTES, processed: false }],
    },
  });
  const contract = (
    request: Extract<ClientRequest, { type: 'ContractOp' }>['request'],
  ): ClientRequest => ({ type: 'ContractOp', request });
  const recorded = distinct(delegateVectors().steps.map(({ request }) => request))
    .flat()
    .filter(({ length }) => length < 4000);
  return [
    ...recorded.map(application),
    contract({
      type: 'Put',
      contract: room.container,
      state: room.state,
      relatedContracts: [],
      ...flags,
    }),
    ...['one', 'two', 'three'].map((text) =>
      contract({
        type: 'Update',
        key: room.key,
        data: { type: 'Delta', delta: room.say(text).delta },
      }),
    ),
    contract({ type: 'Update', key: room.key, data: { type: 'State', state: room.state } }),
    contract({ type: 'Get', key: instance, returnContractCode: true, ...flags }),
    contract({ type: 'Subscribe', key: instance, summary: room.summary }),
    contract({ type: 'Subscribe', key: instance, summary: undefined }),
    { type: 'DelegateOp', request: { type: 'UnregisterDelegate', key } },
    { type: 'NodeQueries', query: { type: 'ConnectedPeers' } },
    { type: 'NodeQueries', query: { type: 'NeighborHostingInfo' } },
    { type: 'Authenticate', token: 'token' },
  ];
}

/** What ends a connection: frames that break the WebSocket protocol itself. @returns the bytes behind the handshake */
export function brokenFrame(dice: Dice): Uint8Array {
  const mask = [1, 2, 3, 4];
  switch (dice.below(8)) {
    case 0: // a reserved opcode
      return Uint8Array.of(0x80 | dice.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), 0x80, ...mask);
    case 1: // without a mask
      return Uint8Array.of(0x82, 3, 1, 2, 3);
    case 2: // a reserved bit
      return Uint8Array.of(0xc2, 0x80, ...mask);
    case 3: // a ping in two frames
      return Uint8Array.of(0x09, 0x80, ...mask);
    case 4: // a ping that is too long
      return Uint8Array.of(0x89, 0xfe, 1, 0, ...mask, ...dice.bytes(256));
    case 5: // the continuation of nothing
      return Uint8Array.of(0x80, 0x81, ...mask, 7);
    case 6: // a length of 2^63
      return Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, ...mask);
    default: // text that is none
      return Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe);
  }
}
