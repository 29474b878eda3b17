import { EditQueue, type EditFailure } from '../../persist/edit-queue.ts';
import type { Token } from '../../persist/dirty-markers.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, EditToken } from './api.ts';
import { LiveConversation } from './live-conversation.ts';
import { editError, messageEdit, nameEdit } from './room-edits.ts';
import type { SyncController } from './sync-controller.ts';

/**
 * Everything that reads or changes the inside of a room: River's model and its cryptography. It is fetched after the first
 * paint, because the room list needs none of it.
 */
export class RoomCore {
  readonly #sync: SyncController;
  readonly #edits: EditQueue;
  readonly #conversations: ConstructorParameters<typeof LiveConversation>[1];
  readonly #compose;

  constructor(db: WeirDatabase, sync: SyncController) {
    const memo = new SignatureMemo();
    const cache = new RoomCache(db, memo);
    this.#sync = sync;
    this.#compose = { memo, clock: systemClock, random: systemRandom };
    this.#conversations = { db, cache, sync, memo };
    this.#edits = new EditQueue({
      db,
      cache,
      memo,
      clock: systemClock,
      committed: (rooms) => sync.tell({ type: 'rooms-changed', rooms }),
    });
  }

  open(room: RoomKey): LiveConversation {
    return new LiveConversation(room, this.#conversations);
  }

  async sendMessage(room: RoomKey, text: string): Promise<Result<EditToken, EditError>> {
    return this.#edited(room, await this.#edits.submit(room, messageEdit(this.#compose, text)));
  }

  async rename(room: RoomKey, name: string): Promise<Result<EditToken, EditError>> {
    return this.#edited(room, await this.#edits.submit(room, nameEdit(this.#compose, name)));
  }

  #edited(
    room: RoomKey,
    result: Result<Token, EditRefused | EditFailure>,
  ): Result<EditToken, EditError> {
    if (!result.ok) return err(editError(result.error));
    this.#sync.edited();
    return ok({ path: 'rooms', key: room, seq: result.value.seq });
  }
}
