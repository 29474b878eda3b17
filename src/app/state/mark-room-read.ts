import type { WeirDatabase } from '../../persist/database.ts';
import { listingOf } from '../../persist/listing.ts';
import { loadRoom } from '../../persist/loaded-room.ts';
import { markRead } from '../../persist/room-store.ts';
import { messageId } from '../../river/ids.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';

/** Marks all that is stored of a room as read. @returns whether the room is here */
export async function markRoomRead(db: WeirDatabase, room: RoomKey): Promise<boolean> {
  const loaded = await loadRoom(db, room, new SignatureMemo());
  if (!loaded.ok || !loaded.value) return false;
  const newest = loaded.value.state.recentMessages.at(-1);
  if (!newest) return true;
  const lastRead = messageId(newest);
  const listing = listingOf({ ...loaded.value, lastRead });
  await db.write(['rooms'], 'relaxed', (tx) => markRead(tx, room, String(lastRead), listing));
  return true;
}
