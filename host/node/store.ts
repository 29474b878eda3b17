/**
 * What the embedded node keeps: registered delegates and their secrets, in one LMDB environment.
 *
 * Why LMDB (`lmdb`): a guest reads and writes secrets in synchronous calls in the middle of `process`, so the store must
 * answer synchronously, from memory-mapped pages rather than through a queue; the writes of a request must become durable
 * together or not at all; and a host killed at any instant must open again without recovery. LMDB is a copy-on-write B+ tree
 * whose commit writes the pages, syncs, and then swaps one meta page: there is no log to replay and no state in between. It
 * has been in OpenLDAP for over a decade and comes prebuilt for the common platforms; Node's own SQLite needs Node 22.
 *
 * Durability: `overlappingSync` (lmdb-js's default, which syncs after the commit has returned) is off, so a commit is done only
 * when the data is on disk. Syncing is what costs (some milliseconds, whatever the size): transactions that come while one is
 * being synced share the next commit, and the thread that answers clients does not wait for it.
 */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import { secretsId } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { UserId } from '../../src/freenet/user-id.ts';
import { compareBytes, concatBytes, equalBytes, fromHex, utf8 } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import { secretBytes, USER_QUOTA_BYTES, UserQuota } from './user-quota.ts';

/** The version this code writes. Forward only: each change of the layout raises it and upgrades older ones at opening. */
export const STORE_FORMAT = 1;

/** A key beginning with these bytes is the node's own; a guest can't write it. Source: freenet-core, secrets_store. */
const RESERVED_PREFIX = utf8('\0freenet-migrate/');

/** Keys listed per delegate, at most, as on a Freenet node. */
export const MAX_LISTED_KEYS = 4096;

export type StoreError =
  /** A newer Weir wrote the data. */
  | {
      readonly type: 'NewerFormat';
      readonly dir: string;
      readonly found: number;
      readonly supported: number;
    }
  | { readonly type: 'Unusable'; readonly dir: string; readonly cause: string };

export function describeStoreError(error: StoreError): string {
  switch (error.type) {
    case 'NewerFormat':
      return (
        `the data in ${error.dir} was written by a newer Weir (format ${error.found}, this one knows ${error.supported}): ` +
        'update Weir, or name another place with --data-dir'
      );
    case 'Unusable':
      return `the data in ${error.dir} can't be opened: ${error.cause}`;
  }
}

export interface StoredDelegate {
  readonly params: Uint8Array;
  readonly wasm: Uint8Array;
}

/** The secrets of one delegate, as its guest sees them. Values are copies. */
export interface DelegateSecrets {
  get(key: Uint8Array): Uint8Array | undefined;
  /** @returns false when the key is reserved, or there is no room for it */
  set(key: Uint8Array, value: Uint8Array): boolean;
  /** @returns false when there was none */
  remove(key: Uint8Array): boolean;
  /** Keys that begin with `prefix`, in byte order, at most 4096. */
  list(prefix: Uint8Array): Uint8Array[];
  /** Whether they may grow by so many bytes in all, as `secretBytes` counts. */
  mayGrow(bytes: number): boolean;
}

const DATA_FILE = 'data.mdb';

/** Where a contract's code and parameters are; its state is apart, because that alone changes. */
export interface StoredContract {
  readonly codeHash: Uint8Array;
  readonly params: Uint8Array;
}

type Bytes = Database<Uint8Array, Uint8Array>;

const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;
const FORMAT_KEY = utf8('format');

export class NodeStore {
  readonly #root: RootDatabase<Uint8Array, Uint8Array>;
  /** The 64-byte delegate key → u32 LE length of the parameters, the parameters, the module. */
  readonly #delegates: Bytes;
  /** The 64-byte delegate key and BLAKE3(secret key) → u32 LE length of the secret key, the secret key, the value. */
  readonly #secrets: Bytes;

  /** The 32-byte id of a person of a hosted node, then as in `#secrets`. */
  readonly #userSecrets: Bytes;
  readonly #quota: UserQuota;
  #isFull = false;

  /** Code hash → module. */
  readonly #contractCode: Bytes;
  /** Instance id → code hash, parameters. */
  readonly #contracts: Bytes;
  /** Instance id → state. */
  readonly #contractStates: Bytes;

