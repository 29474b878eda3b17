import type { Millis, RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { EarlierContract, RoomSearchRow } from './earlier-rows.ts';

/** As far as River follows upgrade pointers from contract to contract. */
const LONGEST_CHAIN = 32;

/** The row with the contract that a pointer names; the same row when there is nothing to follow. */
export function withPointer(row: RoomSearchRow, pointer: string, now: Millis): RoomSearchRow {
  const { contracts, target } = row;
  const isKnown = pointer === target || contracts.some(({ id }) => id === pointer);
  const hops = contracts.filter(({ codeHash }) => codeHash === undefined).length;
  if (isKnown || hops >= LONGEST_CHAIN) return row;
  const named: EarlierContract = {
    id: pointer,
    version: 'upgrade pointer',
    verdict: 'unknown',
    attempts: 0,
    at: now,
  };
  return { ...row, contracts: [named, ...contracts] };
}

/** Replaces what is recorded of one contract, and follows the pointer that it holds. @throws when the search has no row */
export async function recordContract(
  tx: WriteTx,
  key: [room: RoomKey, target: string],
  contract: EarlierContract,
  pointer?: string,
): Promise<void> {
  const searches = tx.objectStore('room_searches');
  const row = await searches.get(key);
  if (!row) throw new Error(`no search for room ${key[0]}`);
  const contracts = row.contracts.map((each) => (each.id === contract.id ? contract : each));
  const next = { ...row, contracts };
  await searches.put(pointer === undefined ? next : withPointer(next, pointer, contract.at));
}

export const searchesIn = (tx: ReadTx | WriteTx): Promise<RoomSearchRow[]> =>
  tx.objectStore('room_searches').getAll();

/** Those of rooms that the person is in: a room that was left is not looked for. Stores: `room_searches`, `rooms`. */
export async function openSearchesIn(tx: ReadTx): Promise<RoomSearchRow[]> {
  const rows = (await searchesIn(tx)).filter(({ contracts }) => contracts.length > 0);
  const rooms = await Promise.all(rows.map(({ room }) => tx.objectStore('rooms').get(room)));
  return rows.filter((_, i) => rooms[i]?.status === 'present');
}

/** Whether it has been answered what a contract holds, be it nothing. */
export const isAnswered = ({ verdict }: EarlierContract): boolean =>
  verdict !== 'unknown' && verdict !== 'silent';
