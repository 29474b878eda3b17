/**
 * A client's contract requests and what they are answered with, in the words of a network or a local node.
 *
 * Source: freenet-core: crates/core/src/client_events.rs, operations/{put,get,update,subscribe}/ (0.2.129).
 */
import type { ClientError, ContractError } from '../../src/freenet/client-error.ts';
import type { ContractRequest } from '../../src/freenet/client-request.ts';
import type { ContractResponse, HostResult } from '../../src/freenet/host-response.ts';
import { idText, wasmContract } from '../../src/freenet/keys.ts';
import type { ContractKey } from '../../src/freenet/types.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { ContractChange, ContractFailure, Contracts, HeldContract } from './contracts.ts';
import type { FailureShapes } from './failure-shapes.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

const NO_BYTES = new Uint8Array(0);

export class ContractRequests {
  readonly #contracts: Contracts;
  readonly #subscriptions: Subscriptions;
  readonly #local: boolean;

  constructor(contracts: Contracts, subscriptions: Subscriptions, shapes: FailureShapes) {
    this.#contracts = contracts;
    this.#subscriptions = subscriptions;
    this.#local = shapes === 'local';
  }

  async carryOut(request: ContractRequest, subscriber: Subscriber): Promise<HostResult> {
    switch (request.type) {
      case 'Put':
        return this.#put(request, subscriber);
      case 'Get':
        return this.#get(request, subscriber);
      case 'Update':
        return this.#update(request);
      case 'Subscribe':
        return this.#subscribe(request, subscriber);
      case 'unknown':
        return err({
          type: 'DeserializationError',
          cause: `${request.of} has no variant ${request.tag}`,
        });
      default:
        return unreachable(request);
    }
  }

  /** The answer to a request that was not carried out, as if it had failed. */
  pretendFailure(request: ContractRequest): HostResult {
    if (request.type === 'unknown') return err({ type: 'OperationError', cause: TOLD_TO_FAIL });
    const failure = { type: 'Refused', cause: TOLD_TO_FAIL } as const;
    return this.#fail(failure, keyOf(request), request.type);
  }

  async #put(
    request: Extract<ContractRequest, { type: 'Put' }>,
    subscriber: Subscriber,
  ): Promise<HostResult> {
    const { contract, state, relatedContracts } = request;
    const put = await this.#contracts.put(contract, state, relatedContracts);
    if (!put.ok) {
      return this.#fail(put.error, keyOf(request), 'Put');
    }
    if (this.#local && put.value.existed) return this.#updated(put.value);
    const { key } = put.value.contract;
    this.#contracts.announce(put.value);
    if (request.subscribe && !this.#local) {
      this.#subscriptions.add(key.instance, subscriber, undefined);
    }
    return answer({ type: 'PutResponse', key });
  }

  #get(request: Extract<ContractRequest, { type: 'Get' }>, subscriber: Subscriber): HostResult {
    const held = this.#contracts.get(request.key);
    if (!held.ok) {
      if (held.error.type === 'Missing' && !this.#local) {
        return answer({ type: 'NotFound', instance: request.key });
      }
      return this.#fail(held.error, { instance: request.key, code: NO_KEY.code }, 'Get');
    }
    const { key, params, state } = held.value;
    if (request.subscribe && !this.#local) {
      this.#subscriptions.add(key.instance, subscriber, undefined);
    }
    const wasm = request.returnContractCode ? this.#contracts.code(key) : undefined;
    const contract = wasm && wasmContract(wasm, params, key);
    return answer({ type: 'GetResponse', key, contract, state });
  }

  async #update({ key, data }: Extract<ContractRequest, { type: 'Update' }>): Promise<HostResult> {
    const updated = await this.#contracts.update(key, [data]);
    return updated.ok ? this.#updated(updated.value) : this.#fail(updated.error, key, 'Update');
  }

  /** The announcement comes last: whoever changed the contract is answered before anybody is told. */
  async #updated(change: ContractChange): Promise<HostResult> {
    const { key } = change.contract;
    const summary = await summaryOf(change.contract);
    this.#contracts.announce(change);
    return answer({ type: 'UpdateResponse', key, summary });
  }

  #subscribe(
    { key: instance, summary }: Extract<ContractRequest, { type: 'Subscribe' }>,
    subscriber: Subscriber,
  ): HostResult {
    const held = this.#contracts.get(instance);
    if (!held.ok) {
      // a local node listens for what is not there yet, and says that it is not there
      if (this.#local) this.#subscriptions.add(instance, subscriber, summary);
      return this.#fail(held.error, { instance, code: NO_KEY.code }, 'Subscribe');
    }
    const { key } = held.value;
    if (this.#subscriptions.add(instance, subscriber, summary)) {
      return answer({ type: 'SubscribeResponse', key, subscribed: true });
    }
    return this.#fail({ type: 'Refused', cause: 'too many subscriptions' }, key, 'Subscribe');
  }

  #fail(
    failure: ContractFailure,
    key: ContractKey,
    request: 'Put' | 'Get' | 'Update' | 'Subscribe',
  ): HostResult {
    if (this.#local) {
      return err(
        contractError(
          failure.type !== 'Missing'
            ? { type: request, key, cause: failure.cause }
            : request === 'Update'
              ? { type: 'Update', key, cause: 'missing contract parameters' }
              : { type: 'MissingContract', key: key.instance },
        ),
      );
    }
    const cause = failure.type === 'Missing' ? 'the contract is not here' : failure.cause;
    return err({
      type: 'OperationError',
      cause: `${FAILED[request]} ${idText(key.instance)}: ${cause}`,
    });
  }
}

const FAILED = {
  Put: 'put error for contract',
  Get: 'failed to get contract',
  Update: 'update error for contract',
  Subscribe: 'Cannot subscribe to contract',
} as const;

/** Stands where a key is asked for and none is known. */
const NO_KEY: ContractKey = { instance: new Uint8Array(32), code: new Uint8Array(32) };

const TOLD_TO_FAIL = 'this node was told to fail';

/** The key of the contract that is asked for, as far as the request knows it. */
function keyOf(request: Exclude<ContractRequest, { readonly type: 'unknown' }>): ContractKey {
  switch (request.type) {
    case 'Put': {
      const { contract } = request;
      return contract.type === 'Wasm' && contract.version.type === 'V1'
        ? contract.version.contract.key
        : NO_KEY;
    }
    case 'Update':
      return request.key;
    case 'Get':
    case 'Subscribe':
      return { instance: request.key, code: NO_KEY.code };
    default:
      return unreachable(request);
  }
}

/** The contract's summary of its state; empty where it gives none, as on a Freenet node. */
async function summaryOf({ params, rules, state }: HeldContract): Promise<Uint8Array> {
  const summary = await rules.summarize(params, state);
  return summary.ok ? summary.value : NO_BYTES;
}

const answer = (response: ContractResponse): HostResult =>
  ok({ type: 'ContractResponse', response });

const contractError = (error: ContractError): ClientError => ({
  type: 'RequestError',
  error: { type: 'ContractError', error },
});
