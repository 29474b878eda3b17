import { riverRules, ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import type { ContractRequest } from '../../src/freenet/client-request.ts';
import type { ContractResponse, HostResult } from '../../src/freenet/host-response.ts';
import { contractKeyOf, idText } from '../../src/freenet/keys.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { equalBytes, fromBase58, toHex } from '../../src/shared/bytes.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import { rooms } from './rooms.ts';

/** The host's own rules. One for all runs of the process: signatures that were verified once are known. */
const rules = riverRules()(ROOM_CONTRACT_CODE_HASH);

const PLACES: readonly { readonly key: ContractKey; readonly params: Uint8Array }[] = rooms.map(
  ({ room }) => {
    const params = encode(roomParameters, { owner: fromBase58(room) });
    return { params, key: contractKeyOf(ROOM_CONTRACT_CODE_HASH, params) };
  },
);

const roomOfInstance = new Map(PLACES.map(({ key }, room) => [toHex(key.instance), room]));

type Changed = (room: number, before: Uint8Array | undefined, after: Uint8Array) => void;

/** The rooms' contracts as everybody in the network has them: by River's rules, out of reach of what befalls one node. */
export class SimContracts {
  /** By room. */
  readonly states = new Map<number, Uint8Array>();
  readonly #changed: Changed;

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  /** @param refuses the contract's words, as if it had found something */
  answer(request: ContractRequest, refuses?: string): HostResult {
    switch (request.type) {
      case 'Get': {
        const room = roomOf(request.key);
        const state = this.states.get(room);
        if (!state) return answer({ type: 'NotFound', instance: request.key });
        const { key } = place(room);
        return answer({ type: 'GetResponse', key, contract: undefined, state });
      }
      case 'Put': {
        const { contract, state } = request;
        if (contract.type !== 'Wasm' || contract.version.type !== 'V1') throw new Error('no code');
        const { key } = contract.version.contract;
        const taken = this.#take(roomOf(key.instance), { type: 'State', state }, refuses);
        return taken.ok
          ? answer({ type: 'PutResponse', key })
          : refusal('put error for contract', key, taken.error);
      }
      case 'Update': {
        const { key, data } = request;
        const room = roomOf(key.instance);
        if (!this.states.has(room)) return refusal('update error for contract', key, 'not here');
        const taken = this.#take(room, data, refuses);
        if (!taken.ok) return refusal('update error for contract', key, taken.error);
        return answer({ type: 'UpdateResponse', key, summary: this.#summary(room) });
      }
      default:
        throw new Error(`nobody is to ask for ${request.type}`);
    }
  }

  /** Another member's update arrives from elsewhere. @returns whether there is such a contract yet */
  told(room: number, delta: Uint8Array): boolean {
    if (!this.states.has(room)) return false;
    const taken = this.#take(room, { type: 'Delta', delta });
    if (!taken.ok) throw new Error(taken.error);
    return true;
  }

  #take(room: number, data: UpdateData, refuses?: string): Result<undefined, string> {
    if (!rules) throw new Error('no rules');
    if (refuses !== undefined) return err(refuses);
    const { params } = place(room);
    const before = this.states.get(room);
    let after = data.type === 'State' ? data.state : undefined;
    if (before) {
      const updated = rules.update(params, before, [data]);
      if (!updated.ok) return updated;
      after = updated.value.newState;
    }
    if (!after) throw new Error('an update of nothing');
    const valid = rules.validate(params, after, []);
    if (!valid.ok) return valid;
    if (before && equalBytes(before, after)) return ok(undefined);
    this.states.set(room, after);
    this.#changed(room, before, after);
    return ok(undefined);
  }

  #summary(room: number): Uint8Array {
    const summary = rules?.summarize(place(room).params, this.states.get(room) as Uint8Array);
    if (!summary?.ok) throw new Error('no summary');
    return summary.value;
  }
}

/** As a node that lost track of what it was asked, or gives no summary. */
export function emptyAnswer(request: ContractRequest, done: boolean): HostResult {
  if (done && request.type === 'Update') {
    return answer({ type: 'UpdateResponse', key: request.key, summary: new Uint8Array() });
  }
  return err({ type: 'RequestError', error: { type: 'Timeout' } });
}

/** @throws for a contract that is no room of the simulation */
function roomOf(instance: Uint8Array): number {
  const room = roomOfInstance.get(toHex(instance));
  if (room === undefined) throw new Error('no room');
  return room;
}

const place = (room: number) => PLACES[room] as (typeof PLACES)[number];

const answer = (response: ContractResponse): HostResult =>
  ok({ type: 'ContractResponse', response });

const refusal = (what: string, { instance }: ContractKey, cause: string): HostResult =>
  err({ type: 'OperationError', cause: `${what} ${idText(instance)}: ${cause}` });
