import { concatBytes, equalBytes, toHex } from '../shared/bytes.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import { keepRefused, type DroppedMessage } from './refused-messages.ts';
import { withChange } from './room-changes.ts';
import type {
  MessageKey,
  MessageRow,
  PartName,
  RoomChange,
  RoomListing,
  RoomRow,
} from './schema.ts';

/** The stores a transaction needs to read whole rooms. */
export const ROOM_STORES = ['rooms', 'parts', 'messages'] as const;

/** The stores that `writeRoom` needs: what was written here and is dropped before the room had it is kept apart. */
export const ROOM_WRITE_STORES = [...ROOM_STORES, 'dirty', 'base', 'refused_messages'] as const;

/** A room as it lies in the database: River's own bytes, nothing decoded. */
export interface StoredRoom {
  readonly row: RoomRow;
  readonly parts: RoomPartBytes;
  /** In order of time, then id. */
  readonly messages: readonly StoredMessage[];
}

export type RoomPartBytes = Readonly<Partial<Record<PartName, Uint8Array>>>;

export interface StoredMessage {
  /** 20 bytes: seconds and nanoseconds big-endian, id with its sign bit flipped. */
  readonly order: Uint8Array;
  readonly row: MessageRow;
}

export interface RoomWrite {
  readonly room: RoomKey;
  /** The revision that the change was computed from; 0 for a room that is not stored yet. */
  readonly expectedRev: number;
  readonly status: RoomRow['status'];
  readonly listing: RoomListing;
  /** A new decision about the room; the stored one stays without. */
  readonly choice?: NonNullable<RoomRow['choice']>;
  readonly parts: RoomPartBytes;
  readonly put: readonly StoredMessage[];
  /** Messages that are gone, each once; `all`: those put take the place of all that are there. */
  readonly remove: readonly StoredMessage[] | 'all';
  /** Those of them that were written here. */
  readonly dropped?: readonly DroppedMessage[];
}

/** Thrown inside a transaction when the room has changed since it was read: nothing is written; read again. */
export class RevMovedError extends Error {
  override readonly name = 'RevMovedError';
}

export async function readRoom(tx: ReadTx, room: RoomKey): Promise<StoredRoom | undefined> {
  const row = await tx.objectStore('rooms').get(room);
  if (!row) return undefined;
  const messages = tx.objectStore('messages');
  const range = IDBKeyRange.bound([room], [room, []]);
  const [parts, keys, rows] = await Promise.all([
    tx.objectStore('parts').getAll(IDBKeyRange.bound([room], [room, []])),
    messages.getAllKeys(range),
    messages.getAll(range),
  ]);
  return {
    row,
    parts: Object.fromEntries(parts.map((part) => [part.part, part.bytes])),
    messages: rows.map((message, i) => ({
      order: orderOf(keys[i] as MessageKey),
      row: message,
    })),
  };
}

/**
 * Writes what has changed of a room and raises its revision.
 *
 * @returns the new revision
 * @throws RevMovedError when the stored revision is not `expectedRev`
 */
export async function writeRoom(tx: WriteTx, write: RoomWrite): Promise<number> {
  const { room } = write;
  const stored = await tx.objectStore('rooms').get(room);
  if ((stored?.rev ?? 0) !== write.expectedRev) throw new RevMovedError(`room ${room} has changed`);
  const rev = write.expectedRev + 1;
  const choice = write.choice ?? stored?.choice;
  const parts = tx.objectStore('parts');
  const messages = tx.objectStore('messages');
  if (write.remove === 'all') await messages.delete(IDBKeyRange.bound([room], [room, []]));
  else await removeMessages(tx, room, write.remove);
  const work: Promise<unknown>[] = [
    tx.objectStore('rooms').put({
      room,
      rev,
      status: write.status,
      listing: write.listing,
      ...(choice && { choice }),
      ...(stored?.lastRead !== undefined && { lastRead: stored.lastRead }),
      changes: withChange(stored?.changes, changeOf(write, rev)),
    }),
  ];
  for (const [part, bytes] of Object.entries(write.parts)) {
    work.push(parts.put({ room, part: part as PartName, bytes: own(bytes) }));
  }
  for (const { key, row } of keyed(room, write.put)) work.push(messages.put(row, key));
  if (write.dropped) work.push(keepRefused(tx, room, write.dropped));
  await Promise.all(work);
  return rev;
}

