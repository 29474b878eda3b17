import {
  getStateDelta,
  summarizeState,
  updateState,
  validateState,
  type ContractRunError,
  type LoadedContract,
} from '../../host/wasm/contract-host.ts';
import * as weir from '../../src/river/contract.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import type { SignatureVerifier } from '../../src/river/signatures/verifier.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';

export interface Update {
  readonly kind: 'state' | 'delta';
  readonly data: Uint8Array;
}

/** Bytes, or how the call was refused; `text` compares two answers. */
export interface Answer {
  readonly bytes: Uint8Array | undefined;
  readonly text: string;
  /** `ok`, or the kind of refusal. */
  readonly outcome: string;
  /** For people: why it was refused. */
  readonly reason: string;
}

/** The room contract's four calls. */
export interface Contract {
  validate(params: Uint8Array, state: Uint8Array): Promise<Answer>;
  update(params: Uint8Array, state: Uint8Array, updates: readonly Update[]): Promise<Answer>;
  summarize(params: Uint8Array, state: Uint8Array): Promise<Answer>;
  delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Promise<Answer>;
}

const answered = (bytes: Uint8Array | undefined): Answer => ({
  bytes,
  text: bytes === undefined ? 'ok' : toHex(bytes),
  outcome: 'ok',
  reason: '',
});

const refused = (outcome: string, reason: string): Answer => ({
  bytes: undefined,
  text: outcome,
  outcome,
  reason,
});

/** River's own, compiled. */
export class RiverContract implements Contract {
  readonly #contract: LoadedContract;

  constructor(contract: LoadedContract) {
    this.#contract = contract;
  }

  #answer(result: Result<Uint8Array | undefined, ContractRunError>): Answer {
    if (result.ok) return answered(result.value);
    const { error } = result;
    if (error.type !== 'GuestError') throw new Error(`River's contract: ${JSON.stringify(error)}`);
    return refused(error.error.type, JSON.stringify(error.error));
  }

  async validate(params: Uint8Array, state: Uint8Array): Promise<Answer> {
    const result = validateState(this.#contract, params, state);
    if (result.ok && result.value.type !== 'Valid') throw new Error(result.value.type);
    return this.#answer(result.ok ? { ok: true, value: undefined } : result);
  }

  async update(params: Uint8Array, state: Uint8Array, updates: readonly Update[]): Promise<Answer> {
    const data = updates.map(({ kind, data: bytes }) =>
      kind === 'state'
        ? ({ type: 'State', state: bytes } as const)
        : ({ type: 'Delta', delta: bytes } as const),
    );
    const result = updateState(this.#contract, params, state, data);
    return this.#answer(result.ok ? { ok: true, value: result.value.newState } : result);
  }

  async summarize(params: Uint8Array, state: Uint8Array): Promise<Answer> {
    return this.#answer(summarizeState(this.#contract, params, state));
  }

  async delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Promise<Answer> {
    return this.#answer(getStateDelta(this.#contract, params, state, summary));
  }
}

/** Weir's, in TypeScript. Nothing verified in one call is remembered for the next. */
export class WeirContract implements Contract {
  readonly #verifier: SignatureVerifier;

  constructor(verifier: SignatureVerifier) {
    this.#verifier = verifier;
  }

  #memo(): SignatureMemo {
    return new SignatureMemo(this.#verifier);
  }

  #answer(result: Result<Uint8Array | void, weir.ContractError>): Answer {
    if (!result.ok) return refused(result.error.type, JSON.stringify(result.error));
    return answered(result.value instanceof Uint8Array ? result.value : undefined);
  }

  async validate(params: Uint8Array, state: Uint8Array): Promise<Answer> {
    return this.#answer(await weir.validateState(params, state, this.#memo()));
  }

  async update(params: Uint8Array, state: Uint8Array, updates: readonly Update[]): Promise<Answer> {
    return this.#answer(await weir.updateState(params, state, updates, this.#memo()));
  }

  async summarize(params: Uint8Array, state: Uint8Array): Promise<Answer> {
    return this.#answer(weir.summarizeState(params, state));
  }

  async delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Promise<Answer> {
    return this.#answer(weir.getStateDelta(params, state, summary));
  }
}

/** Puts the same question to both and compares the answers. @returns River's */
export async function both(
  what: string,
  river: Contract,
  own: Contract,
  ask: (contract: Contract) => Promise<Answer>,
  compare: (what: string, river: string, weir: string, outcome: string) => void,
): Promise<Answer> {
  const theirs = await ask(river);
  const ours = await ask(own);
  const explained = (answer: Answer): string =>
    theirs.text === ours.text ? answer.text : `${answer.text} ${answer.reason}`;
  compare(what, explained(theirs), explained(ours), theirs.outcome);
  return theirs;
}
