import type { DmPair } from '../../persist/dm-listing.ts';
import type { DmThreadRow } from '../../persist/schema.ts';

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

/** @param row what the person has decided about the conversation */
export function timesOf({ inbound, answered }: DmPair, row: DmThreadRow | undefined): DmTimes {
  const newestInbound = inbound.reduce((a, b) => (a > b ? a : b), 0n);
  const seen = row?.seen ?? 0n;
  const readUpTo = seen > answered ? seen : answered;
  const isHidden = row?.hiddenAt !== undefined && newestInbound <= row.hiddenAt;
  const unread = isHidden ? 0 : inbound.filter((time) => time > readUpTo).length;
  return { inbound, newestInbound, readUpTo, unread, isHidden };
}
