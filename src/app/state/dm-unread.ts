import { dmPairs } from '../../persist/dm-listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import type { DmThreadRow } from '../../persist/schema.ts';
import type { MemberId } from '../../river/ids.ts';
import { selfIdOf } from '../../river/room-data.ts';
import { timesOf, type DmTimes } from './dm-times.ts';

/** The times of a person's conversations in a room, by peer. */
export function dmTimes(
  { state, own }: Pick<LoadedRoom, 'state' | 'own'>,
  rows: readonly DmThreadRow[],
): ReadonlyMap<MemberId, DmTimes> {
  const self = selfIdOf(own);
  if (self === undefined) return new Map();
  const decided = new Map(rows.map((row) => [row.peer, row]));
  const pairs = dmPairs(state.directMessages.messages, self);
  return new Map(
    [...pairs].map(([peer, pair]) => [peer, timesOf(pair, decided.get(String(peer)))]),
  );
}

/** How many direct messages of a room have not been read. @param muted ids of those of whom nothing is shown */
export function unreadDms(
  room: LoadedRoom,
  rows: readonly DmThreadRow[],
  muted: ReadonlySet<string>,
): number {
  let sum = 0;
  for (const [peer, { unread }] of dmTimes(room, rows)) if (!muted.has(String(peer))) sum += unread;
  return sum;
}
