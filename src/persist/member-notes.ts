import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { MemberNoteRow } from './schema.ts';

/** What this browser keeps about the members of a room. */
export const memberNotesIn = (tx: ReadTx, room: RoomKey): Promise<MemberNoteRow[]> =>
  tx.objectStore('member_notes').getAll(IDBKeyRange.bound([room], [room, []]));

/** The ids of those of whom nothing is shown. */
export const mutedIn = async (tx: ReadTx, room: RoomKey): Promise<ReadonlySet<string>> => {
  const notes = await memberNotesIn(tx, room);
  return new Set(notes.filter((note) => note.mutedAt !== undefined).map(({ member }) => member));
};

/** Changes one note; one that says nothing is taken away. */
export async function changeNote(
  tx: WriteTx,
  room: RoomKey,
  member: string,
  change: (note: MemberNoteRow) => MemberNoteRow,
): Promise<void> {
  const notes = tx.objectStore('member_notes');
  const note = change((await notes.get([room, member])) ?? { room, member });
  if (note.mutedAt === undefined && note.banned === undefined) await notes.delete([room, member]);
  else await notes.put(note);
}
