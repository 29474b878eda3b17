/** Clients that write to a node until it dies, and know afterwards what must be there. */
import type { NodeConnection } from '../src/freenet/client.ts';
import type { DelegateKey } from '../src/freenet/types.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
  type DelegateRequest,
  type DelegateResponse,
} from '../src/river/delegate-messages.ts';
import type { MessageId } from '../src/river/ids.ts';
import type { Dice } from '../src/river/testing/dice.ts';
import { equalBytes, utf8, utf8Text } from '../src/shared/bytes.ts';
import { orThrow } from '../src/shared/testing/or-throw.ts';
import { KEPT_MESSAGES, messagesIn, TestRoom, type SignedMessage } from './node-rooms.ts';
import { registerDelegate } from './node-process.ts';

/** One client, over all lives of the node. */
export interface Writer {
  /** Writes that the node has confirmed. */
  readonly acknowledged: number;
  /** Reads back what was written in earlier lives. @returns what is not as it must be, in words; empty when all is well */
  check(connection: NodeConnection): Promise<readonly string[]>;
  /** Writes until the connection ends. */
  write(connection: NodeConnection): Promise<void>;
}

const NO_PARAMS = new Uint8Array(0);
const KEYS = 6;
/** Most values are small; some are a full room's. */
const SIZES = [10, 10, 3_000, 40_000, 370_000];

interface Value {
  /** Counts this writer's values. */
  readonly n: number;
  readonly bytes: Uint8Array;
}

interface Slot {
  readonly key: string;
  generation: bigint;
  held: Value | undefined;
  /** Sent when the node died. */
  inFlight: Value | undefined;
}

/** Stores values under a few keys of the chat delegate, by compare-and-swap, up to three in one request. */
export class DelegateWriter implements Writer {
  acknowledged = 0;
  readonly #dice: Dice;
  readonly #slots: readonly Slot[];
  #count = 0;

  constructor(name: string, dice: Dice) {
    this.#dice = dice;
    this.#slots = Array.from({ length: KEYS }, (_, i) => ({
      key: `room:${name}${i}`,
      generation: 0n,
      held: undefined,
      inFlight: undefined,
    }));
  }

  async check(connection: NodeConnection): Promise<readonly string[]> {
    const delegate = await registerDelegate(connection);
    const lost: string[] = [];
    const arrived: boolean[] = [];
    for (const slot of this.#slots) {
      const { key, held, inFlight } = slot;
      const [read] = await ask(connection, delegate, [
        { type: 'GetVersionedRequest', key: utf8(key) },
      ]);
      if (read?.type !== 'GetVersionedResponse') throw new Error(`${key}: ${read?.type}`);
      const is = (value: Value | undefined): boolean =>
        value === undefined
          ? read.value === undefined
          : read.value !== undefined && equalBytes(read.value, value.bytes);
      const hasArrived = inFlight !== undefined && is(inFlight);
      if (inFlight) arrived.push(hasArrived);
      if (!hasArrived && !is(held)) lost.push(`${key}: write ${held?.n} is not there`);
      if (!hasArrived && read.generation !== slot.generation) {
        lost.push(`${key}: generation ${read.generation}, ${slot.generation} was acknowledged`);
      }
      slot.held = hasArrived ? inFlight : held;
      slot.inFlight = undefined;
      slot.generation = read.generation;
    }
    // one request is one transaction
    if (new Set(arrived).size > 1) lost.push(`${this.#slots[0]?.key}…: half of a request is there`);
    return [...lost, ...(await this.#missingInIndex(connection, delegate))];
  }

  async #missingInIndex(connection: NodeConnection, delegate: DelegateKey): Promise<string[]> {
    const [list] = await ask(connection, delegate, [{ type: 'ListRequest' }]);
    if (list?.type !== 'ListResponse') throw new Error(String(list?.type));
    const listed = new Set(list.keys.map(utf8Text));
    return this.#slots
      .filter(({ key, held }) => held && !listed.has(key))
      .map(({ key }) => `${key}: it is not listed`);
  }

  async write(connection: NodeConnection): Promise<void> {
    const delegate = await registerDelegate(connection);
    for (;;) {
      const slots = this.#dice.shuffled(this.#slots).slice(0, this.#dice.between(1, 3));
      for (const slot of slots) slot.inFlight = this.#newValue();
      const requests = slots.map(({ key, generation, inFlight }): DelegateRequest => ({
        type: 'CasStoreRequest',
        key: utf8(key),
        value: inFlight?.bytes ?? NO_PARAMS,
        expectedGeneration: generation,
      }));
      let answered: readonly DelegateResponse[];
      try {
        answered = await ask(connection, delegate, requests);
      } catch (error) {
        if (error instanceof Gone) return;
        throw error;
      }
      for (const [i, slot] of slots.entries()) {
        const answer = answered[i];
        if (answer?.type !== 'CasStoreResponse' || answer.result.type !== 'Stored') {
          throw new Error(`${slot.key}: ${JSON.stringify(answer, printable)}`);
        }
        slot.held = slot.inFlight;
        slot.inFlight = undefined;
        slot.generation = answer.result.generation;
        this.acknowledged += 1;
      }
    }
  }

  #newValue(): Value {
    const n = this.#count++;
    const bytes = new Uint8Array(this.#dice.pick(SIZES)).fill(n % 251);
    bytes.set(utf8(String(n)).slice(0, bytes.length));
    return { n, bytes };
  }
}

