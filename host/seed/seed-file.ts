/**
 * A recorded River user's data: requests that, sent in order, put all of it into an empty chat delegate.
 *
 * JSON, plain or gzipped. Read are `origin.contract_id` (32 bytes, hex), `delegate_store_requests` (each with `request` and
 * `response`, CBOR in hex, and perhaps `about`) and `delegate_keys_after` (each with `key` and `generation`).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import {
  answers,
  decodeDelegateRequest,
  decodeDelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { fromHex } from '../../src/shared/bytes.ts';

/** Unpacked, at most: a few kilobytes of gzip can claim to be terabytes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A file that can't be seeded from. The message begins with where in it the trouble is, if it is in one place. */
export class BadSeedFile extends Error {}

export interface SeedFile {
  /** 32 bytes: the web app whose data it is. */
  readonly contractId: Uint8Array;
  readonly writes: readonly SeedWrite[];
  readonly keysAfter: readonly { readonly key: string; readonly generation: bigint }[];
}

export type WriteRequest = Extract<
  DelegateRequest,
  { readonly type: 'StoreRequest' | 'CasStoreRequest' | 'StoreSigningKey' }
>;

export interface SeedWrite {
  /** For people. */
  readonly about: string;
  readonly request: WriteRequest;
  /** As recorded: what is sent, and the answer that is expected to the byte. */
  readonly requestBytes: Uint8Array;
  readonly responseBytes: Uint8Array;
  readonly response: DelegateResponse;
}

/** @throws BadSeedFile */
export function readSeedFile(path: string): SeedFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
    }
  } catch (error) {
    throw new BadSeedFile(`it can't be read: ${(error as Error).message}`);
  }
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new BadSeedFile(`it is no JSON: ${(error as Error).message}`);
  }
  return decodeSeedFile(data);
}

/** @throws BadSeedFile */
export function decodeSeedFile(data: unknown): SeedFile {
  const root = fields(data, '');
  const contractId = hex(fields(root['origin'], 'origin')['contract_id'], 'origin.contract_id');
  if (contractId.length !== 32) {
    throw new BadSeedFile(`origin.contract_id: ${contractId.length} bytes instead of 32`);
  }
  const writes = items(root['delegate_store_requests'], 'delegate_store_requests').map(decodeWrite);
  if (writes.length === 0) throw new BadSeedFile('delegate_store_requests: it is empty');
  return {
    contractId,
    writes,
    keysAfter: items(root['delegate_keys_after'], 'delegate_keys_after').map((item, index) => {
      const path = `delegate_keys_after.${index}`;
      const { key, generation } = fields(item, path);
      if (typeof key !== 'string') throw new BadSeedFile(`${path}.key: not a text`);
      if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 0) {
        throw new BadSeedFile(`${path}.generation: not a count`);
      }
      return { key, generation: BigInt(generation) };
    }),
  };
}

function decodeWrite(item: unknown, index: number): SeedWrite {
  const path = `delegate_store_requests.${index}`;
  const { about, request: requestHex, response: responseHex } = fields(item, path);
  const requestBytes = hex(requestHex, `${path}.request`);
  const request = decodeDelegateRequest(requestBytes);
  if (!request.ok) throw new BadSeedFile(`${path}.request: ${request.error.message}`);
  if (!isWrite(request.value)) {
    throw new BadSeedFile(`${path}.request: a ${request.value.type} stores nothing`);
  }
  const responseBytes = hex(responseHex, `${path}.response`);
  const response = decodeDelegateResponse(responseBytes);
  if (!response.ok) throw new BadSeedFile(`${path}.response: ${response.error.message}`);
  if (!answers(request.value, response.value)) {
    throw new BadSeedFile(`${path}.response: it is no answer to the request`);
  }
  if (!isSuccess(response.value)) {
    throw new BadSeedFile(`${path}.response: it does not say that the request was stored`);
  }
  return {
    about: typeof about === 'string' ? about : path,
    request: request.value,
    requestBytes,
    responseBytes,
    response: response.value,
  };
}

const isWrite = (request: DelegateRequest): request is WriteRequest =>
  request.type === 'StoreRequest' ||
  request.type === 'CasStoreRequest' ||
  request.type === 'StoreSigningKey';

const isSuccess = (response: DelegateResponse): boolean =>
  'result' in response && (response.result.type === 'Ok' || response.result.type === 'Stored');

function fields(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new BadSeedFile(path === '' ? 'it is no object' : `${path}: not an object`);
}

function items(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BadSeedFile(`${path}: not an array`);
}

function hex(value: unknown, path: string): Uint8Array {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) {
    throw new BadSeedFile(`${path}: not hex digits`);
  }
  return fromHex(value);
}
