import { askGenerationsAgain, GENERATION_STORES } from '../../persist/ask-generations-again.ts';
import { searchAgain, type SearchedRoom } from '../../persist/begin-search.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { contractIdText, roomContractKey } from '../../river/contract-key.ts';
import { id32FromBase58 } from '../../shared/bytes.ts';

/**
 * Has everything of earlier versions asked for once more: the contracts that rooms lay under, and the delegates. It is written
 * down; whoever drains does it.
 *
 * @param codeHash of the room contract of now, 32 bytes
 */
export async function searchOlderData(db: WeirDatabase, codeHash: Uint8Array): Promise<void> {
  const rows = await db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
  const rooms = rows.flatMap(({ room, status }): SearchedRoom[] => {
    const owner = id32FromBase58(room);
    if (status !== 'present' || !owner) return [];
    return [{ room, owner, codeHash, target: contractIdText(roomContractKey(codeHash, owner)) }];
  });
  const now = Date.now();
  await searchAgain(db, rooms, now);
  await db.write(GENERATION_STORES, 'strict', (tx) => askGenerationsAgain(tx, now));
}
