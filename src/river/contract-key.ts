import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, toBase58 } from '../shared/bytes.ts';
import { encode, fixedInts, option } from './cbor/codec.ts';
import { struct } from './cbor/struct.ts';
import type { VerifyingKey } from './keys.ts';
import { roomParameters } from './room-state/parameters.ts';

/** Names a contract: `instance` is BLAKE3(code hash ‖ parameters), `code` the BLAKE3 of its WASM. 32 bytes each. */
export interface ContractKey {
  readonly instance: Uint8Array;
  /** null in data from before 2025-12-21. */
  readonly code: Uint8Array | null;
}

/** `{"instance": [ints], "code": [ints]}`. Source: freenet-stdlib: rust/src/contract_interface/key.rs. */
export const contractKey = struct<ContractKey>({
  instance: fixedInts(32),
  code: option(fixedInts(32)),
});

/** The contract of the room of `owner` under the room contract with this code hash. */
export function roomContractKey(codeHash: Uint8Array, owner: VerifyingKey): ContractKey {
  const parameters = encode(roomParameters, { owner });
  return { instance: blake3(concatBytes([codeHash, parameters])), code: codeHash };
}

/** Contract ids as people see them: base58, 43 or 44 characters. */
export const contractIdText = ({ instance }: ContractKey): string => toBase58(instance);
