/** What a node's store holds, read without a write, also while a host is running on it. Values are counted and checked, never shown. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { idText } from '../../src/freenet/keys.ts';
import { array, decode, ints } from '../../src/river/cbor/codec.ts';
import { struct } from '../../src/river/cbor/struct.ts';
import { outboundDmStore } from '../../src/river/outbound-dms.ts';
import { roomSlot } from '../../src/river/room-data.ts';
import { roomsBlob } from '../../src/river/rooms-blob.ts';
import { roomsMeta } from '../../src/river/rooms-meta.ts';
import { toHex, utf8Text } from '../../src/shared/bytes.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import { riverRules } from '../node/river-rules.ts';
import { DATA_FILE, isNewOrLmdb, readContract, readDelegate } from '../node/store.ts';
import { BINARY, formatOf, STORE_FORMAT, type Root } from '../node/store-format.ts';
import { readName, type Bytes } from '../node/stored-secrets.ts';

export interface StoreFacts {
  readonly dir: string;
  readonly format: number;
  /** Of the data file, bytes. */
  readonly bytes: number;
  readonly delegates: readonly StoredDelegateFacts[];
  readonly scopes: readonly ScopeFacts[];
  readonly contracts: readonly ContractFacts[];
}

export interface StoredDelegateFacts {
  /** Base58. */
  readonly key: string;
  readonly moduleBytes: number;
}

/** The secrets of one delegate for one person, or for all who bring no token. */
export interface ScopeFacts {
  readonly delegate: string;
  /** The beginning of a person's id on a node of several. */
  readonly person?: string;
  /** How many there are, by what their names begin with. */
  readonly secrets: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly origins: readonly OriginFacts[];
}

/** What one web app keeps in the chat delegate. */
export interface OriginFacts {
  readonly origin: string;
  readonly values: number;
  /** Whether there is a list of keys, and it can be read. */
  readonly index: 'read' | 'missing' | 'undecodable';
  readonly unlisted: readonly string[];
  readonly listedWithoutValue: readonly string[];
  readonly undecodable: readonly { readonly key: string; readonly reason: string }[];
}

export interface ContractFacts {
  readonly instance: string;
  readonly bytes: number;
  /** `unknown`: its rules are its own module's, which is not run here. */
  readonly verified: 'valid' | 'unknown' | { readonly reason: string };
}

/** A delegate's scope: 64 bytes; a person's id before it: 32. What follows is the hash of the secret's name: 32. */
const DELEGATE_BYTES = 64;
const PERSON_BYTES = 32;
const PERSON_SHOWN = 8;

/** Errors are sentences. */
export async function inspectStore(dataDir: string): Promise<Result<StoreFacts, string>> {
  const dir = join(dataDir, 'node');
  const file = join(dir, DATA_FILE);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return err(`there is no node’s data in ${dataDir}`);
  let root: Root | undefined;
  try {
    if (!isNewOrLmdb(file) || size === 0) return err(`${file} is no LMDB file`);
    root = open({ path: dir, readOnly: true, cache: false, ...BINARY });
    const format = formatOf(root);
    if (format !== STORE_FORMAT) {
      const known = `this Weir reads format ${STORE_FORMAT}`;
      return err(`the data in ${dir} are of format ${format}, and ${known}`);
    }
    return ok({
      dir,
      format,
      bytes: size,
      delegates: [...records(root, 'delegates')].map(([key, record]) => ({
        key: idText(key.slice(0, 32)),
        moduleBytes: readDelegate(record).wasm.length,
      })),
      scopes: [...scopesIn(root, 'secrets', 0), ...scopesIn(root, 'user-secrets', PERSON_BYTES)],
      contracts: [...contractsIn(root)],
    });
  } catch (error) {
    return err(`the data in ${dir} can’t be read: ${(error as Error).message}`);
  } finally {
    await root?.close();
  }
}

/** Copies: lmdb-js gives views of its own buffers. A table that nobody has written to yet is not there. */
function* records(root: Root, name: string): Generator<readonly [Uint8Array, Uint8Array]> {
  const table = root.openDB(name, BINARY) as Bytes | undefined;
  for (const { key, value } of table?.getRange({}) ?? []) {
    yield [new Uint8Array(key as Uint8Array), new Uint8Array(value)];
  }
}

