import type { OutboundDmStore } from '../river/outbound-dms.ts';
import { MAX_DM_MESSAGES_PER_PAIR } from '../river/room-state/direct-messages.ts';
import type { RoomKey } from '../shared/brand.ts';
import { equalBytes, toBase58 } from '../shared/bytes.ts';
import {
  dmName,
  dmRow,
  encodeOutbound,
  outboundStoreOf,
  threadName,
  type OutboundRows,
} from './outbound-rows.ts';
import type { DmThreadRow, OutboundDmRow, OutboundUnknownRow } from './schema.ts';

const NONE: OutboundRows = { dms: [], threads: [], unknown: [] };

/**
 * Everything that either side has. Of a message that both have, the one with the later time; of an archived conversation, the
 * later cutoff. A message that its recipient has deleted stays deleted, and a conversation that was taken out of the archive here
 * stays out, up to where it was hidden. Of a pair of people the newest 100 are kept, as the room does.
 *
 * Rows that do not change are the same objects.
 */
export function mergeOutbound(local: OutboundRows, remote: OutboundDmStore): OutboundRows {
  const dms = new Map(local.dms.map((row) => [dmName(row), row]));
  for (const entry of remote.entries) {
    const row = dmRow(entry);
    const held = dms.get(dmName(row));
    if (held && (held.purged || held.timestamp >= row.timestamp)) continue;
    dms.set(dmName(row), held?.seq === undefined ? row : { ...row, seq: held.seq });
  }
  const threads = new Map(local.threads.map((row) => [threadName(row), row]));
  for (const { roomOwnerVk, peer, hiddenAtTs } of remote.hiddenThreads) {
    const named = { room: toBase58(roomOwnerVk) as RoomKey, peer: String(peer) };
    const held: DmThreadRow = threads.get(threadName(named)) ?? named;
    if (held.shownUpTo !== undefined && hiddenAtTs <= held.shownUpTo) continue;
    if (held.hiddenAt !== undefined && hiddenAtTs <= held.hiddenAt) continue;
    threads.set(threadName(named), { ...held, hiddenAt: hiddenAtTs });
  }
  const unknown = new Map(local.unknown.map((row) => [row.name, row]));
  for (const row of remote.unknown) {
    if (!isSame(unknown.get(row.name), row)) unknown.set(row.name, row);
  }
  return {
    dms: newestOfPairs([...dms.values()]),
    threads: [...threads.values()],
    unknown: [...unknown.values()],
  };
}

/**
 * As `mergeOutbound`, for the value of the delegate that is in use, which tells more: what it was known to hide and does not any
 * more was taken out of the archive elsewhere. Several at once are no decision of a person but a value that something else has
 * written over: then nothing is taken out.
 */
export function mergeOfNode(local: OutboundRows, remote: OutboundDmStore): OutboundRows {
  const hidden = hiddenIn(remote);
  const gone = local.threads.filter(
    (row) =>
      row.hiddenAt !== undefined &&
      row.hiddenAt === row.nodeHiddenAt &&
      !hidden.has(threadName(row)),
  );
  const shown = gone.length === 1 ? gone[0] : undefined;
  const threads = local.threads.map((row) => (row === shown ? unhidden(row) : row));
  const merged = mergeOutbound({ ...local, threads }, remote);
  return { ...merged, threads: asOnNode(merged.threads, remote) };
}

/** Out of the archive, and remembered up to where it was in it: an older copy does not put it back. */
export function unhidden(row: DmThreadRow): DmThreadRow {
  const { hiddenAt, ...others } = row;
  if (hiddenAt === undefined) return row;
  return { ...others, shownUpTo: later(hiddenAt, row.shownUpTo ?? 0n) };
}

export const later = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Remembers what the delegate hides, now that it is known to hold `value`. */
export function asOnNode(
  threads: readonly DmThreadRow[],
  value: OutboundDmStore,
): readonly DmThreadRow[] {
  const hidden = hiddenIn(value);
  return threads.map((row) => {
    const at = hidden.get(threadName(row));
    if (at === row.nodeHiddenAt) return row;
    const { nodeHiddenAt: _before, ...others } = row;
    return at === undefined ? others : { ...others, nodeHiddenAt: at };
  });
}

/** Whether the delegate lacks something of the rows; the order of its entries does not count. */
export function isOwed(rows: OutboundRows, remote: OutboundDmStore): boolean {
  const ours = encodeOutbound(outboundStoreOf(rows));
  const theirs = encodeOutbound(outboundStoreOf(mergeOutbound(NONE, remote)));
  return !equalBytes(ours, theirs);
}

const hiddenIn = ({ hiddenThreads }: OutboundDmStore): ReadonlyMap<string, bigint> =>
  new Map(
    hiddenThreads.map(({ roomOwnerVk, peer, hiddenAtTs }) => [
      threadName({ room: toBase58(roomOwnerVk) as RoomKey, peer: String(peer) }),
      hiddenAtTs,
    ]),
  );

/** What the room would keep of each ordered pair of people; deleted ones take nobody's place. */
export function newestOfPairs(rows: readonly OutboundDmRow[]): OutboundDmRow[] {
  const pairs = new Map<string, OutboundDmRow[]>();
  for (const row of rows) {
    const pair = row.purged ? 'purged' : `${row.room} ${row.sender} ${row.recipient}`;
    const held = pairs.get(pair);
    if (held) held.push(row);
    else pairs.set(pair, [row]);
  }
  return [...pairs].flatMap(([pair, held]) =>
    pair === 'purged' || held.length <= MAX_DM_MESSAGES_PER_PAIR
      ? held
      : held.sort(newestFirst).slice(0, MAX_DM_MESSAGES_PER_PAIR),
  );
}

const newestFirst = (a: OutboundDmRow, b: OutboundDmRow): number =>
  a.timestamp === b.timestamp ? (a.token < b.token ? -1 : 1) : a.timestamp > b.timestamp ? -1 : 1;

const isSame = (a: OutboundUnknownRow | undefined, b: OutboundUnknownRow): boolean =>
  a !== undefined && equalBytes(a.bytes, b.bytes);
