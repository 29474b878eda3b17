import { contractIdText } from '../river/contract-key.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { earlierRoomContracts } from '../river/room-contracts.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import { toBase58, toHex } from '../shared/bytes.ts';
import type { ReadTx, WeirDatabase, WriteTx } from './database.ts';
import { withPointer } from './room-search.ts';
import type { EarlierContract, RoomSearchRow } from './earlier-rows.ts';

/** Which room is looked for, and what its contract of now is. */
export interface SearchedRoom {
  readonly room: RoomKey;
  readonly owner: VerifyingKey;
  /** BLAKE3 of the room contract of now. */
  readonly codeHash: Uint8Array;
  /** Its instance id, base58. */
  readonly target: string;
}

const SEARCH_STORES = ['room_searches', 'base'] as const;

/**
 * Begins the search for a room that its contract of now does not have. To be called before anything is put there: afterwards nobody
 * can tell that it was not there. What was begun once goes on by itself.
 *
 * A room that this browser has found, put or read under that very contract before is not looked for: what is here contains it.
 *
 * @returns whether a search was begun
 */
export async function beginSearch(
  db: WeirDatabase,
  searched: SearchedRoom,
  now: Millis,
): Promise<boolean> {
  const { room, target } = searched;
  const isKnown = await db.read(SEARCH_STORES, (tx) => isBegun(tx, room, target));
  if (isKnown) return false;
  return db.write(SEARCH_STORES, 'strict', async (tx) => {
    if (await isBegun(tx, room, target)) return false;
    await tx.objectStore('room_searches').put(newSearch(searched, now));
    return true;
  });
}

async function isBegun(tx: ReadTx | WriteTx, room: RoomKey, target: string): Promise<boolean> {
  if (await tx.objectStore('room_searches').get([room, target])) return true;
  const base = await tx.objectStore('base').get(['contracts', room]);
  return base?.target === target;
}

function newSearch({ room, owner, codeHash, target }: SearchedRoom, now: Millis): RoomSearchRow {
  const contracts = earlierRoomContracts(owner, codeHash).map(
    ({ version, key }): EarlierContract => ({
      id: contractIdText(key),
      codeHash: toHex(key.code),
      version,
      verdict: 'unknown',
      attempts: 0,
      at: now,
    }),
  );
  return { room, target, since: now, contracts };
}

/** Where a state points to, base58; undefined when it points nowhere. Believed only of a state that was verified. */
export const pointerOf = ({ upgrade }: RoomState): string | undefined =>
  upgrade ? toBase58(upgrade.upgrade.newChatroomAddress) : undefined;

/**
 * Follows a verified upgrade pointer: the contract that it names is asked too, unless it is the one of now, is in the row already
 * (so that a circle of pointers ends), or the chain is as long as none of River's can be.
 */
export async function followPointer(
  db: WeirDatabase,
  searched: SearchedRoom,
  pointer: string,
  now: Millis,
): Promise<boolean> {
  const key: [RoomKey, string] = [searched.room, searched.target];
  const known = await db.read(['room_searches'], (tx) => tx.objectStore('room_searches').get(key));
  if (known ? withPointer(known, pointer, now) === known : pointer === searched.target)
    return false;
  return db.write(['room_searches'], 'strict', async (tx) => {
    const searches = tx.objectStore('room_searches');
    const row = (await searches.get(key)) ?? {
      room: searched.room,
      target: searched.target,
      since: now,
      contracts: [],
    };
    const next = withPointer(row, pointer, now);
    if (next === row) return false;
    await searches.put(next);
    return true;
  });
}

/**
 * The person asks to look again: every earlier contract of every room that is here is asked once more, for rooms too that were never
 * looked for.
 *
 * @param rooms the present rooms
 */
export async function searchAgain(
  db: WeirDatabase,
  rooms: readonly SearchedRoom[],
  now: Millis,
): Promise<void> {
  await db.write(['room_searches'], 'strict', async (tx) => {
    const searches = tx.objectStore('room_searches');
    for (const searched of rooms) {
      const fresh = newSearch(searched, now);
      const row = await searches.get([searched.room, searched.target]);
      const named = row?.contracts.filter(({ codeHash }) => codeHash === undefined) ?? [];
      const before = new Map(row?.contracts.map((each) => [each.id, each]));
      const contracts = [...named, ...fresh.contracts].map((each): EarlierContract => {
        const pointer = before.get(each.id)?.pointer;
        return {
          ...each,
          verdict: 'unknown',
          attempts: 0,
          at: now,
          ...(pointer === 'there' && { pointer }),
        };
      });
      await searches.put({ ...fresh, contracts });
    }
  });
}
