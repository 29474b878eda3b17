import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';

/** What the person decides about the list of rooms: durable here before it resolves, and theirs on every device. */
export interface ListApi {
  /**
   * Puts a room in another place.
   *
   * @param shown all rooms that are on screen, with `moved` where it is now
   * @returns the order that was stored before, for `putBack`
   */
  move(shown: readonly RoomKey[], moved: RoomKey): Promise<Result<readonly RoomKey[], EditError>>;
  putBack(order: readonly RoomKey[]): Promise<Result<undefined, EditError>>;
  /** What the room may tell the person of. */
  setMode(room: RoomKey, mode: NotificationMode): Promise<Result<undefined, EditError>>;
  /** Everything that is in the room has been read. Kept in this browser. */
  markRead(room: RoomKey): Promise<Result<undefined, EditError>>;
}
