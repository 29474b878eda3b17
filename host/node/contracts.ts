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
  WrappedContract,
} from '../../src/freenet/types.ts';
import { equalBytes, fromHex, toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractModules, ContractRules } from './contract-rules.ts';
import type { BuiltInRules } from './river-rules.ts';
import type { NodeStore } from './store.ts';
import { Turns } from './turns.ts';

/** The longest state a Freenet node keeps: 50 MiB. */
export const MAX_STATE_BYTES = 52_428_800;

/** Contracts whose states a contract may ask for. */
const MAX_RELATED = 10;

/** Modules that are known to be here without a look into the store, which would copy them. */
const MAX_RULES = 256;

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

/** A contract that was put or updated, whether by that it became another or not. */
export interface ContractChange {
  readonly contract: HeldContract;
  readonly changed: boolean;
}

export interface ContractPut extends ContractChange {
  /** Whether it was here already. */
  readonly existed: boolean;
}

export interface ContractsDeps {
  readonly store: NodeStore;
  readonly modules: ContractModules;
  /** Rules of contracts that may be put without their module, as no other node allows. */
  readonly builtIn: BuiltInRules;
}

export class Contracts {
  readonly #store: NodeStore;
  readonly #modules: ContractModules;
  readonly #builtIn: BuiltInRules;
  /** By code hash: those whose module is here. The longest unused first. */
  readonly #rules = new Map<string, ContractRules>();
  /** One change of a contract after the other: each is computed from the state that it replaces. */
  readonly #turns = new Turns();
  #changed: HeldContract[] = [];

  constructor({ store, modules, builtIn }: ContractsDeps) {
    this.#store = store;
    this.#modules = modules;
    this.#builtIn = builtIn;
  }

  get(instance: Uint8Array): Result<HeldContract, ContractFailure> {
    const contract = this.#store.contract(instance);
    const state = this.#store.contractState(instance);
    const rules = contract && this.#rulesFor(contract.codeHash);
    if (!contract || !state || !rules) return err({ type: 'Missing' });
    const key = { instance, code: contract.codeHash };
    return ok({ key, params: contract.params, state, rules });
  }

  /** The module of a contract that is here. */
  code(key: ContractKey): Uint8Array | undefined {
    return this.#store.contractCode(key.code);
  }

