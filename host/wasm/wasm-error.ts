import type { GuestContractError, GuestDelegateError } from '../../src/freenet/guest-abi.ts';

/** What can be wrong with a module before it runs. */
export type ModuleError =
  | { readonly type: 'InvalidModule'; readonly reason: string }
  /** No node gives this to a guest. */
  | { readonly type: 'UnknownImport'; readonly module: string; readonly name: string }
  | { readonly type: 'MissingExport'; readonly name: string };

/** A guest that ran and did not come back with an answer. */
export type ExecutionError =
  | { readonly type: 'Trap'; readonly reason: string }
  /** It returned, but not what its kind of guest returns. */
  | { readonly type: 'BadResult'; readonly reason: string };

/** A guest whose thread ended before its answer: its time was over, or the thread's memory, or the node's work. */
export interface GuestStopped {
  readonly type: 'Stopped';
  readonly reason: string;
}

export type WasmError = ModuleError | ExecutionError;

/** The delegate's own answer is an error. */
export interface DelegateRefused {
  readonly type: 'GuestError';
  readonly error: GuestDelegateError;
}

/** The contract's own answer is an error. */
export interface ContractRefused {
  readonly type: 'GuestError';
  readonly error: GuestContractError;
}

/** Thrown inside the host where a guest breaks the rules of memory; becomes a `BadResult`. */
export class GuestFault extends Error {}

/** The error of a guest call that threw, or undefined when it was not the guest that threw. */
export function executionError(thrown: unknown): ExecutionError | undefined {
  if (thrown instanceof GuestFault) return { type: 'BadResult', reason: thrown.message };
  // a stack overflow in a guest is a RangeError
  if (thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError) {
    return { type: 'Trap', reason: thrown.message };
  }
  return undefined;
}
