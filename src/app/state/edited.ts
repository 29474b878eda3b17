import type { WeirDatabase } from '../../persist/database.ts';
import type { Token } from '../../persist/dirty-markers.ts';
import type { EditFailure } from '../../persist/edit-queue.ts';
import { changeWholeRoom, type ComposeWholeRoom } from '../../persist/whole-room.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, Edited, EditToken } from './api.ts';
import { editError, type ComposeDeps } from './room-edits.ts';
import type { SyncController } from './sync-controller.ts';

/** An edit's outcome as its caller is told: whoever drains hears of one that is stored, and its token finds the receipt. */
export function edited(
  sync: Pick<SyncController, 'edited'>,
  room: RoomKey,
  result: Result<Token, EditRefused | EditFailure>,
): Result<EditToken, EditError> {
  if (!result.ok) return err(editError(result.error));
  sync.edited();
  return ok({ path: 'rooms', key: room, seq: result.value.seq });
}

export interface WholeRoomEditDeps {
  readonly db: WeirDatabase;
  readonly sync: Pick<SyncController, 'tell' | 'edited'>;
  readonly compose: ComposeDeps;
}

/** An edit of more than what a room says: of the person's own part in it. */
export async function editWholeRoom(
  { db, sync, compose: { memo, clock } }: WholeRoomEditDeps,
  room: RoomKey,
  compose: ComposeWholeRoom<EditRefused>,
): Edited {
  const committed = (rooms: readonly RoomKey[]): void =>
    sync.tell({ type: 'rooms-changed', rooms });
  return edited(sync, room, await changeWholeRoom({ db, memo, clock, committed }, room, compose));
}