function* scopesIn(root: Root, table: string, prefix: number): Generator<ScopeFacts> {
  const values = new Map<string, Uint8Array>();
  for (const [place, value] of records(root, `${table}-values`)) values.set(toHex(place), value);
  const scopes = new Map<string, Map<string, Uint8Array>>();
  for (const [place, record] of records(root, `${table}-names`)) {
    const scope = toHex(place.slice(0, prefix + DELEGATE_BYTES));
    const secrets = scopes.get(scope) ?? new Map<string, Uint8Array>();
    // names are text, as the chat delegate makes them: another delegate's are counted all the same
    secrets.set(utf8Text(readName(record).key), values.get(toHex(place)) ?? new Uint8Array());
    scopes.set(scope, secrets);
  }
  for (const [scope, secrets] of scopes) {
    const delegate = Buffer.from(scope, 'hex').subarray(prefix, prefix + 32);
    yield {
      delegate: idText(new Uint8Array(delegate)),
      ...(prefix > 0 && { person: scope.slice(0, PERSON_SHOWN) }),
      secrets: countsOf(secrets.keys()),
      bytes: [...secrets.values()].reduce((sum, value) => sum + value.length, 0),
      origins: originsIn(secrets),
    };
  }
}

const VALUE_NAME = /^([1-9A-HJ-NP-Za-km-z]{32,44}):(.*)$/s;
const INDEX = '::key_index';

/** By the word before the colon; what an origin stores is one kind. */
function countsOf(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) {
    const [word = ''] = name.split(':');
    const kind = VALUE_NAME.test(name) ? 'values' : name.includes(':') ? word : 'other';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function originsIn(secrets: ReadonlyMap<string, Uint8Array>): OriginFacts[] {
  const origins = new Map<string, Map<string, Uint8Array>>();
  for (const [name, value] of secrets) {
    const [, origin, key] = VALUE_NAME.exec(name) ?? [];
    if (origin === undefined || key === undefined) continue;
    const kept = origins.get(origin) ?? new Map<string, Uint8Array>();
    kept.set(key, value);
    origins.set(origin, kept);
  }
  return [...origins].map(([origin, kept]) => originFacts(origin, kept));
}

function originFacts(origin: string, kept: ReadonlyMap<string, Uint8Array>): OriginFacts {
  const stored = kept.get(INDEX);
  const index = stored && decode(keyIndex, stored);
  const listed = new Set(index?.ok ? index.value.keys.map(utf8Text) : []);
  const keys = [...kept.keys()].filter((key) => key !== INDEX);
  const undecodable: { key: string; reason: string }[] = [];
  for (const key of keys) {
    const read = readerOf(key)?.(valueOf(kept.get(key) ?? new Uint8Array()));
    if (read && !read.ok) {
      undecodable.push({ key: shownKey(key), reason: `${read.error.path}: ${read.error.reason}` });
    }
  }
  return {
    origin,
    values: keys.length,
    index: index === undefined ? 'missing' : index.ok ? 'read' : 'undecodable',
    unlisted: keys.filter((key) => !listed.has(key)).map(shownKey),
    listedWithoutValue: [...listed].filter((key) => !kept.has(key)).map(shownKey),
    undecodable,
  };
}

const keyIndex = struct<{ readonly keys: readonly Uint8Array[] }>({ keys: array(ints) });

/** 0x01, the generation (u64 LE), the value; older values have no such envelope. */
function valueOf(stored: Uint8Array): Uint8Array {
  return stored.length >= 9 && stored[0] === 1 ? stored.slice(9) : stored;
}

type Reads = (
  bytes: Uint8Array,
) => Result<unknown, { readonly path: string; readonly reason: string }>;

/** Reads what is under a key, where it is known what has to be. */
function readerOf(key: string): Reads | undefined {
  if (key.startsWith('room:')) return (bytes) => decode(roomSlot, bytes);
  switch (key) {
    case 'rooms_meta':
      return (bytes) => decode(roomsMeta, bytes);
    case 'rooms_data':
      return (bytes) => decode(roomsBlob, bytes);
    case 'outbound_dms':
      return (bytes) => decode(outboundDmStore, bytes);
    default:
      return undefined;
  }
}

/** Enough of a key to tell one from another. */
const shownKey = (key: string): string =>
  key.startsWith('room:')
    ? `${key.slice(0, 'room:'.length + 8)}…`
    : JSON.stringify(key.slice(0, 40));

function* contractsIn(root: Root): Generator<ContractFacts> {
  const rulesOf = riverRules();
  const contracts = new Map(
    [...records(root, 'contracts')].map(([id, record]) => [toHex(id), record]),
  );
  for (const [instance, state] of records(root, 'contract-states')) {
    const record = contracts.get(toHex(instance));
    const facts = { instance: idText(instance), bytes: state.length };
    if (!record) {
      yield { ...facts, verified: { reason: 'its code and parameters are not stored' } };
      continue;
    }
    const { codeHash, params } = readContract(record);
    const verdict = rulesOf(codeHash)?.validate(params, state, []);
    if (!verdict) yield { ...facts, verified: 'unknown' };
    else if (!verdict.ok) yield { ...facts, verified: { reason: verdict.error } };
    else if (verdict.value.type === 'Valid') yield { ...facts, verified: 'valid' };
    else yield { ...facts, verified: { reason: `its rules say ${verdict.value.type}` } };
  }
}
