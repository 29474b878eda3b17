/**
 * Delegates' secrets in the store: names apart from values, so that listing names, or asking how long a value is, reads no value.
 *
 * A secret's place is the scope (whose secrets they are) and the BLAKE3 of its key: LMDB's own keys are short.
 */
import type { Database } from 'lmdb';
import { secretsId } from '../../src/freenet/keys.ts';
import { compareBytes, concatBytes, equalBytes, utf8 } from '../../src/shared/bytes.ts';
import { secretBytes } from './user-quota.ts';

export type Bytes = Database<Uint8Array, Uint8Array>;

/** A key beginning with these bytes is the node's own; a guest can't write it. Source: freenet-core, secrets_store. */
const RESERVED_PREFIX = utf8('\0freenet-migrate/');

/** Keys listed per delegate, at most, as on a Freenet node. */
export const MAX_LISTED_KEYS = 4096;

/** The secrets of one delegate, as its guest sees them. Values are copies. */
export interface DelegateSecrets {
  get(key: Uint8Array): Uint8Array | undefined;
  /** What a secret counts for (`secretBytes`); 0 when there is none. */
  bytesOf(key: Uint8Array): number;
  /** @returns false when the key is reserved, or there is no room for it */
  set(key: Uint8Array, value: Uint8Array): boolean;
  /** @returns false when there was none */
  remove(key: Uint8Array): boolean;
  /** Keys that begin with `prefix`, in byte order, at most 4096. */
  list(prefix: Uint8Array): Uint8Array[];
  /** Whether they may grow by so many bytes in all, as `secretBytes` counts. */
  mayGrow(bytes: number): boolean;
}

export interface SecretTables {
  /** Place → u32 LE length of the value, the secret's key. */
  readonly names: Bytes;
  /** Place → the value. */
  readonly values: Bytes;
}

/** How much may be kept, in bytes as `secretBytes` counts. */
export interface Account {
  /** Before a secret grows or shrinks; false refuses it. */
  charge(before: number, after: number): boolean;
  mayGrow(bytes: number): boolean;
}

/** The secrets under one scope. */
export function secretsIn(
  { names, values }: SecretTables,
  scope: Uint8Array,
  account: Account,
): DelegateSecrets {
  const at = (key: Uint8Array): Uint8Array => concatBytes([scope, secretsId(key).hash]);
  const bytesOf = (key: Uint8Array): number => {
    const record = names.get(at(key));
    return record ? secretBytes(key, { length: readName(record).valueLength }) : 0;
  };
  return {
    get(key) {
      const value = values.get(at(key));
      return value && new Uint8Array(value); // lmdb-js answers with a Buffer, whose `slice` would be a view
    },
    bytesOf,
    set(key, value) {
      if (startsWith(key, RESERVED_PREFIX)) return false;
      if (!account.charge(bytesOf(key), secretBytes(key, value))) return false;
      putSecret({ names, values }, at(key), key, value);
      return true;
    },
    remove(key) {
      account.charge(bytesOf(key), 0);
      values.removeSync(at(key));
      return names.removeSync(at(key));
    },
    list(prefix) {
      const keys: Uint8Array[] = [];
      for (const { key: place, value: record } of names.getRange({ start: scope })) {
        if (!startsWith(place as Uint8Array, scope)) break;
        const { key } = readName(record);
        if (startsWith(key, prefix)) keys.push(key);
        if (keys.length === MAX_LISTED_KEYS) break;
      }
      return keys.sort(compareBytes);
    },
    mayGrow: (bytes) => account.mayGrow(bytes),
  };
}

/** Writes one; to be called in a transaction. */
export function putSecret(
  { names, values }: SecretTables,
  place: Uint8Array,
  key: Uint8Array,
  value: Uint8Array,
): void {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, value.length, true);
  names.putSync(place, concatBytes([length, key]));
  values.putSync(place, value);
}

/** What is in `SecretTables.names`. */
export function readName(record: Uint8Array): {
  readonly valueLength: number;
  readonly key: Uint8Array;
} {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  return { valueLength: view.getUint32(0, true), key: new Uint8Array(record).slice(4) };
}

const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean =>
  bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);
