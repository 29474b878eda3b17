import type { Millis } from '../../shared/brand.ts';

/** The browser has deleted what Weir had stored, and something was left to tell of it. */
export interface DeletedStorage {
  /** When that was found out. */
  readonly at: Millis;
  /** Rooms with changes that were not known to be on the node, when last looked at: these changes are lost. */
  readonly pendingRooms: number;
}

const KEY = 'weir.storage';

/** What localStorage keeps of the database. Chromium's eviction deletes IndexedDB and leaves it; where both go, nothing can tell. */
interface Trace {
  readonly identity: string;
  readonly pendingRooms: number;
  /** Until the person has taken note. */
  readonly deleted?: DeletedStorage;
}

/** Remembers outside of the database that there is one, so that a browser which deletes it can't do so unnoticed. */
export class StorageTrace {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly #identity: string;

  /**
   * @param storage undefined where the browser gives none
   * @param identity of the database that is open now
   */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined, identity: string) {
    this.#storage = storage;
    this.#identity = identity;
  }

  /** Compares what is remembered with the database that is open. @returns what the person has to be told, until they have taken note */
  check(now: Millis): DeletedStorage | undefined {
    const trace = this.#read();
    if (trace?.identity === this.#identity) return trace.deleted;
    // deleted twice before anybody took note: both losses count
    const deleted = trace && {
      at: now,
      pendingRooms: trace.pendingRooms + (trace.deleted?.pendingRooms ?? 0),
    };
    this.#write({ identity: this.#identity, pendingRooms: 0, ...(deleted && { deleted }) });
    return deleted;
  }

  /** Called whenever it changes how many rooms have changes that are only here. */
  pending(rooms: number): void {
    const trace = this.#read();
    if (trace?.identity !== this.#identity || trace.pendingRooms === rooms) return;
    this.#write({ ...trace, pendingRooms: rooms });
  }

  /** The person has taken note. */
  noted(): void {
    const trace = this.#read();
    if (trace?.identity !== this.#identity) return;
    this.#write({ identity: trace.identity, pendingRooms: trace.pendingRooms });
  }

  #read(): Trace | undefined {
    try {
      return decodeTrace(JSON.parse(this.#storage?.getItem(KEY) ?? 'null'));
    } catch {
      return undefined; // refused, or not ours: nothing is known
    }
  }

  #write(trace: Trace): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(trace));
    } catch {
      // full or refused: then nothing is remembered, which loses no edit
    }
  }
}

function decodeTrace(data: unknown): Trace | undefined {
  if (!isRecord(data)) return undefined;
  const { identity, pendingRooms, deleted } = data;
  if (typeof identity !== 'string' || !isCount(pendingRooms)) return undefined;
  const told =
    isRecord(deleted) && isCount(deleted['at']) && isCount(deleted['pendingRooms'])
      ? { at: deleted['at'], pendingRooms: deleted['pendingRooms'] }
      : undefined;
  return { identity, pendingRooms, ...(told && { deleted: told }) };
}

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null;

const isCount = (data: unknown): data is number =>
  typeof data === 'number' && Number.isSafeInteger(data) && data >= 0;

/** Undefined where the browser refuses it: even asking for it may throw. */
export function localStorageIfAny(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
