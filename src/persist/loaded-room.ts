import {
  encodeOwn,
  messagePiece,
  partOfField,
  partOfState,
  piecesOf,
  type MessagePiece,
} from '../river/room-parts.ts';
import { messageId, type MemberId, type MessageId } from '../river/ids.ts';
import type { OwnRoomData, RoomData } from '../river/room-data.ts';
import { trustRoom, type RoomChanges } from '../river/room.ts';
import type { RoomParameters } from '../river/room-state/parameters.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import type { RoomKey } from '../shared/brand.ts';
import { ok, type Result } from '../shared/result.ts';
import { isAwaiting } from './awaiting-room.ts';
import type { WeirDatabase } from './database.ts';
import { listingOf } from './listing.ts';
import { mutedIn } from './member-notes.ts';
import { droppedMessages } from './refused-messages.ts';
import {
  readRoom,
  ROOM_STORES,
  type RoomPartBytes,
  type RoomWrite,
  type StoredMessage,
} from './room-store.ts';
import type { RoomRow } from './schema.ts';
import { decodeStored, type RowsError } from './stored-room.ts';

/** A room in memory, as it was stored at revision `rev`. Whoever changes `state` or `own` writes it, or loads it again. */
export interface LoadedRoom {
  readonly room: RoomKey;
  rev: number;
  status: RoomRow['status'];
  own: OwnRoomData;
  readonly state: RoomState;
  readonly params: RoomParameters;
  /** For messages written here: the seq of the change that stored them. */
  readonly seqs: Map<MessageId, number>;
  lastRead: MessageId | null;
  /** Of whom nothing is shown here. Muting somebody raises the room's revision. */
  readonly muted: ReadonlySet<MemberId>;
}

/**
 * Reads and decodes a room; undefined when it is not stored.
 *
 * What lies in the database was verified before it was written, so its signatures are taken as true and never verified again.
 */
export async function loadRoom(
  db: WeirDatabase,
  room: RoomKey,
  memo: SignatureMemo,
): Promise<Result<LoadedRoom | undefined, RowsError>> {
  const [stored, muted] = await db.read([...ROOM_STORES, 'member_notes'], (tx) =>
    Promise.all([readRoom(tx, room), mutedIn(tx, room)]),
  );
  if (!stored) return ok(undefined);
  const decoded = decodeStored(stored);
  if (!decoded.ok) return decoded;
  const { own, state } = decoded.value;
  const params = { owner: own.ownerVk };
  if (!isAwaiting(state)) trustRoom(state, params, memo);
  const seqs = new Map<MessageId, number>();
  for (const [i, { row }] of stored.messages.entries()) {
    const message = state.recentMessages[i];
    if (row.seq !== undefined && message) seqs.set(messageId(message), row.seq);
  }
  const { rev, status, lastRead } = stored.row;
  return ok({
    room,
    rev,
    status,
    own,
    state,
    params,
    seqs,
    lastRead: lastRead === undefined ? own.lastReadMessageId : BigInt(lastRead),
    muted: new Set([...muted].map(BigInt)),
  });
}

/** The rows that a change of the state (and of the own part) touches, and no others. */
export function changeWrite(
  loaded: LoadedRoom,
  changes: RoomChanges,
  ownChanged: boolean,
): RoomWrite {
  const parts: Record<string, Uint8Array> = {};
  for (const field of changes.fields) {
    const part = partOfField(field);
    if (part) parts[part] = partOfState(loaded.state, part);
  }
  if (ownChanged) parts['own'] = encodeOwn(loaded.own);
  return {
    ...base(loaded),
    parts,
    put: changes.messagesAdded.map((message) => storedMessage(messagePiece(message))),
    remove: changes.messagesRemoved.map((message) => storedMessage(messagePiece(message))),
    dropped: droppedMessages(loaded, changes.messagesRemoved),
  };
}

/** All rows of a room. @param held what is stored of it, whose place they take; its messages stay unless the write removes them */
export function newRoomWrite(
  room: RoomKey,
  data: RoomData,
  held?: Pick<LoadedRoom, 'rev' | 'lastRead' | 'muted'>,
): RoomWrite {
  const pieces = piecesOf(data);
  const { roomState: state, ...own } = data;
  const parts: RoomPartBytes = { ...pieces.parts, own: pieces.own };
  const loaded: LoadedRoom = {
    room,
    rev: held?.rev ?? 0,
    status: 'present',
    own,
    state,
    params: { owner: data.ownerVk },
    seqs: new Map(),
    lastRead: held?.lastRead ?? data.lastReadMessageId,
    muted: held?.muted ?? new Set(),
  };
  return { ...base(loaded), parts, put: inOrder(pieces.messages), remove: [] };
}

function base(loaded: LoadedRoom): Pick<RoomWrite, 'room' | 'expectedRev' | 'status' | 'listing'> {
  return {
    room: loaded.room,
    expectedRev: loaded.rev,
    status: loaded.status,
    listing: listingOf(loaded),
  };
}

const storedMessage = ({ sortKey, bytes }: MessagePiece): StoredMessage => ({
  order: sortKey,
  row: { bytes },
});

/** Equal orders side by side, as `writeRoom` counts copies. */
const inOrder = (pieces: readonly MessagePiece[]): StoredMessage[] =>
  pieces.map(storedMessage).sort((a, b) => indexedDB.cmp(a.order.slice(), b.order.slice()));
