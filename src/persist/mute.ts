import { SignatureMemo } from '../river/signatures/memo.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';
import { listingOf } from './listing.ts';
import { loadRoom } from './loaded-room.ts';
import { changeNote } from './member-notes.ts';
import { relist, RevMovedError } from './room-store.ts';

/** Others may write the room between the reading and the writing this often. */
const MAX_TRIES = 10;

/**
 * Shows nothing of a member in this browser, or shows them again: the note, and what the list says and counts of the room, in one
 * transaction. A room whose rows can't be read says so itself; the note is written all the same.
 *
 * @param at since when; undefined: not any more
 * @throws what the browser says when it can’t be written; RevMovedError when the room is written by somebody else at every try
 */
export async function mute(
  db: WeirDatabase,
  room: RoomKey,
  member: string,
  at: Millis | undefined,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const loaded = await loadRoom(db, room, new SignatureMemo());
    const held = loaded.ok ? loaded.value : undefined;
    const muted = new Set(held?.muted);
    if (at === undefined) muted.delete(BigInt(member));
    else muted.add(BigInt(member));
    const listing = held && listingOf({ ...held, muted });
    try {
      await db.write(['member_notes', 'rooms'], 'strict', async (tx) => {
        await changeNote(tx, room, member, ({ banned }) => ({
          room,
          member,
          ...(banned && { banned }),
          ...(at !== undefined && { mutedAt: at }),
        }));
        if (held && listing) await relist(tx, room, held.rev, listing);
      });
      return;
    } catch (error) {
      if (!(error instanceof RevMovedError) || tries === MAX_TRIES) throw error;
    }
  }
}
