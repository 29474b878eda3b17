import type { IDBPDatabase } from 'idb';
import { upgradeSchema, type StoreName, type WeirSchema } from '../../src/persist/schema.ts';
import { copyOf, keyBack, type SimKey } from './key-order.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { SimRows, type Query, type RowChange, type SimRow } from './sim-rows.ts';

/** What a transaction has changed, told when it is committed. */
export interface Commit {
  readonly actor: Actor;
  readonly changes: readonly RowChange[];
}

/**
 * The IndexedDB of one browser profile: transactions as the specification has them (scopes exclude each other in the order of
 * creation, all or nothing, over when nothing is asked of them any more), each begun, committed and reported in steps of the
 * scheduler. A kill between commit and report leaves the rows and no answer.
 */
export class SimStorage {
  readonly #scheduler: Scheduler;
  readonly #rows: ReadonlyMap<string, SimRows>;
  /** Not over yet, in the order of their creation. */
  readonly #open: SimTransaction[] = [];
  /** What a crash of the machine takes away: committed since the last strict transaction. */
  #unsynced: RowChange[] = [];
  /** So many of the next writes find the disk full. */
  full = 0;
  committed: (commit: Commit) => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#rows = storesOfSchema();
  }

  rows(store: StoreName): SimRows {
    return this.#rows.get(store) as SimRows;
  }

  /** A connection, in idb's shape, of somebody who may die. */
  connect(actor: Actor): IDBPDatabase<WeirSchema> {
    const connection = {
      transaction: (
        stores: readonly StoreName[],
        mode: 'readonly' | 'readwrite',
        { durability = 'strict' }: { durability?: 'strict' | 'relaxed' } = {},
      ) => this.#begin(new SimTransaction(this, actor, stores, mode, durability)),
      addEventListener: () => undefined, // no other version ever comes
      close: () => undefined,
    };
    return connection as unknown as IDBPDatabase<WeirSchema>;
  }

  /** The actor is gone: what it has not committed never was. */
  killed(actor: Actor): void {
    for (const tx of this.#open.filter((each) => each.actor === actor)) tx.undo();
    this.#remove((tx) => tx.actor === actor);
  }

  /** The machine has lost power: everybody is dead by now, and what was not strict is gone. */
  powerLost(): void {
    for (const change of this.#unsynced.reverse()) this.#restore(change);
    this.#unsynced = [];
  }

  /** Everything is gone, and everybody is dead by now. */
  evicted(): void {
    for (const rows of this.#rows.values()) rows.clear();
    this.#unsynced = [];
  }

  ended(tx: SimTransaction): void {
    this.#remove((each) => each === tx);
  }

  /** @returns whether the commit holds */
  commit(tx: SimTransaction): boolean {
    if (tx.changes.length > 0 && this.full > 0) {
      this.full -= 1;
      return false;
    }
    if (tx.durability === 'strict') this.#unsynced = [];
    else this.#unsynced.push(...tx.changes);
    if (tx.changes.length > 0) this.committed({ actor: tx.actor, changes: tx.changes });
    return true;
  }

  undo(changes: readonly RowChange[]): void {
    for (const change of [...changes].reverse()) this.#restore(change);
  }

  later(actor: Actor, label: string, run: () => void): void {
    this.#scheduler.later(actor, label, run);
  }

  #restore({ store, name, before }: RowChange): void {
    (this.#rows.get(store) as SimRows).set(name, before);
  }

  #begin(tx: SimTransaction): SimTransaction {
    this.#open.push(tx);
    this.#pump();
    return tx;
  }

  #remove(gone: (tx: SimTransaction) => boolean): void {
    for (let i = this.#open.length - 1; i >= 0; i--) {
      if (gone(this.#open[i] as SimTransaction)) this.#open.splice(i, 1);
    }
    this.#pump();
  }

  #pump(): void {
    for (const [i, tx] of this.#open.entries()) {
      const waits = this.#open.slice(0, i).some((earlier) => earlier.excludes(tx));
      if (!waits) tx.mayStart();
    }
  }
}

type TxState = 'waiting' | 'called' | 'active' | 'over';

class SimTransaction {
  readonly actor: Actor;
  readonly durability: 'strict' | 'relaxed';
  readonly changes: RowChange[] = [];
  readonly done: Promise<void>;
  readonly #storage: SimStorage;
  readonly #stores: readonly StoreName[];
  readonly #mode: 'readonly' | 'readwrite';
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  #state: TxState = 'waiting';
  #asked: (() => void)[] = [];

  constructor(
    storage: SimStorage,
    actor: Actor,
    stores: readonly StoreName[],
    mode: 'readonly' | 'readwrite',
    durability: 'strict' | 'relaxed',
  ) {
    this.#storage = storage;
    this.actor = actor;
    this.#stores = stores;
    this.#mode = mode;
    this.durability = durability;
    const { promise, resolve, reject } = withResolvers();
    this.done = promise;
    this.done.catch(() => {}); // as idb: whoever does not ask is not told
    this.#resolve = resolve;
    this.#reject = reject;
  }

  excludes(later: SimTransaction): boolean {
    if (this.#mode === 'readonly' && later.#mode === 'readonly') return false;
    return this.#stores.some((store) => later.#stores.includes(store));
  }

  mayStart(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'called';
    this.#storage.later(this.actor, `tx ${this.#mode} ${this.#stores.join('+')}`, () => {
      if (this.#state !== 'called') return;
      this.#state = 'active';
      for (const ask of this.#asked) ask();
      this.#storage.later(this.actor, 'tx ends', () => this.#finish());
    });
  }

  objectStore(name: StoreName): SimObjectStore {
    if (!this.#stores.includes(name)) throw new DOMException(name, 'NotFoundError');
    return new SimObjectStore(this, this.#storage.rows(name));
  }

  change(rows: SimRows, name: string, row: SimRow | undefined): void {
    if (this.#mode === 'readonly') throw new DOMException('only to read', 'ReadOnlyError');
    const change = rows.set(name, row);
    if (change) this.changes.push(change);
  }

  commit(): void {
    this.#check(); // it is over as soon as nothing is asked any more anyway
  }

  abort(): void {
    this.#check();
    this.#fail(new DOMException('aborted', 'AbortError'));
  }

  undo(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#storage.undo(this.changes);
  }

  #check(): void {
    if (this.#state === 'over') throw new DOMException('it is over', 'TransactionInactiveError');
  }

  /** Done when the transaction has begun, in the order of asking. */
  ask<T>(work: () => T): Promise<T> {
    this.#check();
    return new Promise((resolve, reject) => {
      const run = (): void => {
        if (this.#state === 'over') return reject(new DOMException('aborted', 'AbortError'));
        try {
          resolve(work());
        } catch (error) {
          reject(error as Error);
          this.#fail(error);
        }
      };
      if (this.#state === 'active') run();
      else this.#asked.push(run);
    });
  }

  #finish(): void {
    if (this.#state === 'over') return;
    if (!this.#storage.commit(this)) {
      this.#fail(new DOMException('the disk is full', 'QuotaExceededError'));
      return;
    }
    this.#state = 'over';
    this.#storage.ended(this);
    if (this.#mode === 'readonly') this.#resolve();
    else this.#storage.later(this.actor, 'tx told', this.#resolve);
  }

  #fail(reason: unknown): void {
    this.undo();
    this.#storage.ended(this);
    this.#reject(reason);
  }
}

/** An object store within a transaction, in idb's shape. */
class SimObjectStore {
  readonly #tx: SimTransaction;
  readonly #rows: SimRows;

  constructor(tx: SimTransaction, rows: SimRows) {
    this.#tx = tx;
    this.#rows = rows;
  }

  get(query: SimKey): Promise<unknown> {
    return this.#tx.ask(() => copyOf(this.#rows.matching(query)[0]?.value));
  }

  getAll(query?: Query): Promise<unknown[]> {
    return this.#tx.ask(() => this.#rows.matching(query).map(({ value }) => copyOf(value)));
  }

  getAllKeys(query?: Query): Promise<SimKey[]> {
    return this.#tx.ask(() => this.#rows.matching(query).map(({ key }) => keyBack(key)));
  }

  count(query?: Query): Promise<number> {
    return this.#tx.ask(() => this.#rows.matching(query).length);
  }

  put(value: unknown, key?: SimKey): Promise<SimKey> {
    const row = this.#rows.rowOf(value, key);
    return this.#tx.ask(() => {
      this.#tx.change(this.#rows, row.name, row);
      return keyBack(row.key);
    });
  }

  add(value: unknown, key?: SimKey): Promise<SimKey> {
    const row = this.#rows.rowOf(value, key);
    return this.#tx.ask(() => {
      if (this.#rows.get(row.name)) throw new DOMException('it is there', 'ConstraintError');
      this.#tx.change(this.#rows, row.name, row);
      return keyBack(row.key);
    });
  }

  delete(query: SimKey | IDBKeyRange): Promise<void> {
    return this.#tx.ask(() => {
      for (const { name } of this.#rows.matching(query))
        this.#tx.change(this.#rows, name, undefined);
    });
  }
}

function withResolvers() {
  let resolve: () => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** The stores as the product's own upgrade steps make them. */
function storesOfSchema(): ReadonlyMap<string, SimRows> {
  const stores = new Map<string, SimRows>();
  const recorder = {
    createObjectStore: (name: string, options: { keyPath?: string | string[] } = {}) => {
      stores.set(name, new SimRows(name, options.keyPath ?? null));
    },
  } as unknown as IDBPDatabase<WeirSchema>;
  upgradeSchema(recorder, 0, undefined as never);
  return stores;
}
