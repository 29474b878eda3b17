import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { toHex } from '../shared/bytes.ts';
import { systemRandom } from '../shared/random.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { SCHEMA_VERSION, upgradeSchema, type StoreName, type WeirSchema } from './schema.ts';

export type ReadTx = IDBPTransaction<WeirSchema, StoreName[], 'readonly'>;
export type WriteTx = IDBPTransaction<WeirSchema, StoreName[], 'readwrite'>;

export type OpenError =
  /** A newer Weir has written this database: this one must not touch it. */
  { readonly type: 'FromTheFuture' } | { readonly type: 'OpenFailed'; readonly reason: string };

export type StorageError =
  /** Nothing of the transaction was written. */
  { readonly type: 'QuotaExceeded' } | { readonly type: 'StorageFailed'; readonly reason: string };

export interface DatabaseEvents {
  /** An old tab holds the previous version open: the upgrade waits for it. */
  blocked?(): void;
  /** A newer version wants in: this connection was closed and everything after fails. */
  outdated?(): void;
  /** The browser has deleted the database that this one was opened on: everything after fails. */
  deleted?(): void;
}

/** What is in memory belongs to a database that the browser has deleted: nothing of it may go into the one that has taken its place. */
export class DatabaseDeletedError extends Error {
  override readonly name = 'DatabaseDeletedError';
}

/** Opens a connection: IndexedDB's own way, unless told. */
export type Connect = (name: string, events: DatabaseEvents) => Promise<IDBPDatabase<WeirSchema>>;

/** The one IndexedDB database of an origin. Every access is one short transaction. */
export class WeirDatabase {
  readonly name: string;
  readonly #events: DatabaseEvents;
  readonly #connect: Connect;
  /** Random, made with the database: another one tells that the browser has deleted what was here. */
  readonly identity: string | undefined;
  #db: Promise<IDBPDatabase<WeirSchema>>;
  #outdated = false;

  private constructor(
    name: string,
    events: DatabaseEvents,
    connect: Connect,
    db: IDBPDatabase<WeirSchema>,
    identity: string | undefined,
  ) {
    this.name = name;
    this.#events = events;
    this.#connect = connect;
    this.identity = identity;
    this.#db = Promise.resolve(this.#adopt(db));
  }

  static async open(
    name = 'weir',
    events: DatabaseEvents = {},
    connect: Connect = connectIndexedDb,
  ): Promise<Result<WeirDatabase, OpenError>> {
    try {
      const db = await connect(name, events);
      const identity = await identityOf(connect, db);
      return ok(new WeirDatabase(name, events, connect, db, identity));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'VersionError') {
        return err({ type: 'FromTheFuture' });
      }
      return err({ type: 'OpenFailed', reason: describe(error) });
    }
  }

  /** Reads in one transaction: `body` may only await requests of the transaction it is given. */
  async read<T>(stores: readonly StoreName[], body: (tx: ReadTx) => Promise<T>): Promise<T> {
    const tx = await this.#begin((db) => db.transaction([...stores], 'readonly'));
    const value = await body(tx as ReadTx);
    await tx.done;
    return value;
  }

  /**
   * Writes in one transaction, all or nothing; resolves when it has completed.
   *
   * `strict` reaches the disk before it resolves: for anything that can't be fetched again. `relaxed` is for caches.
   *
   * @throws what `body` throws (then nothing is written), or the DOMException that ended the transaction
   */
  async write<T>(
    stores: readonly StoreName[],
    durability: 'strict' | 'relaxed',
    body: (tx: WriteTx) => Promise<T>,
  ): Promise<T> {
    const tx = await this.#begin((db) => db.transaction([...stores], 'readwrite', { durability }));
    const done = tx.done;
    let value: T;
    try {
      value = await body(tx as WriteTx);
    } catch (error) {
      done.catch(() => {}); // the abort below rejects it; `error` is what the caller must see
      try {
        tx.abort();
      } catch {
        // already ended by the browser: `error` says why
      }
      throw error;
    }
    try {
      tx.commit(); // a frozen tab must not keep a finished transaction open before others
    } catch {
      // it has ended by itself: `done` says how
    }
    await done;
    return value;
  }

  async close(): Promise<void> {
    (await this.#db).close();
  }

  #adopt(db: IDBPDatabase<WeirSchema>): IDBPDatabase<WeirSchema> {
    // deleted or lost: finding out at once is better than with the next edit
    db.addEventListener(
      'close',
      () => void this.read(['settings'], async () => {}).catch(() => {}),
    );
    db.addEventListener('versionchange', () => {
      this.#outdated = true;
      db.close();
      this.#events.outdated?.();
    });
    return db;
  }

  /** Browsers lose connections (storage process killed, site data cleared): only a fresh open helps, and once is enough. */
  async #begin<T>(begin: (db: IDBPDatabase<WeirSchema>) => T): Promise<T> {
    const current = this.#db;
    try {
      return begin(await current);
    } catch (error) {
      if (this.#outdated) throw error;
      if (this.#db === current) this.#db = this.#reopen();
      return begin(await this.#db);
    }
  }

  async #reopen(): Promise<IDBPDatabase<WeirSchema>> {
    const db = await this.#connect(this.name, this.#events);
    if ((await identityOf(this.#connect, db)) === this.identity) return this.#adopt(db);
    db.close();
    this.#events.deleted?.();
    throw new DatabaseDeletedError('the browser has deleted what was stored here');
  }
}

const IDENTITY = 'database';
const IDENTITY_BYTES = 16;

/** Made with the database. A connection that is not IndexedDB's own keeps nothing that could vanish under it. */
async function identityOf(
  connect: Connect,
  db: IDBPDatabase<WeirSchema>,
): Promise<string | undefined> {
  if (connect !== connectIndexedDb) return undefined;
  const stored = await db.get('settings', IDENTITY);
  if (stored !== undefined) return stored;
  const tx = db.transaction('settings', 'readwrite', { durability: 'strict' });
  const identity = (await tx.store.get(IDENTITY)) ?? toHex(systemRandom.bytes(IDENTITY_BYTES));
  await tx.store.put(identity, IDENTITY);
  await tx.done;
  return identity;
}

/** What a failed write means for its caller. */
export function storageError(error: unknown): StorageError {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
    ? { type: 'QuotaExceeded' }
    : { type: 'StorageFailed', reason: describe(error) };
}

/** A write's value, or what its failure means for its caller. */
export async function stored<T>(write: Promise<T>): Promise<Result<T, StorageError>> {
  try {
    return ok(await write);
  } catch (error) {
    return err(storageError(error));
  }
}

function connectIndexedDb(name: string, events: DatabaseEvents): Promise<IDBPDatabase<WeirSchema>> {
  return openDB<WeirSchema>(name, SCHEMA_VERSION, {
    upgrade: (db, from, _to, tx) => upgradeSchema(db, from, tx),
    blocked: () => events.blocked?.(),
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
