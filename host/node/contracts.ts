/**
 * Contracts: put, updated, read. What a change means is the contract's own affair (`ContractRules`).
 *
 * Source: freenet-core: crates/core/src/contract/executor/runtime/, operations/ (0.2.129). This node is alone: what it does not
 * have does not exist, and what it accepts is accepted.
 */
import { codeHash, contractKeyOf, idText, sameContract } from '../../src/freenet/keys.ts';
import type {
  ContractContainer,
  ContractKey,
  RelatedContracts,
  UpdateData,
} from '../../src/freenet/types.ts';
import { equalBytes, toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractRules, RulesOf } from './contract-rules.ts';
import type { BuiltInRules } from './river-rules.ts';
import type { NodeStore } from './store.ts';

/** The longest state a Freenet node keeps: 50 MiB. */
export const MAX_STATE_BYTES = 52_428_800;

/** Contracts whose states a contract may ask for. */
const MAX_RELATED = 10;

/** Modules kept ready; compiling one of 1 MB takes some tens of milliseconds. */
const MAX_RULES = 16;

export type ContractFailure =
  /** No code, or no state, under this id. */
  { readonly type: 'Missing' } | { readonly type: 'Refused'; readonly cause: string };

/** A contract that is here. */
export interface HeldContract {
  readonly key: ContractKey;
  readonly params: Uint8Array;
  readonly state: Uint8Array;
  readonly rules: ContractRules;
}

const refused = (cause: string): Result<never, ContractFailure> => err({ type: 'Refused', cause });

export class Contracts {
  readonly #store: NodeStore;
  readonly #rulesOf: RulesOf;
  readonly #builtIn: BuiltInRules;
  /** By code hash; the longest unused first. */
  readonly #rules = new Map<string, ContractRules>();
  /** By instance id: those whose state has changed since `takeChanged`. */
  #changed = new Map<string, ContractKey>();

  /** @param builtIn rules of contracts that may be put without their module, as no other node allows */
  constructor(store: NodeStore, rulesOf: RulesOf, builtIn: BuiltInRules) {
    this.#store = store;
    this.#rulesOf = rulesOf;
    this.#builtIn = builtIn;
  }

  get(instance: Uint8Array): Result<HeldContract, ContractFailure> {
    const contract = this.#store.contract(instance);
    const state = this.#store.contractState(instance);
    if (!contract || !state) return err({ type: 'Missing' });
    const rules = this.#rulesFor(this.#store.contractCode(contract.codeHash), contract.codeHash);
    if (!rules) return err({ type: 'Missing' });
    if (!rules.ok) return refused(rules.error);
    const key = { instance, code: contract.codeHash };
    return ok({ key, params: contract.params, state, rules: rules.value });
  }

  /** The module of a contract that is here. */
  code(key: ContractKey): Uint8Array | undefined {
    return this.#store.contractCode(key.code);
  }

