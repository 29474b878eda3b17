import { compareBytes } from '../shared/bytes.ts';
import { map, option } from './cbor/codec.ts';
import { openStruct, type UnknownField } from './cbor/struct.ts';
import { verifyingKey, type VerifyingKey } from './keys.ts';
import { roomData, type RoomData } from './room-data.ts';
import { notificationModes, verifyingKeyList, type NotificationMode } from './rooms-meta.ts';

/** All rooms of a person in one value, as older versions of River kept them under `rooms_data`. Only read, for migration. */
export interface RoomsBlob {
  readonly map: readonly (readonly [VerifyingKey, RoomData])[];
  readonly currentRoomKey: VerifyingKey | null;
  readonly removedRooms: readonly VerifyingKey[];
  readonly notificationModes: readonly (readonly [VerifyingKey, NotificationMode])[];
  readonly roomOrder: readonly VerifyingKey[];
  readonly unknown: readonly UnknownField[];
}

/** `Rooms`. Only `map` is required on reading. Source: river: ui/src/room_data.rs. */
export const roomsBlob = openStruct<RoomsBlob>({
  map: map(verifyingKey, roomData, compareBytes),
  currentRoomKey: option(verifyingKey),
  removedRooms: verifyingKeyList,
  notificationModes,
  roomOrder: verifyingKeyList,
});
