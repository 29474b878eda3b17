import type { RoomChange, RoomRow } from './schema.ts';

/** A page that reads along is never so far behind. */
const KEPT_CHANGES = 8;
/** More than these are read again sooner than they are looked up one by one; and the room's row is written with every change. */
const KEPT_ORDERS = 48;

/** What a room's row says of its last changes, with one more. */
export function withChange(
  before: readonly RoomChange[] | undefined,
  change: RoomChange | undefined,
): readonly RoomChange[] {
  if (change === undefined) return [];
  const kept: RoomChange[] = [];
  let orders = 0;
  for (const each of [change, ...(before ?? []).toReversed()]) {
    orders += each.put.length + each.gone.length;
    if (kept.length === KEPT_CHANGES || orders > KEPT_ORDERS) break;
    kept.unshift(each);
  }
  return kept;
}

/** The changes after revision `rev`, the oldest first; undefined where not all of them are told. */
export function changesSince(row: RoomRow, rev: number): readonly RoomChange[] | undefined {
  const since = (row.changes ?? []).filter((change) => change.rev > rev);
  return since.length === row.rev - rev ? since : undefined;
}
