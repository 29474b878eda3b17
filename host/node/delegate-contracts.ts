/**
 * The contracts of the node as its delegates reach them: by requests they emit, or by the functions a module imports.
 *
 * A delegate that has subscribed is run again when the contract changes. Subscriptions last until the node stops or the
 * delegate is unregistered. Source: freenet-core: crates/core/src/contract.rs, wasm_runtime/native_api.rs (0.2.129).
 */
import { sameDelegate } from '../../src/freenet/keys.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateKey,
  InboundDelegateMsg,
  OutboundDelegateMsg,
  UpdateData,
} from '../../src/freenet/types.ts';
import type { UserId } from '../../src/freenet/user-id.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { DelegateContracts } from '../wasm/delegate-imports.ts';
import type { ContractFailure, Contracts } from './contracts.ts';
import { MAX_STATE_BYTES } from './contracts.ts';
import { keyText } from './key-text.ts';

/** What a delegate emits for its node to carry out. */
export type DelegateContractRequest = Extract<
  OutboundDelegateMsg,
  {
    readonly type:
      | 'PutContractRequest'
      | 'GetContractRequest'
      | 'UpdateContractRequest'
      | 'SubscribeContractRequest';
  }
>;

/** A delegate, and the person of a hosted node as whose it runs. */
export interface OwnedDelegate {
  readonly delegate: DelegateKey;
  readonly user: UserId | undefined;
}

/** What the delegate is told of a request. */
type Outcome = Result<undefined, string>;

/** Contracts that one run can write, and subscriptions that it can make, by imported functions. */
const MAX_PENDING = 10;

const NOT_HERE = 'the contract is not here';

export class ContractsForDelegates {
  readonly #contracts: Contracts;
  /** Instance id → delegates by `keyText`. */
  readonly #subscribed = new Map<string, Map<string, OwnedDelegate>>();

  constructor(contracts: Contracts) {
    this.#contracts = contracts;
  }

  /** @param asking who asks */
  async carryOut(
    request: DelegateContractRequest,
    asking: OwnedDelegate,
  ): Promise<InboundDelegateMsg> {
    const { context } = request;
    switch (request.type) {
      case 'PutContractRequest': {
        const { contract, state, relatedContracts } = request;
        const put = await this.#contracts.put(contract, state, relatedContracts);
        if (put.ok) this.#contracts.announce(put.value);
        const result = outcomeOf(put);
        return { type: 'PutContractResponse', contractId: idOf(contract), result, context };
      }
      case 'GetContractRequest': {
        const { contractId } = request;
        const held = this.#contracts.get(contractId);
        const state = held.ok ? held.value.state : undefined;
        return { type: 'GetContractResponse', contractId, state, context };
      }
      case 'UpdateContractRequest': {
        const { contractId, update } = request;
        const result = await this.#update(contractId, update);
        return { type: 'UpdateContractResponse', contractId, result, context };
      }
      case 'SubscribeContractRequest': {
        const { contractId } = request;
        const result = this.#subscribe(contractId, asking);
        return { type: 'SubscribeContractResponse', contractId, result, context };
      }
    }
  }

  /** What a module that imports contract functions is given for one run. */
  pending(asking: OwnedDelegate): PendingContracts {
    return new PendingContracts(this.#contracts, (id) => this.#subscribe(id, asking));
  }

  subscribersOf(contract: ContractKey): readonly OwnedDelegate[] {
    return [...(this.#subscribed.get(toHex(contract.instance))?.values() ?? [])];
  }

  /** Ends all subscriptions of a delegate, whoever's they are. */
  forget(delegate: DelegateKey): void {
    for (const delegates of this.#subscribed.values()) {
      for (const [name, subscribed] of delegates) {
        if (sameDelegate(subscribed.delegate, delegate)) delegates.delete(name);
      }
    }
  }

  async #update(instance: Uint8Array, update: UpdateData): Promise<Outcome> {
    if (update.type !== 'State' && update.type !== 'Delta') {
      return err(`a delegate can't update with ${update.type}`);
    }
    const held = this.#contracts.get(instance);
    if (!held.ok) return outcomeOf(held);
    const updated = await this.#contracts.update(held.value.key, [update]);
    if (updated.ok) this.#contracts.announce(updated.value);
    return outcomeOf(updated);
  }

  #subscribe(instance: Uint8Array, asking: OwnedDelegate): Outcome {
    const held = this.#contracts.get(instance);
    if (!held.ok) return outcomeOf(held);
    const id = toHex(instance);
    const delegates = this.#subscribed.get(id) ?? new Map<string, OwnedDelegate>();
    this.#subscribed.set(id, delegates.set(keyText(asking.delegate, asking.user), asking));
    return ok(undefined);
  }
}

/**
 * What a running delegate does to contracts by functions that it imports: kept apart until the run has ended. Its writes pass
 * the contracts by, as on a Freenet node.
 */
export class PendingContracts implements DelegateContracts {
  readonly #contracts: Contracts;
  readonly #subscribeTo: (id: Uint8Array) => unknown;
  /** By instance id in hex. */
  readonly #states = new Map<string, Uint8Array>();
  readonly #subscribed: Uint8Array[] = [];

  constructor(contracts: Contracts, subscribeTo: (id: Uint8Array) => unknown) {
    this.#contracts = contracts;
    this.#subscribeTo = subscribeTo;
  }

  get isEmpty(): boolean {
    return this.#states.size === 0 && this.#subscribed.length === 0;
  }

  state(id: Uint8Array): ReturnType<DelegateContracts['state']> {
    const pending = this.#states.get(toHex(id));
    if (pending) return ok(pending);
    const held = this.#contracts.get(id);
    return held.ok ? ok(held.value.state) : err('NotFound');
  }

  put(id: Uint8Array, state: Uint8Array): ReturnType<DelegateContracts['put']> {
    return this.#overwrite(id, state) ? ok(undefined) : err('UnknownCode');
  }

  update(id: Uint8Array, state: Uint8Array): ReturnType<DelegateContracts['update']> {
    return this.#overwrite(id, state) ? ok(undefined) : err('NotFound');
  }

  subscribe(id: Uint8Array): ReturnType<DelegateContracts['subscribe']> {
    if (!this.#contracts.get(id).ok) return err('NotFound');
    if (this.#subscribed.length < MAX_PENDING) this.#subscribed.push(id);
    return ok(undefined);
  }

  /** Makes everything so, in one transaction with what else is `written`. */
  async commit(written: () => void): Promise<void> {
    await this.#contracts.overwrite(this.#states, written);
    for (const id of this.#subscribed) this.#subscribeTo(id);
  }

  #overwrite(id: Uint8Array, state: Uint8Array): boolean {
    const name = toHex(id);
    if (!this.#contracts.get(id).ok || state.length > MAX_STATE_BYTES) return false;
    if (!this.#states.has(name) && this.#states.size >= MAX_PENDING) return false;
    this.#states.set(name, state);
    return true;
  }
}

function outcomeOf(result: Result<unknown, ContractFailure>): Outcome {
  if (result.ok) return ok(undefined);
  return err(result.error.type === 'Missing' ? NOT_HERE : result.error.cause);
}

/** Zeros for a container of an unknown kind, which names none. */
const idOf = (contract: ContractContainer): Uint8Array =>
  contract.type === 'Wasm' && contract.version.type === 'V1'
    ? contract.version.contract.key.instance
    : new Uint8Array(32);
