import type { FoundValue } from '../../persist/earlier-rows.ts';
import type { RoomRow } from '../../persist/schema.ts';

/** What the delegate in use holds, or the person has decided here, is above every earlier delegate. */
export const PRESENT_DAY = Number.POSITIVE_INFINITY;

/** A room as it is here, and how old the decisions are that made it so. */
export interface Standing {
  readonly status: 'none' | 'present' | 'left';
  /** Of the copy that the present identity is from; −1 without any. */
  readonly identityRank: number;
  /** Of the newest copy that says that the person is in the room; −1 without any. */
  readonly presentRank: number;
  /** Of the newest tombstone; −1 without any. */
  readonly leftRank: number;
}

/** A copy of a room that an earlier delegate gave. */
export interface Copy {
  readonly type: 'room' | 'left';
  readonly rank: number;
  /** The person's public key in it, base58; undefined where it has none. */
  readonly identity: string | undefined;
}

export interface Decision {
  readonly status: 'none' | 'present' | 'left';
  /** Whether the copy's identity and the other fields of the person's own part come before those here. */
  readonly copyFirst: boolean;
  /** The person's status changes, so the decision must be stored over what the delegate in use holds. */
  readonly choice?: 'join' | 'leave';
}

/**
 * How a room stands, from what earlier delegates have given of it so far and from what is here.
 *
 * @param row the room's row, if it is here
 * @param identity the present public key in it, base58
 * @param isTombstoned the delegate in use is known to hold something for the room, and no row is here: that it was left
 */
export function standingOf(
  found: readonly FoundValue[],
  row: Pick<RoomRow, 'status' | 'choice'> | undefined,
  identity: string | undefined,
  isTombstoned: boolean,
): Standing {
  const newest = (values: readonly FoundValue[]): number =>
    Math.max(-1, ...values.map(({ rank }) => rank));
  const rooms = found.filter(({ held }) => held === 'room');
  const tombstones = found.filter(({ held }) => held === 'left');
  const presentRank = newest(rooms);
  const leftRank = newest(tombstones);
  if (!row) {
    if (isTombstoned) {
      return { status: 'left', identityRank: -1, presentRank, leftRank: PRESENT_DAY };
    }
    const status = leftRank >= 0 ? 'left' : 'none';
    return { status, identityRank: -1, presentRank, leftRank };
  }
  const { status, choice } = row;
  const isImported = found.some(({ created }) => created);
  const lastImport = Math.max(-1, ...found.map(({ seq }) => seq ?? -1));
  const chosen = choice !== undefined && choice.seq > lastImport;
  if (!isImported || chosen) {
    return {
      status,
      identityRank: PRESENT_DAY,
      presentRank: status === 'present' ? PRESENT_DAY : presentRank,
      leftRank: status === 'left' ? PRESENT_DAY : leftRank,
    };
  }
  const same = rooms.filter((value) => value.identity === identity);
  const identityRank = same.length > 0 ? newest(same) : PRESENT_DAY; // another device has replaced it since
  // a status that no copy explains was set on the node meanwhile
  const explained = status === (presentRank > leftRank ? 'present' : 'left');
  return {
    status,
    identityRank,
    presentRank: explained || status === 'left' ? presentRank : PRESENT_DAY,
    leftRank: explained || status === 'present' ? leftRank : PRESENT_DAY,
  };
}

/**
 * What a copy changes. The newest copy decides, a tombstone before a room of the same rank: so the outcome is the same in whatever
 * order they arrive.
 */
export function decide(standing: Standing, copy: Copy): Decision {
  const presentRank = Math.max(standing.presentRank, copy.type === 'room' ? copy.rank : -1);
  const leftRank = Math.max(standing.leftRank, copy.type === 'left' ? copy.rank : -1);
  const copyFirst = copy.type === 'room' && copy.rank > standing.identityRank;
  const before = standing.status;
  if (copy.type === 'left' && before === 'none') return { status: 'none', copyFirst };
  const status = presentRank > leftRank ? 'present' : 'left';
  if (status === before || before === 'none') return { status, copyFirst };
  return { status, copyFirst, choice: status === 'present' ? 'join' : 'leave' };
}
