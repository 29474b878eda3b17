import { isAnswered } from '../../persist/room-search.ts';
import type { RoomSearchRow } from '../../persist/earlier-rows.ts';
import type { Millis, RoomKey } from '../../shared/brand.ts';

/** How far the search for one room under its earlier contracts is. */
export interface RoomSearchStatus {
  /** So many of `of` earlier versions have said what they hold, be it nothing. */
  readonly answered: number;
  readonly of: number;
  /** Versions whose messages are here now. */
  readonly found: readonly string[];
  /** Why a version is not taken in, or not known to hold nothing: one for each. */
  readonly reasons: readonly { readonly version: string; readonly reason: string }[];
}

/** By room. Only rooms that had to be looked for are in it. */
export type RoomSearches = ReadonlyMap<RoomKey, RoomSearchStatus>;

/** A room that has had several contracts here has as many searches: the latest counts. */
export function roomSearches(rows: readonly RoomSearchRow[]): RoomSearches {
  const latest = new Map<RoomKey, RoomSearchRow>();
  for (const row of rows) {
    if (row.contracts.length === 0) continue;
    if ((latest.get(row.room)?.since ?? -1) <= row.since) latest.set(row.room, row);
  }
  return new Map([...latest].map(([room, row]) => [room, statusOf(row)]));
}

const statusOf = ({ contracts }: RoomSearchRow): RoomSearchStatus => ({
  answered: contracts.filter(isAnswered).length,
  of: contracts.length,
  found: contracts.filter(({ verdict }) => verdict === 'merged').map(({ version }) => version),
  reasons: contracts.flatMap(({ version, reason }) =>
    reason === undefined ? [] : [{ version, reason }],
  ),
});

/** A worker that was killed says nothing: what it had not asked yet is asked again after so long. */
const UNASKED_MS = 20_000;

/** When the page is to have the earliest of the open versions asked again; undefined when none is open. */
export function nextSearchOf(
  rows: readonly RoomSearchRow[],
  failedUntil: Millis | undefined,
  now: Millis,
): Millis | undefined {
  const open = rows.flatMap(({ contracts }) =>
    contracts.filter(
      // a pointer goes out with what it waits for, unless it was tried and not answered
      (each) => !isAnswered(each) || (each.pointer === 'owed' && each.nextTryAt !== undefined),
    ),
  );
  if (open.length === 0) return undefined;
  const times = open.map(({ nextTryAt }) => nextTryAt ?? now + UNASKED_MS);
  return Math.max(Math.min(...times), failedUntil ?? 0);
}
