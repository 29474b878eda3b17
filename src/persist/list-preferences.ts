import type { NotificationMode } from '../river/rooms-meta.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import { MARKER_STORES, raiseMarker, type Token } from './dirty-markers.ts';
import type { ListPreferencesRow } from './schema.ts';

/** The delegate's storage key, on the path `rooms`. Source: river: ui/src/components/app/chat_delegate.rs. */
export const ROOMS_META = 'rooms_meta';

/** What the person has decided about the list of rooms: its order, and what each room may tell them of. */
export type ListPreferences = Omit<ListPreferencesRow, 'name'>;

export const NO_PREFERENCES: ListPreferences = { order: [], modes: {}, unknown: [] };

/** The stores a transaction needs to change them. */
export const PREFERENCE_EDIT_STORES = ['list_preferences', ...MARKER_STORES] as const;

export async function preferencesIn(
  tx: ReadTx | WriteTx,
  name: ListPreferencesRow['name'] = 'here',
): Promise<ListPreferences> {
  const row = await tx.objectStore('list_preferences').get(name);
  if (!row) return NO_PREFERENCES;
  const { name: _name, ...preferences } = row;
  return preferences;
}

export const putPreferences = async (
  tx: WriteTx,
  name: ListPreferencesRow['name'],
  preferences: ListPreferences,
): Promise<void> => {
  await tx.objectStore('list_preferences').put({ name, ...preferences });
};

/** @returns the token of the change: its receipts are those of (`rooms`, `rooms_meta`) */
export async function setMode(
  tx: WriteTx,
  room: RoomKey,
  mode: NotificationMode,
  now: Millis,
): Promise<Token> {
  const held = await preferencesIn(tx);
  const { [room]: _rank, ...ranks } = held.ranks?.modes ?? {};
  await putPreferences(tx, 'here', {
    ...held,
    modes: { ...held.modes, [room]: mode },
    ...(held.ranks && { ranks: { ...held.ranks, modes: ranks } }),
  });
  return raiseMarker(tx, 'rooms', ROOMS_META, now);
}

/** Puts the list in this order; nothing is written where it is in it already. */
export async function setOrder(
  tx: WriteTx,
  order: readonly RoomKey[],
  now: Millis,
): Promise<Token | undefined> {
  const held = await preferencesIn(tx);
  if (isSameOrder(order, held.order)) return undefined;
  const { ranks, ...others } = held;
  const kept = ranks && { ranks: { modes: ranks.modes } };
  await putPreferences(tx, 'here', { ...others, ...kept, order });
  return raiseMarker(tx, 'rooms', ROOMS_META, now);
}

/** A room that is left has no place in the order any more. What it may tell of is kept, for when the person comes back. */
export async function dropFromOrder(tx: WriteTx, room: RoomKey, now: Millis): Promise<void> {
  const { order } = await preferencesIn(tx);
  await setOrder(
    tx,
    order.filter((each) => each !== room),
    now,
  );
}

/**
 * The order that is to be stored when the person has moved a room. It and those above it have a place then, as have those that had
 * one; the rooms below go on following their messages. Rooms that are not on screen (of a node that could not be read whole, say)
 * stay behind the one that they stood behind.
 *
 * @param shown all that is on screen, with `moved` where it is now
 */
export function reordered(
  stored: readonly RoomKey[],
  shown: readonly RoomKey[],
  moved: RoomKey,
): readonly RoomKey[] {
  const had = new Set([...stored, moved]);
  const order = shown.slice(0, shown.findLastIndex((room) => had.has(room)) + 1);
  const placed = new Set(order);
  for (const [i, room] of stored.entries()) {
    if (placed.has(room)) continue;
    const before = stored[i - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, room);
    placed.add(room);
  }
  return order;
}

/**
 * Takes over what an earlier delegate holds. Whatever the person or the delegate in use has said is above it; of several earlier
 * ones the newest that says anything decides, in whatever order they answer.
 */
export function takenOver(
  held: ListPreferences,
  found: Pick<ListPreferences, 'order' | 'modes'>,
  rank: number,
): ListPreferences {
  const modes = { ...held.modes };
  const ranks = { ...held.ranks?.modes };
  for (const [room, mode] of Object.entries(found.modes)) {
    const isNewer = modes[room] === undefined || (ranks[room] ?? Infinity) <= rank;
    if (!isNewer) continue;
    modes[room] = mode;
    ranks[room] = rank;
  }
  const orderRank = held.ranks?.order ?? (held.order.length === 0 ? -1 : Infinity);
  const isOrderNewer = found.order.length > 0 && orderRank <= rank;
  const order = isOrderNewer ? found.order : held.order;
  const newest = isOrderNewer ? rank : held.ranks?.order;
  return {
    ...held,
    modes,
    order,
    ranks: { modes: ranks, ...(newest !== undefined && { order: newest }) },
  };
}

export const isSameOrder = (a: readonly RoomKey[], b: readonly RoomKey[]): boolean =>
  a.length === b.length && a.every((room, i) => room === b[i]);
