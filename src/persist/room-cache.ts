import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import { ok, type Result } from '../shared/result.ts';
import type { WeirDatabase } from './database.ts';
import { loadRoom, type LoadedRoom } from './loaded-room.ts';
import type { RowsError } from './stored-room.ts';

/** Rooms kept decoded: a full one takes a few MB. */
const KEPT = 4;

/** The decoded rooms of one page, so that one message does not decode its room again. */
export class RoomCache {
  readonly #db: WeirDatabase;
  readonly #memo: SignatureMemo;
  /** In the order of use, the last used last. */
  readonly #rooms = new Map<RoomKey, LoadedRoom>();
  /** Rooms whose state in memory is ahead of what is stored, and when that ends. */
  readonly #ahead = new Map<RoomKey, Promise<unknown>>();

  constructor(db: WeirDatabase, memo: SignatureMemo) {
    this.#db = db;
    this.#memo = memo;
  }

  /** The room as it is stored now: read again only when its revision has moved. Undefined when it is not stored. */
  async get(room: RoomKey): Promise<Result<LoadedRoom | undefined, RowsError>> {
    const row = await this.#db.read(['rooms'], (tx) => tx.objectStore('rooms').get(room));
    const kept = this.#rooms.get(room);
    if (kept && row && kept.rev === row.rev) {
      if (row.lastRead !== undefined) kept.lastRead = BigInt(row.lastRead); // another tab may have read on
      this.#keep(kept);
      return ok(kept);
    }
    this.drop(room);
    if (!row) return ok(undefined);
    const loaded = await loadRoom(this.#db, room, this.#memo);
    if (loaded.ok && loaded.value) this.#keep(loaded.value);
    return loaded;
  }

  /**
   * Runs `change`, which changes rooms in memory before they are written: until it settles, `stored` waits.
   * One change at a time: whoever changes rooms of this cache has a queue.
   */
  async change<T>(rooms: Iterable<RoomKey>, change: () => Promise<T>): Promise<T> {
    const keys = new Set(rooms);
    const running = change();
    const settled = running.catch(() => {});
    for (const room of keys) this.#ahead.set(room, settled);
    try {
      return await running;
    } finally {
      for (const room of keys) this.#ahead.delete(room);
    }
  }

  /**
   * As `get`, and nothing in it is only about to be stored: what a screen may show.
   * Good until the caller awaits something else.
   */
  async stored(room: RoomKey): Promise<Result<LoadedRoom | undefined, RowsError>> {
    let loaded = await this.get(room);
    while (this.#ahead.has(room)) {
      await this.#ahead.get(room);
      loaded = await this.get(room);
    }
    return loaded;
  }

  /** Forgets a room whose state in memory is not what is stored. */
  drop(room: RoomKey): void {
    this.#rooms.delete(room);
  }

  #keep(loaded: LoadedRoom): void {
    this.#rooms.delete(loaded.room);
    this.#rooms.set(loaded.room, loaded);
    for (const oldest of [...this.#rooms.keys()].slice(0, -KEPT)) this.#rooms.delete(oldest);
  }
}
