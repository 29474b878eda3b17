import { describe, expect, it } from 'vitest';
import { compareBytes, fromHex, toHex } from '../shared/bytes.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { decode, encode } from './cbor/codec.ts';
import { roomSlot, type RoomData } from './room-data.ts';
import {
  assembleRoomSlot,
  decodeOwn,
  decodePart,
  encodeOwn,
  messageSortKey,
  partOfField,
  piecesOf,
  splitRoomSlot,
  stateOfPieces,
  type RoomPieces,
} from './room-parts.ts';
import { compareMessages, type AuthorizedMessage } from './room-state/messages.ts';
import { roomState } from './room-state/room-state.ts';
import type { UserDataVectors } from './testing/vectors.ts';

const { rooms, tombstone } = readVectors<UserDataVectors>('user-data');

function split(hex: string): RoomPieces {
  const pieces = splitRoomSlot(fromHex(hex));
  if (!pieces.ok) throw pieces.error;
  if (pieces.value === 'Tombstone') throw new Error('a tombstone');
  return pieces.value;
}

function present(hex: string): RoomData {
  const slot = decode(roomSlot, fromHex(hex));
  if (!slot.ok || slot.value.type !== 'Present') throw new Error('not a room');
  return slot.value.room;
}

describe('a room slot in pieces', () => {
  it('is joined again to the bytes it was split from', () => {
    for (const room of rooms) {
      expect(toHex(assembleRoomSlot(split(room.room_slot))), room.name).toBe(room.room_slot);
    }
  });

  it('gives back the whole state from its pieces', () => {
    for (const room of rooms) {
      const state = stateOfPieces(split(room.room_slot));
      if (!state.ok) throw state.error;
      expect(toHex(encode(roomState, state.value)), room.name).toBe(room.state);
    }
  });

  it.each([14, 300])('keeps %i fields of newer versions, whatever the length of its head', (n) => {
    const room = present(rooms[0]?.room_slot ?? '');
    const unknown = Array.from({ length: n }, (_, i) => ({
      name: `x${String.fromCharCode(97 + (i >> 4), 97 + (i & 15))}`,
      bytes: Uint8Array.of(0x63, 0x78, 97 + (i >> 4), 97 + (i & 15), 0x18, 99),
    }));
    const newer = encode(roomSlot, { type: 'Present', room: { ...room, unknown } });
    expect(toHex(assembleRoomSlot(split(toHex(newer))))).toBe(toHex(newer));
    const own = decodeOwn(piecesOf({ ...room, unknown }).own);
    if (!own.ok) throw own.error;
    expect(own.value.unknown.length).toBe(n);
    expect(toHex(encodeOwn(own.value))).toBe(toHex(piecesOf({ ...room, unknown }).own));
  });

  it('has message keys whose byte order is the order of messages', () => {
    const template = present(rooms[0]?.room_slot ?? '').roomState.recentMessages[0];
    if (!template) throw new Error('no message');
    const made: AuthorizedMessage[] = [];
    for (const secsSinceEpoch of [0n, 255n, 256n, 2n ** 64n - 1n]) {
      for (const nanosSinceEpoch of [0, 1, 999_999_999]) {
        for (let i = 0; i < 4; i++) {
          // the ids of these signatures are of both signs
          const signature = new Uint8Array(64).fill(37 * i + Number(secsSinceEpoch % 97n));
          made.push({
            message: { ...template.message, time: { secsSinceEpoch, nanosSinceEpoch } },
            signature,
          });
        }
      }
    }
    const byKey = [...made].sort((a, b) => compareBytes(messageSortKey(a), messageSortKey(b)));
    expect(byKey).toEqual([...made].sort(compareMessages));
  });

  it('tells a left room, and names what is wrong in a slot that is none', () => {
    expect(splitRoomSlot(fromHex(tombstone.room_slot))).toEqual({ ok: true, value: 'Tombstone' });
    const broken = splitRoomSlot(fromHex((rooms[0]?.room_slot ?? '').slice(0, 4000)));
    expect(broken.ok ? '' : broken.error.path).toMatch(/^room_slot\.Present\.room_state\./);
  });

  it('has a part for every field but the messages', () => {
    expect(partOfField('memberInfo')).toBe('member_info');
    expect(partOfField('directMessages')).toBe('direct_messages');
    expect(partOfField('recentMessages')).toBeUndefined();
  });

  it('takes keys from storage as they are, and from elsewhere only if they are points of the curve', () => {
    const { parts } = split(rooms[0]?.room_slot ?? '');
    const key = toHex(
      present(rooms[0]?.room_slot ?? '').roomState.members[0]?.member.memberVk ?? new Uint8Array(),
    );
    const damage = (bytes: Uint8Array): Uint8Array =>
      fromHex(toHex(bytes).replace(key, `02${'00'.repeat(31)}`));
    expect(decodePart('members', damage(parts.members)).ok).toBe(true);
    const slot = splitRoomSlot(damage(fromHex(rooms[0]?.room_slot ?? '')));
    expect(slot.ok ? '' : slot.error.message).toContain(
      'members[0].member.member_vk: not a point of the curve',
    );
  });
});
