import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem } from './api.ts';

/**
 * The rooms that the person has put in place, in that order; then the others, the one with the newest message first, and those
 * without any by their keys. River has the others in the order of their keys, which says nothing to anybody; where they follow their
 * messages, a list that was never sorted is useful too.
 */
export function inOrder(
  rooms: readonly RoomListItem[],
  order: readonly RoomKey[],
): readonly RoomListItem[] {
  const places = new Map(order.map((room, i) => [room, i]));
  const placeOf = ({ room }: RoomListItem): number => places.get(room) ?? Infinity;
  return rooms.toSorted((a, b) => {
    const [one, other] = [placeOf(a), placeOf(b)];
    if (one !== other) return one - other;
    return (b.lastMessage?.at ?? 0) - (a.lastMessage?.at ?? 0) || (a.room < b.room ? -1 : 1);
  });
}

/**
 * The rooms as they stand while the person is at the list: what was there keeps its place, so that nothing moves away from under a
 * finger. A room that is new comes before the one that it would come before.
 */
export function steady(
  rooms: readonly RoomListItem[],
  held: readonly RoomKey[],
): readonly RoomListItem[] {
  const here = new Map(rooms.map((item) => [item.room, item]));
  const steadied = held.flatMap((room) => here.get(room) ?? []);
  const known = new Set(steadied.map(({ room }) => room));
  for (const [i, item] of rooms.entries()) {
    if (known.has(item.room)) continue;
    const next = rooms.slice(i + 1).find(({ room }) => known.has(room));
    steadied.splice(next ? steadied.indexOf(next) : steadied.length, 0, item);
    known.add(item.room);
  }
  return steadied;
}

/** The order with one room in another place. @param to its index then */
export function withMoved(
  order: readonly RoomKey[],
  room: RoomKey,
  to: number,
): readonly RoomKey[] {
  const others = order.filter((each) => each !== room);
  return others.toSpliced(Math.max(0, to), 0, room);
}
