import type { OutboundDm, OutboundDmStore } from '../river/outbound-dms.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import { MARKER_STORES, raiseMarker, type Token } from './dirty-markers.ts';
import { isOwed, later, mergeOutbound, newestOfPairs, unhidden } from './outbound-merge.ts';
import {
  dmRow,
  OUTBOUND_KEY,
  OUTBOUND_STORES,
  outboundStoreOf,
  readOutbound,
  writeOutbound,
} from './outbound-rows.ts';
import type { DmThreadRow, OutboundDmRow } from './schema.ts';

/** The stores a transaction needs to change what was sent, or what is archived. */
export const OUTBOUND_EDIT_STORES = [...OUTBOUND_STORES, ...MARKER_STORES] as const;

/** What is kept here of one room's direct messages. */
export interface OutboundOfRoom {
  readonly dms: readonly OutboundDmRow[];
  readonly threads: readonly DmThreadRow[];
}

export async function outboundOfRoom(tx: ReadTx | WriteTx, room: RoomKey): Promise<OutboundOfRoom> {
  const range = IDBKeyRange.bound([room], [room, []]);
  const [dms, threads] = await Promise.all([
    tx.objectStore('outbound_dms').getAll(range),
    tx.objectStore('dm_threads').getAll(range),
  ]);
  return { dms, threads };
}

/**
 * Keeps the words of a direct message in the transaction that writes the sealed one into its room: neither exists without the
 * other. Writing to somebody takes the conversation out of the archive.
 *
 * @param seq of the room's change
 */
export async function recordOutbound(
  tx: WriteTx,
  dm: OutboundDm,
  seq: number,
  now: Millis,
): Promise<void> {
  const row = dmRow(dm, seq);
  const store = tx.objectStore('outbound_dms');
  const pair = await store.getAll(
    IDBKeyRange.bound([row.room, row.recipient], [row.room, row.recipient, []]),
  );
  const kept = new Set(newestOfPairs([...pair, row]));
  for (const each of pair) {
    if (!kept.has(each)) await store.delete([each.room, each.recipient, each.token]);
  }
  await store.put(row);
  const threads = tx.objectStore('dm_threads');
  const thread = await threads.get([row.room, row.recipient]);
  if (thread) await threads.put(unhidden(thread));
  await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);
}

/**
 * Takes in what another store held, such as an earlier delegate's value.
 *
 * @returns the token of the change; undefined when nothing in it was new
 */
export async function takeInOutbound(
  tx: WriteTx,
  found: OutboundDmStore,
  now: Millis,
): Promise<Token | undefined> {
  const before = await readOutbound(tx);
  const after = mergeOutbound(before, found);
  if (!isOwed(after, outboundStoreOf(before))) return undefined;
  await writeOutbound(tx, before, after);
  return raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);
}

/**
 * Archives a conversation.
 *
 * @param newestInbound seconds since 1970 UTC; 0 when nothing was received
 */
export async function hideThread(
  tx: WriteTx,
  room: RoomKey,
  peer: string,
  newestInbound: bigint,
  now: Millis,
): Promise<void> {
  const threads = tx.objectStore('dm_threads');
  const held = await threads.get([room, peer]);
  const { shownUpTo, nodeHiddenAt: _onNode, ...row }: DmThreadRow = held ?? { room, peer };
  // later than where it was taken out before, or another device that remembers it would take it out again
  const after = shownUpTo === undefined ? 0n : shownUpTo < MAX_U64 ? shownUpTo + 1n : MAX_U64;
  const hiddenAt = [newestInbound, row.hiddenAt ?? 0n, after].reduce(later);
  await threads.put({ ...row, hiddenAt });
  await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);
}

/** Takes a conversation out of the archive. */
export async function showThread(
  tx: WriteTx,
  room: RoomKey,
  peer: string,
  now: Millis,
): Promise<void> {
  const threads = tx.objectStore('dm_threads');
  const held = await threads.get([room, peer]);
  if (held?.hiddenAt === undefined) return;
  await threads.put(unhidden(held));
  await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);
}

/** Remembers what was on screen in this browser. The node has no place for it, so it raises no marker. */
export async function markThreadSeen(
  tx: WriteTx,
  room: RoomKey,
  peer: string,
  newestInbound: bigint,
): Promise<void> {
  const threads = tx.objectStore('dm_threads');
  const held = (await threads.get([room, peer])) ?? { room, peer };
  if (held.seen === undefined || held.seen < newestInbound) {
    await threads.put({ ...held, seen: newestInbound });
  }
}

/**
 * Forgets the words of messages that their recipients have deleted.
 *
 * @param tokens by recipient, as the room's purge lists name them; hex
 */
export async function forgetPurged(
  tx: WriteTx,
  room: RoomKey,
  tokens: ReadonlyMap<string, ReadonlySet<string>>,
  now: Millis,
): Promise<void> {
  const { dms } = await outboundOfRoom(tx, room);
  const gone = dms.filter((row) => isPurgedBy(row, tokens));
  for (const row of gone) {
    await tx.objectStore('outbound_dms').put({ ...row, plaintext: '', purged: true });
  }
  if (gone.length > 0) await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);
}

/** Whether a purge list names a message whose words are still here. */
export const isPurgedBy = (
  row: OutboundDmRow,
  tokens: ReadonlyMap<string, ReadonlySet<string>>,
): boolean => !row.purged && tokens.get(row.recipient)?.has(row.token) === true;

const MAX_U64 = (1n << 64n) - 1n;
