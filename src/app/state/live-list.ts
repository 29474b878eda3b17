import { storageError, stored, type WeirDatabase, type WriteTx } from '../../persist/database.ts';
import {
  PREFERENCE_EDIT_STORES,
  preferencesIn,
  reordered,
  setMode,
  setOrder,
} from '../../persist/list-preferences.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';
import type { ListApi } from './list-api.ts';
import { part } from './part.ts';
import type { SyncController } from './sync-controller.ts';

export interface LiveListDeps {
  readonly db: WeirDatabase;
  readonly sync: Pick<SyncController, 'tell' | 'edited'>;
}

/** The person's decisions about the list, as rows. The list itself is read again when they have changed. */
export class LiveList implements ListApi {
  readonly #deps: LiveListDeps;

  constructor(deps: LiveListDeps) {
    this.#deps = deps;
  }

  move(shown: readonly RoomKey[], moved: RoomKey): Promise<Result<readonly RoomKey[], EditError>> {
    return this.#edit(async (tx, now) => {
      const { order } = await preferencesIn(tx);
      await setOrder(tx, reordered(order, shown, moved), now);
      return order;
    });
  }

  putBack(order: readonly RoomKey[]): Promise<Result<undefined, EditError>> {
    return this.#edit(async (tx, now) => {
      await setOrder(tx, order, now);
      return undefined;
    });
  }

  setMode(room: RoomKey, mode: NotificationMode): Promise<Result<undefined, EditError>> {
    return this.#edit(async (tx, now) => {
      const { modes } = await preferencesIn(tx);
      if ((modes[room] ?? 'All') !== mode) await setMode(tx, room, mode, now);
      return undefined;
    });
  }

  async markRead(room: RoomKey): Promise<Result<undefined, EditError>> {
    const { db, sync } = this.#deps;
    try {
      const { markAllSeen } = await part(() => import('../../persist/mark-read.ts'));
      if (!(await markAllSeen(db, room))) return err({ type: 'UnknownRoom', room });
    } catch (error) {
      return err(storageError(error));
    }
    sync.tell({ type: 'rooms-changed', rooms: [room] });
    return ok(undefined);
  }

  async #edit<T>(write: (tx: WriteTx, now: number) => Promise<T>): Promise<Result<T, EditError>> {
    const { db, sync } = this.#deps;
    const written = await stored(
      db.write(PREFERENCE_EDIT_STORES, 'strict', (tx) => write(tx, Date.now())),
    );
    if (!written.ok) return written;
    sync.tell({ type: 'rooms-changed', rooms: [] });
    sync.edited();
    return written;
  }
}