/** Undefined: more than is worth telling. */
function changeOf({ parts, put, remove }: RoomWrite, rev: number): RoomChange | undefined {
  if (remove === 'all') return undefined;
  return {
    rev,
    parts: Object.keys(parts) as PartName[],
    put: put.map(({ order }) => own(order)),
    gone: remove.map(({ order }) => own(order)),
  };
}

/**
 * Shows a room otherwise in the list without a change of the room: its revision is raised, so that whatever was computed from what was
 * shown before is computed again. No marker: the node has nothing to learn.
 *
 * @throws RevMovedError when the stored revision is not `expectedRev`
 */
export async function relist(
  tx: WriteTx,
  room: RoomKey,
  expectedRev: number,
  listing: RoomListing,
): Promise<void> {
  const rooms = tx.objectStore('rooms');
  const row = await rooms.get(room);
  if (row?.rev !== expectedRev) throw new RevMovedError(`room ${room} has changed`);
  const rev = expectedRev + 1;
  const changes = withChange(row.changes, { rev, parts: [], put: [], gone: [] });
  await rooms.put({ ...row, rev, listing, changes });
}

/**
 * Deletes one row for each message. Of several with one order (see `keyed`) it is the first with the same bytes: the rules may drop one
 * of two and keep the other.
 */
async function removeMessages(
  tx: WriteTx,
  room: RoomKey,
  removed: readonly StoredMessage[],
): Promise<void> {
  const store = tx.objectStore('messages');
  const gone = new Map<string, StoredMessage[]>();
  for (const each of removed) {
    const name = toHex(each.order);
    gone.set(name, [...(gone.get(name) ?? []), each]);
  }
  await Promise.all(
    [...gone.values()].map(async (copies) => {
      const { order } = copies[0] as StoredMessage;
      const range = IDBKeyRange.bound([room, own(order)], [room, end(order)]);
      const keys = await store.getAllKeys(range);
      if (keys.length <= copies.length) return store.delete(range);
      const rows = await store.getAll(range);
      const left = rows.map(({ bytes }, i) => ({ bytes, key: keys[i] as MessageKey }));
      for (const { row } of copies) {
        const at = left.findIndex(({ bytes }) => equalBytes(bytes, row.bytes));
        const [found] = left.splice(Math.max(0, at), 1);
        if (found) await store.delete(found.key);
      }
    }),
  );
}

/** Equal orders (a hostile state can hold a message twice) get a counter, so that no row replaces another. */
function keyed(
  room: RoomKey,
  put: readonly StoredMessage[],
): { key: MessageKey; row: MessageRow }[] {
  let previous: Uint8Array | undefined;
  let copies = 0;
  return put.map(({ order, row }) => {
    copies =
      previous !== undefined && indexedDB.cmp(own(previous), own(order)) === 0 ? copies + 1 : 0;
    previous = order;
    const key = concatBytes([order, new Uint8Array([copies >> 8, copies & 255])]);
    return { key: [room, own(key)], row: { ...row, bytes: own(row.bytes) } };
  });
}

const orderOf = ([, key]: MessageKey): Uint8Array => {
  // IndexedDB gives binary keys back as ArrayBuffer, whatever view they were stored from
  const bytes = key instanceof Uint8Array ? key : new Uint8Array(key as ArrayBuffer);
  return bytes.subarray(0, 20);
};

const end = (order: Uint8Array): Uint8Array<ArrayBuffer> =>
  own(concatBytes([order, new Uint8Array([255, 255])]));

/** A view is stored with its whole buffer behind it: store exactly these bytes. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes.slice();