  private constructor(root: RootDatabase<Uint8Array, Uint8Array>) {
    this.#root = root;
    this.#contractCode = root.openDB('contract-code', BINARY);
    this.#contracts = root.openDB('contracts', BINARY);
    this.#contractStates = root.openDB('contract-states', BINARY);
    this.#delegates = root.openDB('delegates', BINARY);
    this.#secrets = root.openDB('secrets', BINARY);
    this.#userSecrets = root.openDB('user-secrets', BINARY);
    this.#quota = new UserQuota(root.openDB('user-bytes', BINARY));
  }

  /** Opens or creates the store in `<dataDir>/node`: directories for their owner alone (0700), files too (0600). */
  static open(dataDir: string): Result<NodeStore, StoreError> {
    const dir = join(dataDir, 'node');
    let root: RootDatabase<Uint8Array, Uint8Array> | undefined;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      chmodSync(dir, 0o700);
      if (!isNewOrLmdb(join(dir, DATA_FILE))) throw new Error(`${DATA_FILE} is no LMDB file`);
      root = open({ path: dir, overlappingSync: false, cache: false, ...BINARY });
      for (const file of [DATA_FILE, 'lock.mdb']) chmodSync(join(dir, file), 0o600);
      const found = formatOf(root);
      if (found <= STORE_FORMAT) return ok(new NodeStore(root));
      void root.close();
      return err({ type: 'NewerFormat', dir, found, supported: STORE_FORMAT });
    } catch (error) {
      void root?.close();
      return err({ type: 'Unusable', dir, cause: (error as Error).message });
    }
  }

  /**
   * Runs `work` as one transaction, soon. When the promise resolves, what `work` wrote is on disk; when `work` throws, nothing of
   * it is kept and the promise rejects. Inside, reads see what was written before; outside, not until it is on disk.
   */
  commit<T>(work: () => T): Promise<T> {
    return this.#root.childTransaction(work);
  }

  delegate(key: DelegateKey): StoredDelegate | undefined {
    const record = this.#delegates.get(delegateBytes(key));
    if (!record) return undefined;
    const [params, wasm] = splitRecord(record);
    return { params, wasm };
  }

  putDelegate(key: DelegateKey, delegate: StoredDelegate): void {
    this.#delegates.putSync(delegateBytes(key), joinRecord(delegate.params, delegate.wasm));
  }

  /** Its secrets stay, as on a Freenet node. */
  removeDelegate(key: DelegateKey): void {
    this.#delegates.removeSync(delegateBytes(key));
  }

  /**
   * @param user whose secrets; without one, those that all share who connect without a token
   * @returns a view of the store: what is set inside a `transaction` belongs to it
   */
  secrets(delegate: DelegateKey, user?: UserId): DelegateSecrets {
    const hasRoom = (growth: number): boolean => !this.#isFull || growth <= 0;
    if (user === undefined) {
      return secretsIn(this.#secrets, delegateBytes(delegate), {
        mayGrow: hasRoom,
        charge: (before, after) => hasRoom(after - before),
      });
    }
    const id = fromHex(user);
    const quota = this.#quota;
    return secretsIn(this.#userSecrets, concatBytes([id, delegateBytes(delegate)]), {
      mayGrow: (growth) => hasRoom(growth) && quota.used(id) + growth <= USER_QUOTA_BYTES,
      charge: (before, after) => hasRoom(after - before) && quota.charge(id, before, after),
    });
  }

  /** For tests of what guests and clients do then: while it is full, no secret can grow, as when a quota is used up. */
  fill(isFull: boolean): void {
    this.#isFull = isFull;
  }

  contractCode(codeHash: Uint8Array): Uint8Array | undefined {
    return copyOf(this.#contractCode.get(codeHash));
  }

  contract(instance: Uint8Array): StoredContract | undefined {
    const record = copyOf(this.#contracts.get(instance));
    return record && { codeHash: record.slice(0, 32), params: record.slice(32) };
  }

  contractState(instance: Uint8Array): Uint8Array | undefined {
    return copyOf(this.#contractStates.get(instance));
  }

  /** @param wasm undefined where the code is here already, or nobody needs it */
  putContract(
    instance: Uint8Array,
    { codeHash, params }: StoredContract,
    wasm: Uint8Array | undefined,
  ): void {
    if (wasm) this.#contractCode.putSync(codeHash, wasm);
    this.#contracts.putSync(instance, concatBytes([codeHash, params]));
  }

  putContractState(instance: Uint8Array, state: Uint8Array): void {
    this.#contractStates.putSync(instance, state);
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

/**
 * Whether LMDB may be let at a file: it would end the process with a segmentation fault on one that is none of its own.
 *
 * The first two pages begin with a header of 24 bytes and the magic number 0xBEEFC0DE; the page size stands in the first of
 * them at byte 48. (lmdb-js: dependencies/lmdb/libraries/liblmdb/mdb.c)
 */
function isNewOrLmdb(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  try {
    if (fstatSync(file).size === 0) return true;
    const hasMagic = (page: DataView): boolean => page.getUint32(24, true) === 0xbeefc0de;
    const first = readPage(file, 0);
    return hasMagic(first) && hasMagic(readPage(file, first.getUint32(48, true)));
  } finally {
    closeSync(file);
  }
}

/** The first 64 bytes of a page; zeros beyond the end of the file. */
function readPage(file: number, at: number): DataView {
  const bytes = new Uint8Array(64);
  readSync(file, bytes, 0, bytes.length, at);
  return new DataView(bytes.buffer);
}

/** The version of the data; a new store is given the current one. */
function formatOf(root: RootDatabase<Uint8Array, Uint8Array>): number {
  const meta: Bytes = root.openDB('meta', BINARY);
  const stored = meta.get(FORMAT_KEY);
  if (stored === undefined) {
    meta.transactionSync(() => meta.putSync(FORMAT_KEY, utf8(String(STORE_FORMAT))));
    return STORE_FORMAT;
  }
  const text = Buffer.from(stored).toString('utf8');
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error('its format version is not a number');
  return Number(text);
}

/** How much may be kept, in bytes as `secretBytes` counts. */
interface Account {
  /** Before a secret grows or shrinks; false refuses it. */
  charge(before: number, after: number): boolean;
  mayGrow(bytes: number): boolean;
}

/** The secrets under one scope of a database. */
function secretsIn(secrets: Bytes, scope: Uint8Array, account: Account): DelegateSecrets {
  const at = (key: Uint8Array): Uint8Array => concatBytes([scope, secretsId(key).hash]);
  const get = (key: Uint8Array): Uint8Array | undefined => {
    const record = secrets.get(at(key));
    return record && splitRecord(record)[1];
  };
  const bytesOf = (key: Uint8Array): number => {
    const value = get(key);
    return value ? secretBytes(key, value) : 0;
  };
  return {
    get,
    set(key, value) {
      if (startsWith(key, RESERVED_PREFIX)) return false;
      if (!account.charge(bytesOf(key), secretBytes(key, value))) return false;
      secrets.putSync(at(key), joinRecord(key, value));
      return true;
    },
    remove(key) {
      account.charge(bytesOf(key), 0);
      return secrets.removeSync(at(key));
    },
    list(prefix) {
      const keys: Uint8Array[] = [];
      for (const { key: place, value: record } of secrets.getRange({ start: scope })) {
        if (!startsWith(place as Uint8Array, scope)) break;
        const [key] = splitRecord(record);
        if (startsWith(key, prefix)) keys.push(key);
        if (keys.length === MAX_LISTED_KEYS) break;
      }
      return keys.sort(compareBytes);
    },
    mayGrow: (bytes) => account.mayGrow(bytes),
  };
}

const delegateBytes = (key: DelegateKey): Uint8Array => concatBytes([key.key, key.codeHash]);

const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean =>
  bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);

/** u32 LE length of `head`, `head`, `tail`. */
function joinRecord(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  return concatBytes([length, head, tail]);
}

/** lmdb-js answers with a Buffer, whose `slice` would be a view. */
const copyOf = (record: Uint8Array | undefined): Uint8Array | undefined =>
  record && new Uint8Array(record);

function splitRecord(record: Uint8Array): [head: Uint8Array, tail: Uint8Array] {
  const bytes = new Uint8Array(record.buffer, record.byteOffset, record.byteLength);
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return [bytes.slice(4, end), bytes.slice(end)];
}
