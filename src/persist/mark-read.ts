import type { MessageId } from '../river/ids.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';

/**
 * Remembers that all of a room was on screen in this browser, unless it has changed since. No change of the room: it raises neither
 * revision nor marker, and reads none of its messages.
 *
 * @param rev the revision that was on screen
 * @param newest the newest message that it had then
 */
export async function markSeen(
  db: WeirDatabase,
  room: RoomKey,
  rev: number,
  newest: MessageId,
): Promise<void> {
  await db.write(['rooms'], 'relaxed', async (tx) => {
    const rooms = tx.objectStore('rooms');
    const row = await rooms.get(room);
    if (row?.rev !== rev) return;
    const listing = { ...row.listing, unread: 0, unreadForMe: 0 };
    await rooms.put({ ...row, lastRead: String(newest), listing });
  });
}
