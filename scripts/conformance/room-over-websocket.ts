/**
 * A case of the room contract's vectors as a client plays it on a node: what the contract's functions answer is seen in what
 * comes of PUT, UPDATE, GET and SUBSCRIBE.
 *
 * Each case has a node of its own, because many are about the same room. The node is a local one: it says why it refused,
 * answers a second PUT with the contract's summary, and lets a client subscribe before a room is there.
 */
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import type { ContractResponse, HostResult } from '../../src/freenet/host-response.ts';
import { contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { difference } from './expect.ts';
import type { JsonValue } from './json.ts';
import { NodeSocket, startNode } from './node-socket.ts';

const NO_BYTES = new Uint8Array(0);
const NO_ID = new Uint8Array(32);

/** Why a case did not pass; `notCovered` where a client can't play it. */
export type Played = { readonly why: string | undefined } | { readonly notCovered: string };

type ContractRequest = Extract<ClientRequest, { readonly type: 'ContractOp' }>['request'];

/** What a request came to: the response, or the kind of the contract's error. */
export type Answer =
  | { readonly response: ContractResponse; readonly error?: undefined }
  | { readonly error: string };

const UPDATES: Readonly<Record<string, (data: Uint8Array) => UpdateData>> = {
  state: (state) => ({ type: 'State', state }),
  delta: (delta) => ({ type: 'Delta', delta }),
  state_and_delta: () => ({ type: 'StateAndDelta', state: NO_BYTES, delta: NO_BYTES }),
  related_state: () => ({ type: 'RelatedState', relatedTo: NO_ID, state: NO_BYTES }),
  related_delta: () => ({ type: 'RelatedDelta', relatedTo: NO_ID, delta: NO_BYTES }),
  related_state_and_delta: () => ({
    type: 'RelatedStateAndDelta',
    relatedTo: NO_ID,
    state: NO_BYTES,
    delta: NO_BYTES,
  }),
};

/** A client of one room’s contract. */
export class RoomClient {
  readonly #socket: NodeSocket;
  readonly #params: Uint8Array;
  readonly #key: ContractKey;

  constructor(socket: NodeSocket, codeHash: Uint8Array, params: Uint8Array) {
    this.#socket = socket;
    this.#params = params;
    this.#key = contractKeyOf(codeHash, params);
  }

  put(state: Uint8Array): Promise<Answer> {
    return this.#ask({
      type: 'Put',
      contract: wasmContract(NO_BYTES, this.#params, this.#key),
      state,
      relatedContracts: [],
      subscribe: false,
      blockingSubscribe: false,
    });
  }

  update(data: UpdateData): Promise<Answer> {
    return this.#ask({ type: 'Update', key: this.#key, data });
  }

  async state(): Promise<string> {
    const got = await this.#ask({
      type: 'Get',
      key: this.#key.instance,
      returnContractCode: false,
      subscribe: false,
      blockingSubscribe: false,
    });
    if (got.error === undefined && got.response.type === 'GetResponse') {
      return toHex(got.response.state);
    }
    return JSON.stringify(got);
  }

  subscribe(summary?: Uint8Array): Promise<Answer> {
    return this.#ask({ type: 'Subscribe', key: this.#key.instance, summary });
  }

  async notified(): Promise<Answer> {
    return answerOf(await this.#socket.next());
  }

  async #ask(request: ContractRequest): Promise<Answer> {
    return answerOf(await this.#socket.ask({ type: 'ContractOp', request }));
  }
}

function answerOf(result: HostResult): Answer {
  if (result.ok) {
    const { value } = result;
    return value.type === 'ContractResponse' ? { response: value.response } : { error: value.type };
  }
  const { error } = result;
  if (error.type !== 'RequestError' || error.error.type !== 'ContractError') {
    return { error: error.type };
  }
  const { error: cause } = error.error;
  return { error: 'cause' in cause ? (cause.cause.split(':')[0] ?? '') : cause.type };
}

/** @param contractWasm the module that decides; without one the node's own rules of `codeHash` do */
export async function playOverWebsocket(
  each: JsonValue,
  codeHash: Uint8Array,
  contractWasm: Uint8Array | undefined,
): Promise<Played> {
  const node = await startNode(contractWasm && { contractWasm });
  try {
    const socket = await NodeSocket.connect(node.host, undefined);
    return await play(each, new RoomClient(socket, codeHash, each.field('params').hex()));
  } finally {
    await node.close();
  }
}

async function play(each: JsonValue, room: RoomClient): Promise<Played> {
  const state = each.field('state').hex();
  const expected = each.field('expect');
  const error = expected.optional('error')?.field('kind').text();
  switch (each.field('op').text()) {
    case 'validate':
      return { why: difference('verdict', error ?? 'ok', (await room.put(state)).error ?? 'ok') };
    case 'delta': {
      await room.subscribe(each.field('summary').hex());
      const put = await room.put(state);
      if (put.error !== undefined) return { notCovered: `its state can't be put: ${put.error}` };
      const wanted = error === undefined ? toHex(expected.field('delta').hex()) : 'none';
      return { why: difference('delta', wanted, deltaIn(await room.notified())) };
    }
    case 'summarize': {
      await room.put(state);
      const again = await room.put(state);
      if (again.error !== undefined)
        return { notCovered: `its state can't be put: ${again.error}` };
      if ((await room.state()) !== toHex(state)) return { notCovered: 'its state does not last' };
      return {
        why: difference('summary', toHex(expected.field('summary').hex()), summaryIn(again)),
      };
    }
    case 'update':
      return playUpdate(each, room, state, error);
    default:
      return { notCovered: `op ${each.field('op').text()}` };
  }
}

async function playUpdate(
  each: JsonValue,
  room: RoomClient,
  state: Uint8Array,
  error: string | undefined,
): Promise<Played> {
  const expected = each.field('expect');
  const [update, ...others] = each.field('updates').items();
  if (!update || others.length > 0) return { notCovered: 'a request carries one update' };
  const kind = update.field('kind').text();
  const data = UPDATES[kind]?.(update.optional('data')?.hex() ?? NO_BYTES);
  if (!data) return { notCovered: `an update of kind ${kind}` };
  const put = await room.put(state);
  if (put.error !== undefined) return { notCovered: `its state can't be put: ${put.error}` };
  const updated = await room.update(data);
  const refused = error ?? expected.optional('validate')?.optional('error')?.field('kind').text();
  if (refused !== undefined || updated.error !== undefined) {
    return { why: difference('error', refused ?? 'none', updated.error ?? 'none') };
  }
  const summary = expected.optional('summary')?.optional('summary');
  return {
    why:
      difference('state', toHex(expected.field('state').hex()), await room.state()) ??
      (summary && difference('summary', toHex(summary.hex()), summaryIn(updated))),
  };
}

const summaryIn = (answer: Answer): string =>
  answer.error === undefined && answer.response.type === 'UpdateResponse'
    ? toHex(answer.response.summary)
    : JSON.stringify(answer);

/** A node sends the whole state where the contract gives no delta. */
function deltaIn(answer: Answer): string {
  if (answer.error !== undefined || answer.response.type !== 'UpdateNotification') {
    return JSON.stringify(answer);
  }
  const { update } = answer.response;
  return update.type === 'Delta' ? toHex(update.delta) : 'none';
}
