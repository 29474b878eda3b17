import type { MessageId } from '../river/ids.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';
import { newestIdIn } from './message-rows.ts';
import type { RoomRow } from './schema.ts';

// What was on screen in this browser is no change of the room: it raises neither revision nor marker, and decodes no message.

/**
 * Remembers that all of a room was on screen, unless it has changed since.
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
    if (row?.rev === rev) await rooms.put(seenUpTo(row, newest));
  });
}

/** Marks all that is stored of a room as read. @returns whether the room is here */
export function markAllSeen(db: WeirDatabase, room: RoomKey): Promise<boolean> {
  return db.write(['rooms', 'messages'], 'relaxed', async (tx) => {
    const rooms = tx.objectStore('rooms');
    const row = await rooms.get(room);
    if (!row) return false;
    const newest = await newestIdIn(tx, room);
    if (newest !== undefined) await rooms.put(seenUpTo(row, newest));
    return true;
  });
}

const seenUpTo = (row: RoomRow, newest: MessageId): RoomRow => ({
  ...row,
  lastRead: String(newest),
  listing: { ...row.listing, unread: 0, unreadForMe: 0 },
});