  /**
   * Takes a contract in with its first state; where it is here already, the state is merged into the one it has.
   *
   * @returns whether it was here already
   */
  put(
    container: ContractContainer,
    state: Uint8Array,
    related: RelatedContracts,
  ): Result<{ readonly key: ContractKey; readonly existed: boolean }, ContractFailure> {
    if (container.type !== 'Wasm' || container.version.type !== 'V1') {
      return refused('a contract container of a kind this node does not know');
    }
    const { key, params, data } = container.version.contract;
    if (this.get(key.instance).ok) {
      const updated = this.update(key, [{ type: 'State', state }]);
      return updated.ok ? ok({ key, existed: true }) : updated;
    }
    const given = data.data.length > 0 ? data.data : undefined;
    const hash = given ? codeHash(given) : key.code;
    const derived = contractKeyOf(hash, params);
    if (!equalBytes(hash, key.code) || !sameContract(derived, key)) {
      return refused('its key is not the key of its module and parameters');
    }
    const rules = this.#rulesFor(given ?? this.#store.contractCode(hash), hash);
    if (!rules) return refused('it comes without its module, which is not here');
    if (!rules.ok) return refused(rules.error);
    const valid = this.#validate(rules.value, params, state, related);
    if (!valid.ok) return valid;
    this.#store.transaction(() => {
      this.#store.putContract(key.instance, { codeHash: hash, params }, given);
      this.#store.putContractState(key.instance, state);
    });
    this.#changed.set(toHex(key.instance), key);
    return ok({ key, existed: false });
  }

  /** Applies updates to the state; a state that comes out the same is no change. */
  update(key: ContractKey, updates: readonly UpdateData[]): Result<HeldContract, ContractFailure> {
    const held = this.get(key.instance);
    if (!held.ok) return held;
    const { params, rules, state } = held.value;
    if (!equalBytes(key.code, held.value.key.code)) {
      return refused(`${idText(key.instance)} has another code hash`);
    }
    const applied = this.#apply(rules, params, state, updates);
    if (!applied.ok) return applied;
    const next = applied.value;
    if (equalBytes(next, state)) return held;
    const valid = this.#validate(rules, params, next, []);
    if (!valid.ok) return valid;
    this.#store.transaction(() => this.#store.putContractState(key.instance, next));
    this.#changed.set(toHex(key.instance), held.value.key);
    return ok({ ...held.value, state: next });
  }

  /**
   * Replaces the state without asking the contract, which some delegates may.
   *
   * @returns false when the contract is not here
   */
  overwrite(instance: Uint8Array, state: Uint8Array): boolean {
    const held = this.get(instance);
    if (!held.ok || state.length > MAX_STATE_BYTES) return false;
    this.#store.transaction(() => this.#store.putContractState(instance, state));
    this.#changed.set(toHex(instance), held.value.key);
    return true;
  }

  /** The contracts that have changed since this was last asked. */
  takeChanged(): readonly ContractKey[] {
    if (this.#changed.size === 0) return [];
    const keys = [...this.#changed.values()];
    this.#changed = new Map();
    return keys;
  }

  #apply(
    rules: ContractRules,
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Result<Uint8Array, ContractFailure> {
    const first = rules.update(params, state, updates);
    if (!first.ok) return refused(first.error);
    if (first.value.related.length === 0) return ok(first.value.newState ?? state);
    // it wants to see other contracts before it decides
    const states = this.#statesOf(first.value.related.map(({ instance }) => instance));
    if (!states.ok) return states;
    const second = rules.update(params, state, [
      ...updates,
      ...states.value.map((other): UpdateData => ({
        type: 'RelatedState',
        relatedTo: other.instance,
        state: other.state,
      })),
    ]);
    if (!second.ok) return refused(second.error);
    return second.value.newState
      ? ok(second.value.newState)
      : refused('it asks for other contracts again and again');
  }

  #validate(
    rules: ContractRules,
    params: Uint8Array,
    state: Uint8Array,
    related: RelatedContracts,
  ): Result<undefined, ContractFailure> {
    if (state.length > MAX_STATE_BYTES) {
      return refused(`a state of ${state.length} bytes, at most ${MAX_STATE_BYTES} are kept`);
    }
    let verdict = rules.validate(params, state, related);
    if (verdict.ok && verdict.value.type === 'RequestRelated') {
      const states = this.#statesOf(verdict.value.instances);
      if (!states.ok) return states;
      verdict = rules.validate(params, state, [...related, ...states.value]);
    }
    if (!verdict.ok) return refused(verdict.error);
    return verdict.value.type === 'Valid'
      ? ok(undefined)
      : refused(
          verdict.value.type === 'Invalid'
            ? 'the state is not valid'
            : 'it asks for other contracts again and again',
        );
  }

  #statesOf(
    instances: readonly Uint8Array[],
  ): Result<{ instance: Uint8Array; state: Uint8Array }[], ContractFailure> {
    if (instances.length > MAX_RELATED) {
      return refused(`it asks for ${instances.length} other contracts, ${MAX_RELATED} are allowed`);
    }
    const states: { instance: Uint8Array; state: Uint8Array }[] = [];
    for (const instance of instances) {
      const state = this.#store.contractState(instance);
      if (!state) return refused(`it asks for ${idText(instance)}, which is not here`);
      states.push({ instance, state });
    }
    return ok(states);
  }

  /** A module that is here decides, else the node's own rules; undefined when there is neither. */
  #rulesFor(
    wasm: Uint8Array | undefined,
    hash: Uint8Array,
  ): Result<ContractRules, string> | undefined {
    if (!wasm) {
      const builtIn = this.#builtIn(hash);
      return builtIn && ok(builtIn);
    }
    const name = toHex(hash);
    const kept = this.#rules.get(name);
    const rules = kept ? ok(kept) : this.#rulesOf(wasm, hash);
    if (!rules.ok) return rules;
    this.#rules.delete(name);
    this.#rules.set(name, rules.value);
    if (this.#rules.size > MAX_RULES) {
      const [oldest] = this.#rules.keys();
      if (oldest !== undefined) this.#rules.delete(oldest);
    }
    return rules;
  }
}
