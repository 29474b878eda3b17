/**
 * What a contract decides, whoever computes it: its own WASM module here, or code that follows the same rules.
 *
 * All of it is pure: bytes in, bytes out, the same every time. Errors are in words, as the contract gives them.
 */
import type { UpdateModification, ValidateResult } from '../../src/freenet/guest-abi.ts';
import type { RelatedContracts, UpdateData } from '../../src/freenet/types.ts';
import { utf8Text } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractRunError } from '../wasm/contract-host.ts';
import {
  getStateDelta,
  loadContract,
  summarizeState,
  updateState,
  validateState,
} from '../wasm/contract-host.ts';
import { describeWasmError } from '../wasm/delegate-host.ts';

export interface ContractRules {
  validate(
    params: Uint8Array,
    state: Uint8Array,
    related: RelatedContracts,
  ): Result<ValidateResult, string>;
  /** @param updates applied in order */
  update(
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Result<UpdateModification, string>;
  summarize(params: Uint8Array, state: Uint8Array): Result<Uint8Array, string>;
  delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Result<Uint8Array, string>;
}

/** The rules of a module. Errors: why the module can't be run. */
export type RulesOf = (wasm: Uint8Array, codeHash: Uint8Array) => Result<ContractRules, string>;

/** A contract's own module, as every Freenet node runs it. */
export const wasmRules: RulesOf = (wasm) => {
  const loaded = loadContract(wasm);
  if (!loaded.ok) return err(describeWasmError(loaded.error));
  if (hasDebugSections(wasm)) return err('the module carries .debug_ sections');
  const contract = loaded.value;
  return ok({
    validate: (params, state, related) => inWords(validateState(contract, params, state, related)),
    update: (params, state, updates) => inWords(updateState(contract, params, state, updates)),
    summarize: (params, state) => inWords(summarizeState(contract, params, state)),
    delta: (params, state, summary) => inWords(getStateDelta(contract, params, state, summary)),
  });
};

function inWords<T>(result: Result<T, ContractRunError>): Result<T, string> {
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
