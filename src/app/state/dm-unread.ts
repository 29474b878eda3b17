import { dmPairs, type DmPair } from '../../persist/dm-listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import type { DmThreadRow } from '../../persist/schema.ts';
import { memberId, type MemberId } from '../../river/ids.ts';
import { selfKeyOf } from '../../river/room-data.ts';

/** One conversation by its times alone: nothing is opened for it. Times are seconds since 1970 UTC. */
export interface DmTimes {
  /** What the other has sent, in no order. */
  readonly inbound: readonly bigint[];
  /** 0 when there is none. */
  readonly newestInbound: bigint;
  /** Everything up to this has been read: it was on screen here, or the person has answered it. */
  readonly readUpTo: bigint;
  readonly unread: number;
  readonly isHidden: boolean;
}

/** The times of a person's conversations in a room, by peer. */
export function dmTimes(
  { state, own }: Pick<LoadedRoom, 'state' | 'own'>,
  rows: readonly DmThreadRow[],
): ReadonlyMap<MemberId, DmTimes> {
  const key = selfKeyOf(own);
  if (key === null) return new Map();
  const decided = new Map(rows.map((row) => [row.peer, row]));
  const pairs = dmPairs(state.directMessages.messages, memberId(key));
  return new Map(
    [...pairs].map(([peer, pair]) => [peer, timesOf(pair, decided.get(String(peer)))]),
  );
}

/** @param row what the person has decided about the conversation */
export function timesOf({ inbound, answered }: DmPair, row: DmThreadRow | undefined): DmTimes {
  const newestInbound = inbound.reduce((a, b) => (a > b ? a : b), 0n);
  const seen = row?.seen ?? 0n;
  const readUpTo = seen > answered ? seen : answered;
  const isHidden = row?.hiddenAt !== undefined && newestInbound <= row.hiddenAt;
  const unread = isHidden ? 0 : inbound.filter((time) => time > readUpTo).length;
  return { inbound, newestInbound, readUpTo, unread, isHidden };
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
