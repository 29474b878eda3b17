import { decode, encode } from '../../../src/river/cbor/codec.ts';
import { ownRoomData, roomSlot } from '../../../src/river/room-data.ts';
import {
  assembleRoomSlot,
  decodeOwn,
  encodeOwn,
  splitRoomSlot,
  stateOfPieces,
} from '../../../src/river/room-parts.ts';
import { roomState } from '../../../src/river/room-state/room-state.ts';
import { equalBytes, fromHex } from '../../../src/shared/bytes.ts';
import type { Result } from '../../../src/shared/result.ts';
import { distinct, userDataVectors } from '../corpus.ts';
import { badDecodeError, cborForm } from '../round-trip.ts';
import { finding, loadedFrom, type Form, type Input, type Target } from '../target.ts';

function must<T>(what: string, result: Result<T, Error>): T {
  return result.ok ? result.value : finding(`${what}: ${result.error.message}`);
}

const mustEqual = (what: string, a: Uint8Array, b: Uint8Array): void => {
  if (!equalBytes(a, b)) finding(what);
};

const slotError = badDecodeError('room_slot');

/** A slot taken apart and joined is the slot as written whole, and its pieces give the same state and own data. */
const pieces: Form = {
  name: 'pieces',
  check: ([bytes = new Uint8Array()]) => {
    const split = splitRoomSlot(bytes);
    const whole = decode(roomSlot, bytes);
    if (split.ok !== whole.ok) finding('taken apart or not, it is another verdict');
    if (!split.ok) {
      const bad = slotError(split.error, bytes);
      return bad === undefined ? 'refused' : finding(bad);
    }
    if (split.value === 'Tombstone' || !whole.ok || whole.value.type === 'Tombstone')
      return 'accepted';
    const { room } = whole.value;
    const joined = assembleRoomSlot(split.value);
    mustEqual('joined from its pieces it is another slot', joined, encode(roomSlot, whole.value));
    const state = must('the state of the pieces', stateOfPieces(split.value));
    mustEqual(
      'the pieces are another state',
      encode(roomState, state),
      encode(roomState, room.roomState),
    );
    const own = must('own', decodeOwn(split.value.own));
    mustEqual('own data changes when it is written again', encodeOwn(own), split.value.own);
    return 'accepted';
  },
};

/** What the delegate keeps of one room, and the pieces that this app keeps of it. */
export const slot: Target = {
  name: 'slot',
  format: 'cbor',
  load: () => {
    const { rooms, tombstone } = userDataVectors();
    const slots = [...rooms.map(({ room_slot }) => room_slot), tombstone.room_slot];
    const own: Input[] = rooms.flatMap(({ room_slot }) => {
      const decoded = splitRoomSlot(fromHex(room_slot));
      return decoded.ok && decoded.value !== 'Tombstone' ? [[decoded.value.own]] : [];
    });
    return loadedFrom([
      { form: cborForm('room_slot', roomSlot), seeds: distinct(slots) },
      { form: pieces, seeds: distinct(slots) },
      { form: cborForm('own', ownRoomData), seeds: own },
    ]);
  },
};
