import type { RoomKey } from '../shared/brand.ts';
import { isSameOrder } from './list-preferences.ts';

type Order = readonly RoomKey[];

/**
 * Two orders that came from one. Every two rooms that either side has exchanged are as that side has them: these wishes can't
 * contradict each other, since each turns a pair of the common order around. So nothing that was moved on one side is lost to a
 * move on the other, and it makes no difference which side is mine.
 *
 * Rooms that one side has put in place come where it has them; rooms that one side has taken out are out. Only where both have
 * put the same rooms in place for the first time, and differently, mine decides.
 */
export function mergeOrders(base: Order, mine: Order, theirs: Order): Order {
  if (isSameOrder(theirs, base) || isSameOrder(theirs, mine)) return mine;
  if (isSameOrder(mine, base)) return theirs;
  const [here, there, known] = [new Set(mine), new Set(theirs), new Set(base)];
  const common = inserted(
    base.filter((room) => here.has(room) && there.has(room)),
    theirs,
    (room) => here.has(room) && !known.has(room),
  );
  const kept = exchanged(common, placesIn(mine), placesIn(theirs));
  const fromHere = byGap(kept, mine, (room) => !there.has(room) && !known.has(room));
  const fromThere = byGap(kept, theirs, (room) => !here.has(room) && !known.has(room));
  return [undefined, ...kept].flatMap((room) => [
    ...(room === undefined ? [] : [room]),
    ...interleaved(fromHere.get(room) ?? [], fromThere.get(room) ?? []),
  ]);
}

/** The chosen rooms of another order, each behind the room that it is behind there. */
function inserted(order: Order, other: Order, isChosen: (room: RoomKey) => boolean): Order {
  const gaps = byGap(order, other, isChosen);
  return [undefined, ...order].flatMap((room) => [
    ...(room === undefined ? [] : [room]),
    ...(gaps.get(room) ?? []),
  ]);
}

type Places = ReadonlyMap<RoomKey, number>;

const placesIn = (order: Order): Places => new Map(order.map((room, i) => [room, i]));

/** The order with every pair turned around that either side has turned around. */
function exchanged(order: Order, ...sides: readonly Places[]): RoomKey[] {
  const result: RoomKey[] = [];
  for (const room of order) {
    const at = result.findIndex((before) =>
      sides.some((places) => (places.get(room) ?? 0) < (places.get(before) ?? 0)),
    );
    result.splice(at < 0 ? result.length : at, 0, room);
  }
  return result;
}

/** The chosen rooms by the anchor that they come after; undefined: before all. */
function byGap(
  anchors: Order,
  order: Order,
  isChosen: (room: RoomKey) => boolean,
): ReadonlyMap<RoomKey | undefined, RoomKey[]> {
  const known = new Set(anchors);
  const gaps = new Map<RoomKey | undefined, RoomKey[]>();
  let gap: RoomKey | undefined;
  for (const room of order) {
    if (known.has(room)) gap = room;
    else if (isChosen(room)) gaps.set(gap, [...(gaps.get(gap) ?? []), room]);
  }
  return gaps;
}

/** Both keep their order; which of two comes first does not depend on whose it is. */
function interleaved(some: Order, others: Order): RoomKey[] {
  const [a, b] = [[...some], [...others]];
  const all: RoomKey[] = [];
  while (a[0] !== undefined && b[0] !== undefined) all.push(...(a[0] < b[0] ? a : b).splice(0, 1));
  return [...all, ...a, ...b];
}
