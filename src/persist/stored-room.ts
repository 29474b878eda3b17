import {
  assembleRoomSlot,
  decodeOwn,
  ROOM_PARTS,
  stateOfPieces,
  type RoomPart,
} from '../river/room-parts.ts';
import { encode } from '../river/cbor/codec.ts';
import { DecodeError } from '../river/cbor/errors.ts';
import { roomSlot, type OwnRoomData } from '../river/room-data.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { StoredRoom } from './room-store.ts';

/** Rows that are no room: a part is missing or does not decode. The rows stay as they are. */
export interface RowsError {
  readonly type: 'RowsUndecodable';
  /** Where, in River's field names. */
  readonly path: string;
  readonly reason: string;
}

/**
 * The room as the delegate keeps it: `RoomSlot::Present`, joined from the stored bytes without decoding them, or
 * `RoomSlot::Tombstone` for one that was left.
 */
export function slotOfStored(stored: StoredRoom): Result<Uint8Array, RowsError> {
  if (stored.row.status === 'left') return ok(encode(roomSlot, { type: 'Tombstone' }));
  const pieces = piecesOfStored(stored);
  if (!pieces.ok) return pieces;
  try {
    return ok(assembleRoomSlot(pieces.value));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return err({ type: 'RowsUndecodable', path: 'own', reason: error.reason });
  }
}

/** The decoded room. */
export function decodeStored(
  stored: StoredRoom,
): Result<{ readonly own: OwnRoomData; readonly state: RoomState }, RowsError> {
  const pieces = piecesOfStored(stored);
  if (!pieces.ok) return pieces;
  const own = decodeOwn(pieces.value.own);
  if (!own.ok) return err(undecodable(own.error));
  const state = stateOfPieces(pieces.value);
  if (!state.ok) return err(undecodable(state.error));
  return ok({ own: own.value, state: state.value });
}

function piecesOfStored({ parts, messages }: StoredRoom) {
  const { own } = parts;
  const missing = own === undefined ? 'own' : ROOM_PARTS.find((part) => parts[part] === undefined);
  if (own === undefined || missing !== undefined) {
    const path = missing ?? 'own';
    return err<RowsError>({ type: 'RowsUndecodable', path, reason: 'the row is missing' });
  }
  return ok({
    own,
    parts: parts as Record<RoomPart, Uint8Array>,
    messages: messages.map(({ row }) => row),
  });
}

const undecodable = ({ path, reason }: DecodeError): RowsError => ({
  type: 'RowsUndecodable',
  path,
  reason,
});
