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

const NOT_HERE = 'the contract is not here';

export class ContractsForDelegates {
  readonly #contracts: Contracts;
  /** Instance id → delegates by `keyText`. */
  readonly #subscribed = new Map<string, Map<string, OwnedDelegate>>();

  constructor(contracts: Contracts) {
    this.#contracts = contracts;
  }

  /** @param asking who asks */
  carryOut(request: DelegateContractRequest, asking: OwnedDelegate): InboundDelegateMsg {
    const { context } = request;
    switch (request.type) {
      case 'PutContractRequest': {
        const { contract, state, relatedContracts } = request;
        const result = outcomeOf(this.#contracts.put(contract, state, relatedContracts));
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
        const result = this.#update(contractId, update);
        return { type: 'UpdateContractResponse', contractId, result, context };
      }
      case 'SubscribeContractRequest': {
        const { contractId } = request;
        const result = this.#subscribe(contractId, asking);
        return { type: 'SubscribeContractResponse', contractId, result, context };
      }
    }
  }

  /** What a module that imports contract functions is given: its writes pass the contract by, as on a Freenet node. */
  imports(asking: OwnedDelegate): DelegateContracts {
    const contracts = this.#contracts;
    return {
      state: (id) => {
        const held = contracts.get(id);
        return held.ok ? ok(held.value.state) : err('NotFound');
      },
      put: (id, state) => (contracts.overwrite(id, state) ? ok(undefined) : err('UnknownCode')),
      update: (id, state) => (contracts.overwrite(id, state) ? ok(undefined) : err('NotFound')),
      subscribe: (id) => (this.#subscribe(id, asking).ok ? ok(undefined) : err('NotFound')),
    };
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

  #update(instance: Uint8Array, update: UpdateData): Outcome {
    if (update.type !== 'State' && update.type !== 'Delta') {
      return err(`a delegate can't update with ${update.type}`);
    }
    const held = this.#contracts.get(instance);
    return outcomeOf(held.ok ? this.#contracts.update(held.value.key, [update]) : held);
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

function outcomeOf(result: Result<unknown, ContractFailure>): Outcome {
  if (result.ok) return ok(undefined);
  return err(result.error.type === 'Missing' ? NOT_HERE : result.error.cause);
}

/** Zeros for a container of an unknown kind, which names none. */
const idOf = (contract: ContractContainer): Uint8Array =>
  contract.type === 'Wasm' && contract.version.type === 'V1'
    ? contract.version.contract.key.instance
    : new Uint8Array(32);
