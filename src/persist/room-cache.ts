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
