import { copyOf, keyBack, keyName, type SimKey } from './key-order.ts';

export interface SimRow {
  readonly name: string;
  readonly key: SimKey;
  readonly value: unknown;
}

/** What a change of a store takes to be undone. */
export interface RowChange {
  readonly store: string;
  readonly name: string;
  readonly key: SimKey;
  readonly before: SimRow | undefined;
  readonly after: SimRow | undefined;
}

/** One key, or a range as `IDBKeyRange` has it. */
export type Query = SimKey | IDBKeyRange | undefined;

/** The rows of one object store, in the order of their keys. */
export class SimRows {
  readonly store: string;
  readonly keyPath: string | readonly string[] | null;
  #rows: SimRow[] = [];

  constructor(store: string, keyPath: string | readonly string[] | null) {
    this.store = store;
    this.keyPath = keyPath;
  }

  all(): readonly SimRow[] {
    return this.#rows;
  }

  get(name: string): SimRow | undefined {
    const at = this.#position(name);
    const row = this.#rows[at];
    return row?.name === name ? row : undefined;
  }

  clear(): void {
    this.#rows = [];
  }

  matching(query: Query): SimRow[] {
    if (query === undefined) return [...this.#rows];
    if (!(query instanceof IDBKeyRange)) {
      const row = this.get(keyName(query));
      return row ? [row] : [];
    }
    const from = query.lower === undefined ? 0 : this.#position(keyName(query.lower));
    const upper = query.upper === undefined ? undefined : keyName(query.upper);
    const lower = query.lower === undefined ? undefined : keyName(query.lower);
    const found: SimRow[] = [];
    for (let i = from; i < this.#rows.length; i++) {
      const row = this.#rows[i] as SimRow;
      if (upper !== undefined && (row.name > upper || (query.upperOpen && row.name === upper)))
        break;
      if (!(query.lowerOpen && row.name === lower)) found.push(row);
    }
    return found;
  }

  /** @throws DataError where neither the value nor `key` says under which key */
  rowOf(value: unknown, key: SimKey | undefined): SimRow {
    const own = copyOf(value);
    const under = this.keyPath === null ? key : keyIn(own, this.keyPath);
    if (this.keyPath !== null && key !== undefined)
      throw new DOMException('a key too many', 'DataError');
    const name = keyName(under);
    return { name, key: keyBack(under as SimKey), value: own };
  }

  /** Puts or, without a row, removes. @returns how it was before */
  set(name: string, row: SimRow | undefined): RowChange | undefined {
    const at = this.#position(name);
    const found = this.#rows[at];
    const before = found?.name === name ? found : undefined;
    if (!before && !row) return undefined;
    const put = row ? [row] : [];
    this.#rows.splice(at, before ? 1 : 0, ...put);
    return { store: this.store, name, key: (row ?? before)?.key as SimKey, before, after: row };
  }

  /** The first row that is not before `name`. */
  #position(name: string): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] as SimRow).name < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keyIn(value: unknown, keyPath: string | readonly string[]): unknown {
  const fields = value as Readonly<Record<string, unknown>>;
  return typeof keyPath === 'string' ? fields[keyPath] : keyPath.map((each) => fields[each]);
}
