import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
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
}

/** Opens a connection: IndexedDB's own way, unless told. */
export type Connect = (name: string, events: DatabaseEvents) => Promise<IDBPDatabase<WeirSchema>>;

/** The one IndexedDB database of an origin. Every access is one short transaction. */
export class WeirDatabase {
  readonly name: string;
  readonly #events: DatabaseEvents;
  readonly #connect: Connect;
  #db: Promise<IDBPDatabase<WeirSchema>>;
  #outdated = false;

  private constructor(
    name: string,
    events: DatabaseEvents,
    connect: Connect,
    db: IDBPDatabase<WeirSchema>,
  ) {
    this.name = name;
    this.#events = events;
    this.#connect = connect;
    this.#db = Promise.resolve(this.#adopt(db));
  }

  static async open(
    name = 'weir',
    events: DatabaseEvents = {},
    connect: Connect = connectIndexedDb,
  ): Promise<Result<WeirDatabase, OpenError>> {
    try {
      return ok(new WeirDatabase(name, events, connect, await connect(name, events)));
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
      if (this.#db === current) {
        this.#db = this.#connect(this.name, this.#events).then((db) => this.#adopt(db));
      }
      return begin(await this.#db);
    }
  }
}

/** What a failed write means for its caller. */
export function storageError(error: unknown): StorageError {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
    ? { type: 'QuotaExceeded' }
    : { type: 'StorageFailed', reason: describe(error) };
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
