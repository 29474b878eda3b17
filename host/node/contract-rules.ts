/**
 * What a contract decides, whoever computes it: its own WASM module here, or code that follows the same rules.
 *
 * All of it is pure: bytes in, bytes out, the same every time. Errors are in words, as the contract gives them.
 */
import type { UpdateModification, ValidateResult } from '../../src/freenet/guest-abi.ts';
import type { RelatedContracts, UpdateData } from '../../src/freenet/types.ts';
import { toHex, utf8Text } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractRunError } from '../wasm/contract-host.ts';
import { loadContract } from '../wasm/contract-host.ts';
import { describeWasmError } from '../wasm/delegate-host.ts';
import type { GuestPool } from '../wasm/guest-pool.ts';

/** At once, or when a guest's thread has computed it. */
type Decision<T> = Result<T, string> | Promise<Result<T, string>>;

export interface ContractRules {
  validate(
    params: Uint8Array,
    state: Uint8Array,
    related: RelatedContracts,
  ): Decision<ValidateResult>;
  /** @param updates applied in order */
  update(
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Decision<UpdateModification>;
  summarize(params: Uint8Array, state: Uint8Array): Decision<Uint8Array>;
  delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Decision<Uint8Array>;
}

/** Contracts' own modules, as every Freenet node runs them. */
export class ContractModules {
  readonly #guests: GuestPool;

  constructor(guests: GuestPool) {
    this.#guests = guests;
  }

  /** Errors: why a module can't be run. */
  async check(wasm: Uint8Array, codeHash: Uint8Array): Promise<Result<undefined, string>> {
    if (hasDebugSections(wasm)) return err(DEBUG_SECTIONS);
    return inWords(this.#guests.checkContract({ name: toHex(codeHash), wasm: () => wasm }));
  }

  /** @param wasm the module, asked for whenever a thread has to compile it */
  rules(codeHash: Uint8Array, wasm: () => Uint8Array | undefined): ContractRules {
    const guests = this.#guests;
    const module = { name: toHex(codeHash), wasm };
    return {
      validate: (params, state, related) =>
        inWords(guests.validateState(module, params, state, related)),
      update: (params, state, updates) =>
        inWords(guests.updateState(module, params, state, updates)),
      summarize: (params, state) => inWords(guests.summarizeState(module, params, state)),
      delta: (params, state, summary) =>
        inWords(guests.getStateDelta(module, params, state, summary)),
    };
  }
}

/** The same question without a thread, about a module that its own user names. Errors: why it can't be run. */
export function checkContractModule(wasm: Uint8Array): Result<undefined, string> {
  const loaded = loadContract(wasm);
  if (!loaded.ok) return err(describeWasmError(loaded.error));
  return hasDebugSections(wasm) ? err(DEBUG_SECTIONS) : ok(undefined);
}

const DEBUG_SECTIONS = 'the module carries .debug_ sections';

async function inWords<T>(
  answer: Promise<Result<T, ContractRunError>>,
): Promise<Result<T, string>> {
  const result = await answer;
  return result.ok ? result : err(describeError(result.error));
}

function describeError(error: ContractRunError): string {
  switch (error.type) {
    case 'GuestError': {
      const { error: said } = error;
      if ('cause' in said) return `${said.type}: ${said.cause}`;
      return 'reason' in said ? `${said.type}: ${said.reason}` : said.type;
    }
    case 'Trap':
    case 'BadResult':
      return describeWasmError({ ...error, message: 0 });
    case 'InvalidModule':
    case 'MissingExport':
    case 'UnknownImport':
    case 'Stopped':
      return describeWasmError(error);
  }
}

/** Whether a module has a custom section of debugging data, for which a Freenet node refuses it. */
export function hasDebugSections(wasm: Uint8Array): boolean {
  const magicAndVersion = 8;
  let at = magicAndVersion;
  /** An unsigned LEB128 number of at most 32 bits. */
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = wasm[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < wasm.length) {
    const kind = wasm[at++];
    const size = number();
    const next = at + size;
    if (kind === 0) {
      const length = number();
      if (utf8Text(wasm.subarray(at, at + length)).startsWith('.debug_')) return true;
    }
    at = next;
  }
  return false;
}
