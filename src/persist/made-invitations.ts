import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { MadeInvitationRow } from './schema.ts';

/** Invitations that were passed on from this browser, the newest first. */
export async function madeInvitations(
  tx: ReadTx,
  room: RoomKey,
): Promise<readonly MadeInvitationRow[]> {
  const range = IDBKeyRange.bound([room], [room, []]);
  const rows = await tx.objectStore('made_invitations').getAll(range);
  return rows.sort((a, b) => b.at - a.at);
}

/** Remembers one; one that is remembered already stays as it is. */
export async function keepMade(tx: WriteTx, row: MadeInvitationRow): Promise<void> {
  const store = tx.objectStore('made_invitations');
  if (!(await store.get([row.room, row.invitee]))) await store.put(row);
}

/** Somebody is in the room with it: the key in the code is theirs alone now. */
export async function markUsed(tx: WriteTx, room: RoomKey, invitee: string): Promise<void> {
  const store = tx.objectStore('made_invitations');
  const row = await store.get([room, invitee]);
  if (row) await store.put({ ...row, code: '' });
}
