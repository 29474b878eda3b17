import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem } from '../state/api.ts';

/**
 * The nearest room in a direction with something unread, around the end of the list.
 *
 * @param open the room one is in
 * @param step −1: upwards
 */
export function nextUnread(
  rooms: readonly RoomListItem[],
  open: RoomKey | undefined,
  step: -1 | 1,
): RoomKey | undefined {
  const at = rooms.findIndex(({ room }) => room === open);
  const from = at < 0 && step < 0 ? 0 : at;
  for (let i = 1; i <= rooms.length; i++) {
    const item = rooms[(from + step * i + rooms.length * 2) % rooms.length];
    if (item && item.unread > 0 && item !== rooms[at]) return item.room;
  }
  return undefined;
}
