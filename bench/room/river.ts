import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blake3 } from '@noble/hashes/blake3.js';
import {
  getStateDelta,
  loadContract,
  summarizeState,
  updateState,
  validateState,
} from '../../host/wasm/contract-host.ts';
import type { UpdateData } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

/** River's compiled room contract, run by V8 as a node would run it: an instance of its own for each call. */
export interface RiverContract {
  readonly bytes: number;
  /** BLAKE3 of the module, as Freenet names code. */
  readonly codeHash: string;
  readonly validate: (params: Uint8Array, state: Uint8Array) => void;
  readonly update: (
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ) => Uint8Array;
  readonly summarize: (params: Uint8Array, state: Uint8Array) => Uint8Array;
  readonly delta: (params: Uint8Array, state: Uint8Array, summary: Uint8Array) => Uint8Array;
}

const CONTRACT = 'ui/public/contracts/room_contract.wasm';

/** @param directory a checkout of River */
export function loadRiver(directory: string): RiverContract {
  const wasm = new Uint8Array(readFileSync(join(directory, CONTRACT)));
  const contract = orThrow(loadContract(wasm));
  return {
    bytes: wasm.length,
    codeHash: toHex(blake3(wasm)),
    validate: (params, state) => {
      const { type } = orThrow(validateState(contract, params, state));
      if (type !== 'Valid') throw new Error(`River's contract says ${type}`);
    },
    update: (params, state, updates) => {
      const { newState } = orThrow(updateState(contract, params, state, updates));
      if (newState === undefined) throw new Error("River's contract gives no state");
      return newState;
    },
    summarize: (params, state) => orThrow(summarizeState(contract, params, state)),
    delta: (params, state, summary) => orThrow(getStateDelta(contract, params, state, summary)),
  };
}