  /**
   * Takes a contract in with its first state; where it is here already, the state is merged into the one it has. Whoever calls it
   * has the change announced.
   */
  async put(
    container: ContractContainer,
    state: Uint8Array,
    related: RelatedContracts,
  ): Promise<Result<ContractPut, ContractFailure>> {
    if (container.type !== 'Wasm' || container.version.type !== 'V1') {
      return refused('a contract container of a kind this node does not know');
    }
    const { contract } = container.version;
    return this.#turns.take(toHex(contract.key.instance), async () => {
      if (!this.get(contract.key.instance).ok) return this.#putNew(contract, state, related);
      const updated = await this.#update(contract.key, [{ type: 'State', state }]);
      return updated.ok ? ok({ ...updated.value, existed: true }) : updated;
    });
  }

  /** Applies updates to the state. Whoever calls it has the change announced. */
  update(
    key: ContractKey,
    updates: readonly UpdateData[],
  ): Promise<Result<ContractChange, ContractFailure>> {
    return this.#turns.take(toHex(key.instance), () => this.#update(key, updates));
  }

  /**
   * Replaces states without asking the contracts, which some delegates may, in one transaction with what else is `written`.
   *
   * @param states by instance id in hex; of contracts that are not here, none is kept
   */
  async overwrite(states: ReadonlyMap<string, Uint8Array>, written: () => void): Promise<void> {
    await this.#turns.takeAll([...states.keys()], async () => {
      const held = [...states].flatMap(([id, state]) => {
        const contract = this.get(fromHex(id));
        return contract.ok ? [{ ...contract.value, state }] : [];
      });
      await this.#store.commit(() => {
        written();
        for (const { key, state } of held) this.#store.putContractState(key.instance, state);
      });
      for (const contract of held) this.announce({ contract, changed: true });
    });
  }

  /** Has everybody told who is to hear of a change, when the answer to whoever made it is on its way. */
  announce({ contract, changed }: ContractChange): void {
    if (changed) this.#changed.push(contract);
  }

  /** What has been announced since this was last asked, in order. */
  takeChanged(): readonly HeldContract[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  async #putNew(
    { key, params, data }: WrappedContract,
    state: Uint8Array,
    related: RelatedContracts,
  ): Promise<Result<ContractPut, ContractFailure>> {
    const given = data.data.length > 0 ? data.data : undefined;
    const hash = given ? codeHash(given) : key.code;
    const derived = contractKeyOf(hash, params);
    if (!equalBytes(hash, key.code) || !sameContract(derived, key)) {
      return refused('its key is not the key of its module and parameters');
    }
    const checked = given && (await this.#modules.check(given, hash));
    if (checked && !checked.ok) return refused(checked.error);
    const rules = given ? this.#modules.rules(hash, () => given) : this.#rulesFor(hash);
    if (!rules) return refused('it comes without its module, which is not here');
    const valid = await this.#validate(rules, params, state, related);
    if (!valid.ok) return valid;
    await this.#store.commit(() => {
      this.#store.putContract(key.instance, { codeHash: hash, params }, given);
      this.#store.putContractState(key.instance, state);
    });
    return ok({ contract: { key, params, state, rules }, changed: true, existed: false });
  }

  async #update(
    key: ContractKey,
    updates: readonly UpdateData[],
  ): Promise<Result<ContractChange, ContractFailure>> {
    const held = this.get(key.instance);
    if (!held.ok) return held;
    const { params, rules, state } = held.value;
    if (!equalBytes(key.code, held.value.key.code)) {
      return refused(`${idText(key.instance)} has another code hash`);
    }
    const applied = await this.#apply(rules, params, state, updates);
    if (!applied.ok) return applied;
    const next = applied.value;
    if (equalBytes(next, state)) return ok({ contract: held.value, changed: false });
    const valid = await this.#validate(rules, params, next, []);
    if (!valid.ok) return valid;
    await this.#store.commit(() => this.#store.putContractState(key.instance, next));
    return ok({ contract: { ...held.value, state: next }, changed: true });
  }

  async #apply(
    rules: ContractRules,
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Promise<Result<Uint8Array, ContractFailure>> {
    const first = await rules.update(params, state, updates);
    if (!first.ok) return refused(first.error);
    if (first.value.related.length === 0) return ok(first.value.newState ?? state);
    // it wants to see other contracts before it decides
    const states = this.#statesOf(first.value.related.map(({ instance }) => instance));
    if (!states.ok) return states;
    const second = await rules.update(params, state, [
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

  async #validate(
    rules: ContractRules,
    params: Uint8Array,
    state: Uint8Array,
    related: RelatedContracts,
  ): Promise<Result<undefined, ContractFailure>> {
    if (state.length > MAX_STATE_BYTES) {
      return refused(`a state of ${state.length} bytes, at most ${MAX_STATE_BYTES} are kept`);
    }
    let verdict = await rules.validate(params, state, related);
    if (verdict.ok && verdict.value.type === 'RequestRelated') {
      const states = this.#statesOf(verdict.value.instances);
      if (!states.ok) return states;
      verdict = await rules.validate(params, state, [...related, ...states.value]);
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
  #rulesFor(hash: Uint8Array): ContractRules | undefined {
    const name = toHex(hash);
    const wasm = (): Uint8Array | undefined => this.#store.contractCode(hash);
    let rules = this.#rules.get(name);
    if (!rules) {
      if (!wasm()) return this.#builtIn(hash);
      rules = this.#modules.rules(hash, wasm);
    }
    this.#rules.delete(name);
    this.#rules.set(name, rules);
    const [oldest] = this.#rules.keys();
    if (this.#rules.size > MAX_RULES && oldest !== undefined) this.#rules.delete(oldest);
    return rules;
  }
}
