import { decode, encode } from '../river/cbor/codec.ts';
import type { DecodeError } from '../river/cbor/errors.ts';
import { outboundDmStore, type OutboundDm, type OutboundDmStore } from '../river/outbound-dms.ts';
import type { RoomKey } from '../shared/brand.ts';
import { compareBytes, fromBase58, fromHex, toBase58, toHex } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { DmThreadRow, OutboundDmRow, OutboundUnknownRow } from './schema.ts';

/** The delegate's storage key. Source: river: ui/src/components/app/chat_delegate.rs. */
export const OUTBOUND_KEY = 'outbound_dms';

/** The stores a transaction needs to read or write sent direct messages and archived conversations. */
export const OUTBOUND_STORES = ['outbound_dms', 'dm_threads', 'outbound_unknown'] as const;

/** The rows of all rooms: the delegate has one value for them. */
export interface OutboundRows {
  readonly dms: readonly OutboundDmRow[];
  readonly threads: readonly DmThreadRow[];
  readonly unknown: readonly OutboundUnknownRow[];
}

export const dmName = (row: Pick<OutboundDmRow, 'room' | 'recipient' | 'token'>): string =>
  `${row.room} ${row.recipient} ${row.token}`;

export const threadName = (row: Pick<DmThreadRow, 'room' | 'peer'>): string =>
  `${row.room} ${row.peer}`;

export async function readOutbound(tx: ReadTx | WriteTx): Promise<OutboundRows> {
  const [dms, threads, unknown] = await Promise.all([
    tx.objectStore('outbound_dms').getAll(),
    tx.objectStore('dm_threads').getAll(),
    tx.objectStore('outbound_unknown').getAll(),
  ]);
  return { dms, threads, unknown };
}

/** Writes what differs from `before`; rows that are the same object, or gone in both, are not touched. */
export async function writeOutbound(
  tx: WriteTx,
  before: OutboundRows,
  after: OutboundRows,
): Promise<void> {
  const dms = tx.objectStore('outbound_dms');
  const threads = tx.objectStore('dm_threads');
  const unknown = tx.objectStore('outbound_unknown');
  const kept = new Set(after.dms.map(dmName));
  await Promise.all([
    ...before.dms
      .filter((row) => !kept.has(dmName(row)))
      .map((row) => dms.delete([row.room, row.recipient, row.token])),
    ...without(after.dms, before.dms).map((row) => dms.put(row)),
    ...without(after.threads, before.threads).map((row) => threads.put(row)),
    ...without(after.unknown, before.unknown).map((row) => unknown.put(row)),
  ]);
}

function without<T>(all: readonly T[], known: readonly T[]): T[] {
  const same = new Set(known);
  return all.filter((each) => !same.has(each));
}

export const dmRow = (dm: OutboundDm, seq?: number): OutboundDmRow => ({
  room: toBase58(dm.roomOwnerVk) as RoomKey,
  sender: String(dm.sender),
  recipient: String(dm.recipient),
  token: toHex(dm.purgeToken),
  timestamp: dm.timestamp,
  plaintext: dm.plaintext,
  ...(seq !== undefined && { seq }),
});

export const outboundDmOf = (row: OutboundDmRow): OutboundDm => ({
  roomOwnerVk: fromBase58(row.room) as OutboundDm['roomOwnerVk'],
  sender: BigInt(row.sender) as OutboundDm['sender'],
  recipient: BigInt(row.recipient) as OutboundDm['recipient'],
  purgeToken: fromHex(row.token),
  timestamp: row.timestamp,
  plaintext: row.plaintext,
});

/** The value as River keeps it, in River's order: by room, person, token. */
export function outboundStoreOf({ dms, threads, unknown }: OutboundRows): OutboundDmStore {
  const entries = dms.filter((row) => !row.purged).map(outboundDmOf);
  const hiddenThreads = threads.flatMap(({ room, peer, hiddenAt }) =>
    hiddenAt === undefined
      ? []
      : [
          {
            roomOwnerVk: fromBase58(room) as OutboundDm['roomOwnerVk'],
            peer: BigInt(peer) as OutboundDm['sender'],
            hiddenAtTs: hiddenAt,
          },
        ],
  );
  return {
    entries: entries.sort(
      (a, b) =>
        compareBytes(a.roomOwnerVk, b.roomOwnerVk) ||
        compare(a.recipient, b.recipient) ||
        compareBytes(a.purgeToken, b.purgeToken),
    ),
    hiddenThreads: hiddenThreads.sort(
      (a, b) => compareBytes(a.roomOwnerVk, b.roomOwnerVk) || compare(a.peer, b.peer),
    ),
    unknown: unknown.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

export const encodeOutbound = (store: OutboundDmStore): Uint8Array =>
  encode(outboundDmStore, store);

/** @returns an error that names the path of what is wrong in the bytes */
export const decodeOutbound = (bytes: Uint8Array): Result<OutboundDmStore, DecodeError> =>
  decode(outboundDmStore, bytes, OUTBOUND_KEY);
