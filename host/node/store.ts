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
import { open } from 'lmdb';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { UserId } from '../../src/freenet/user-id.ts';
import { concatBytes, fromHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import {
  BINARY,
  bringUpToDate,
  sharedSecrets,
  STORE_FORMAT,
  userSecrets,
  type Root,
} from './store-format.ts';
import {
  secretsIn,
  type Bytes,
  type DelegateSecrets,
  type SecretTables,
} from './stored-secrets.ts';
import { USER_QUOTA_BYTES, UserQuota } from './user-quota.ts';

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

export const DATA_FILE = 'data.mdb';

/** Where a contract's code and parameters are; its state is apart, because that alone changes. */
export interface StoredContract {
  readonly codeHash: Uint8Array;
  readonly params: Uint8Array;
}

export class NodeStore {
  readonly #root: Root;
  /** The 64-byte delegate key → u32 LE length of the parameters, the parameters, the module. */
  readonly #delegates: Bytes;
  /** Scope: the 64-byte delegate key. */
  readonly #secrets: SecretTables;
  /** Scope: the 32-byte id of a person of a hosted node, and the delegate key. */
  readonly #userSecrets: SecretTables;
  readonly #quota: UserQuota;
  #isFull = false;

  /** Code hash → module. */
  readonly #contractCode: Bytes;
  /** Instance id → code hash, parameters. */
  readonly #contracts: Bytes;
  /** Instance id → state. */
  readonly #contractStates: Bytes;

  private constructor(root: Root) {
    this.#root = root;
    this.#contractCode = root.openDB('contract-code', BINARY);
    this.#contracts = root.openDB('contracts', BINARY);
    this.#contractStates = root.openDB('contract-states', BINARY);
    this.#delegates = root.openDB('delegates', BINARY);
    this.#secrets = sharedSecrets(root);
    this.#userSecrets = userSecrets(root);
    this.#quota = new UserQuota(root.openDB('user-bytes', BINARY));
  }

  /** Opens or creates the store in `<dataDir>/node`: directories for their owner alone (0700), files too (0600). */
  static open(dataDir: string): Result<NodeStore, StoreError> {
    const dir = join(dataDir, 'node');
    let root: Root | undefined;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      chmodSync(dir, 0o700);
      if (!isNewOrLmdb(join(dir, DATA_FILE))) throw new Error(`${DATA_FILE} is no LMDB file`);
      root = open({ path: dir, overlappingSync: false, cache: false, ...BINARY });
      for (const file of [DATA_FILE, 'lock.mdb']) chmodSync(join(dir, file), 0o600);
      const found = bringUpToDate(root);
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
    return record && readDelegate(record);
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
   * @returns a view of the store: what is set inside a `commit` belongs to it
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
    const record = this.#contracts.get(instance);
    return record && readContract(record);
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
export function isNewOrLmdb(path: string): boolean {
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

const delegateBytes = (key: DelegateKey): Uint8Array => concatBytes([key.key, key.codeHash]);

/** u32 LE length of `head`, `head`, `tail`. */
function joinRecord(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  return concatBytes([length, head, tail]);
}

/** lmdb-js answers with a Buffer, whose `slice` would be a view. */
const copyOf = (record: Uint8Array | undefined): Uint8Array | undefined =>
  record && new Uint8Array(record);

/** What is under a delegate's key. Copies. */
export function readDelegate(record: Uint8Array): StoredDelegate {
  const bytes = new Uint8Array(record.buffer, record.byteOffset, record.byteLength);
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { params: bytes.slice(4, end), wasm: bytes.slice(end) };
}

/** What is under a contract's instance id. Copies. */
export function readContract(record: Uint8Array): StoredContract {
  const bytes = new Uint8Array(record);
  return { codeHash: bytes.slice(0, 32), params: bytes.slice(32) };
}