/** Puts a room and writes messages into its contract. */
export class RoomWriter implements Writer {
  acknowledged = 0;
  readonly #room: TestRoom;
  readonly #said: MessageId[] = [];
  #isPut = false;
  #inFlight: SignedMessage | undefined;

  constructor(name: string, dice: Dice) {
    this.#room = new TestRoom(name, dice);
  }

  async check(connection: NodeConnection): Promise<readonly string[]> {
    const { instance } = this.#room.key;
    const got = orThrow(await connection.get({ instance }));
    if (got.type === 'NotFound') return this.#isPut ? ['a room that was put is not there'] : [];
    const held = new Set(messagesIn(got.state));
    if (this.#inFlight && held.has(this.#inFlight.id)) this.#said.push(this.#inFlight.id);
    this.#inFlight = undefined;
    return this.#said
      .slice(-KEPT_MESSAGES)
      .filter((id) => !held.has(id))
      .map((id) => `message ${id} is not there`);
  }

  async write(connection: NodeConnection): Promise<void> {
    const { container, key, state } = this.#room;
    if (!this.#isPut) {
      const put = await connection.put({ contract: container, state });
      if (!put.ok) return gone(put.error);
      this.#isPut = true;
      this.acknowledged += 1;
    }
    for (let n = this.#said.length; ; n++) {
      this.#inFlight = this.#room.say(`message ${n}`);
      const data = { type: 'Delta', delta: this.#inFlight.delta } as const;
      const updated = await connection.update({ key, data });
      if (!updated.ok) return gone(updated.error);
      this.#said.push(this.#inFlight.id);
      this.#inFlight = undefined;
      this.acknowledged += 1;
    }
  }
}

/** The node died before it answered. */
class Gone extends Error {}

function gone(error: { readonly type: string }): void {
  if (error.type !== 'Closed') throw new Error(JSON.stringify(error));
}

async function ask(
  connection: NodeConnection,
  key: DelegateKey,
  requests: readonly DelegateRequest[],
): Promise<readonly DelegateResponse[]> {
  let answered: readonly DelegateResponse[] = [];
  const result = await connection.askDelegate({
    key,
    params: NO_PARAMS,
    payloads: requests.map((request) => encodeDelegateRequest(request, 'byte-strings')),
    changesState: true,
    timeoutMs: 60_000,
    accepts: (payloads) => {
      const decoded = payloads.map((payload) => orThrow(decodeDelegateResponse(payload)));
      const fits = requests.every((request, i) => {
        const response = decoded[i];
        return response !== undefined && answers(request, response);
      });
      if (fits) answered = decoded;
      return fits;
    },
  });
  if (result.ok) return answered;
  if (result.error.type === 'Closed') throw new Gone();
  throw new Error(JSON.stringify(result.error));
}

const printable = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;
