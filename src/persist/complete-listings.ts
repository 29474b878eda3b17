import { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';
import { listingOf } from './listing.ts';
import { loadRoom } from './loaded-room.ts';

/**
 * Rows of an older version list no conversations: each of those rooms is looked into once, one at a time. Nothing of a room changes
 * by it, so neither its revision nor a marker is raised; what is cut short goes on with the next start.
 *
 * @returns the rooms whose rows say more now
 */
export async function completeListings(db: WeirDatabase): Promise<readonly RoomKey[]> {
  const rows = await db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
  const completed: RoomKey[] = [];
  for (const { room } of rows.filter(({ listing }) => listing.dms === undefined)) {
    const loaded = await loadRoom(db, room, new SignatureMemo());
    if (!loaded.ok || !loaded.value) continue; // it says so itself when it is opened
    const { rev } = loaded.value;
    const listing = listingOf(loaded.value);
    await db.write(['rooms'], 'relaxed', async (tx) => {
      const row = await tx.objectStore('rooms').get(room);
      if (row?.rev === rev) await tx.objectStore('rooms').put({ ...row, listing });
    });
    completed.push(room);
  }
  return completed;
}
