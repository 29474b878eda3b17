import { fromHex } from '../../shared/bytes.ts';
import { decode } from '../cbor/codec.ts';
import { editRoom, type EditRoom } from '../edits/author.ts';
import type { MessageMoment } from '../edits/messages.ts';
import { roomSlot, type OwnRoomData, type RoomData } from '../room-data.ts';
import type { RoomParameters } from '../room-state/parameters.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { trustRoom } from '../room.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { timeFromMillis } from '../system-time.ts';
import type { ActorVector, RoomVector, UserDataVectors } from './vectors.ts';

/** A recorded room, decoded, its signatures taken as verified. */
export interface LoadedRoom {
  readonly state: RoomState;
  readonly params: RoomParameters;
  readonly own: OwnRoomData;
  readonly memo: SignatureMemo;
  readonly vector: RoomVector;
}

export function loadRoom(vectors: UserDataVectors, name: string): LoadedRoom {
  const vector = vectors.rooms.find((room) => room.name === name);
  if (!vector) throw new Error(`no room ${name}`);
  const slot = decode(roomSlot, fromHex(vector.room_slot));
  if (!slot.ok) throw slot.error;
  if (slot.value.type !== 'Present') throw new Error('a tombstone');
  const { roomState: state, ...own }: RoomData = slot.value.room;
  const params = { owner: own.ownerVk };
  const memo = new SignatureMemo();
  trustRoom(state, params, memo);
  return { state, params, own, memo, vector };
}

/** The room as somebody else in it edits it. Without invitation: they must be listed. */
export const as = (room: LoadedRoom, { seed }: ActorVector): EditRoom =>
  edit(room, {
    ...room.own,
    selfSk: fromHex(seed),
    selfVk: null,
    selfAuthorizedMember: null,
    inviteChain: [],
    selfMemberInfo: null,
    invitationSecrets: [],
  });

export function edit(room: LoadedRoom, own: OwnRoomData = room.own): EditRoom {
  const made = editRoom(room.state, own, room.memo);
  if (!made.ok) throw new Error(made.error.type);
  return made.value;
}

/** Later than every recorded message; bytes that count up instead of random ones. */
export function moment(ms = 1_900_000_000_000): MessageMoment {
  let next = 0;
  return {
    time: timeFromMillis(ms),
    random: { bytes: (length) => Uint8Array.from({ length }, () => next++ & 255) },
  };
}
