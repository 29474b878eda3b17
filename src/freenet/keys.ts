/**
 * How Freenet names code, contracts, delegates and secrets: plain BLAKE3, 32 bytes, parts put together without separators.
 *
 * Source: freenet-stdlib: rust/src/{code_hash,versioning,delegate_interface}.rs, contract_interface/key.rs.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, equalBytes, id32FromBase58, toBase58 } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateContainer,
  DelegateKey,
  SecretsId,
} from './types.ts';

/** BLAKE3 of the raw module, without any version header. Some tens of milliseconds per MB: call it once per module. */
export const codeHash = (wasm: Uint8Array): Uint8Array => blake3(wasm);

/** @param codeHash 32 bytes */
export const contractInstanceId = (codeHash: Uint8Array, params: Uint8Array): Uint8Array =>
  blake3(concatBytes([codeHash, params]));

/** The key of a contract whose code hash is known. */
export const contractKeyOf = (codeHash: Uint8Array, params: Uint8Array): ContractKey => ({
  instance: contractInstanceId(codeHash, params),
  code: codeHash,
});

export const contractKey = (wasm: Uint8Array, params: Uint8Array): ContractKey =>
  contractKeyOf(codeHash(wasm), params);

/** The key of a delegate whose code hash is known. */
export const delegateKeyOf = (codeHash: Uint8Array, params: Uint8Array): DelegateKey => ({
  key: blake3(concatBytes([codeHash, params])),
  codeHash,
});

export const delegateKey = (wasm: Uint8Array, params: Uint8Array): DelegateKey =>
  delegateKeyOf(codeHash(wasm), params);

/** @param key raw key of the secret, any length */
export const secretsId = (key: Uint8Array): SecretsId => ({ key, hash: blake3(key) });

export const sameContract = (a: ContractKey, b: ContractKey): boolean =>
  equalBytes(a.instance, b.instance);

export const sameDelegate = (a: DelegateKey, b: DelegateKey): boolean =>
  equalBytes(a.key, b.key) && equalBytes(a.codeHash, b.codeHash);

/** Base58 of 32 bytes, as Freenet shows ids and hashes: 32 to 44 characters. */
export const idText = (id: Uint8Array): string => toBase58(id);

/** Freenet shows the instance id alone. */
export const contractKeyText = (key: ContractKey): string => toBase58(key.instance);

/** Freenet shows the first half alone: delegates of equal text may have different code hashes. */
export const delegateKeyText = (key: DelegateKey): string => toBase58(key.key);

export interface BadId {
  readonly type: 'BadId';
  readonly text: string;
}

/** A 32-byte id from its text. Refuses other lengths, where Freenet's parser would pad a short one with zeros. */
export function parseId(text: string): Result<Uint8Array, BadId> {
  const id = id32FromBase58(text);
  return id ? ok(id) : err({ type: 'BadId', text });
}

/** @param key when known: it is not derived again; a node refuses a wrong one */
export function wasmContract(
  wasm: Uint8Array,
  params: Uint8Array,
  key: ContractKey = contractKey(wasm, params),
): ContractContainer {
  const contract = { data: { data: wasm, codeHash: key.code }, params, key };
  return { type: 'Wasm', version: { type: 'V1', contract } };
}

/** @param key when known: it is not derived again; a node refuses a wrong one */
export function wasmDelegate(
  wasm: Uint8Array,
  params: Uint8Array,
  key: DelegateKey = delegateKey(wasm, params),
): DelegateContainer {
  const delegate = { parameters: params, data: { data: wasm, codeHash: key.codeHash }, key };
  return { type: 'Wasm', version: { type: 'V1', delegate } };
}
