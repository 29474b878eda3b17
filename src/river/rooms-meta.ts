import { compareBytes } from '../shared/bytes.ts';
import { array, map, option, withDefault } from './cbor/codec.ts';
import { openStruct, type UnknownField } from './cbor/struct.ts';
import { unitEnum } from './cbor/variants.ts';
import { verifyingKey, type VerifyingKey } from './keys.ts';

export type NotificationMode = 'All' | 'MentionsAndReplies' | 'Muted';

/** The person's room list preferences; rooms are named by their owner's key. */
export interface RoomsMeta {
  readonly currentRoomKey: VerifyingKey | null;
  /** Rooms that are not here have `All`. In byte order of the key. */
  readonly notificationModes: readonly (readonly [VerifyingKey, NotificationMode])[];
  /** Only rooms that the person has put in place; the others follow in byte order. */
  readonly roomOrder: readonly VerifyingKey[];
  readonly unknown: readonly UnknownField[];
}

const none = (): readonly never[] => [];

export const notificationModes = withDefault(
  map(verifyingKey, unitEnum(['All', 'MentionsAndReplies', 'Muted']), compareBytes),
  none,
);

export const verifyingKeyList = withDefault(array(verifyingKey), none);

/** The value of the delegate's key `rooms_meta`. Source: river: common/src/chat_delegate.rs. */
export const roomsMeta = openStruct<RoomsMeta>({
  currentRoomKey: option(verifyingKey),
  notificationModes,
  roomOrder: verifyingKeyList,
});

export const EMPTY_ROOMS_META: RoomsMeta = {
  currentRoomKey: null,
  notificationModes: [],
  roomOrder: [],
  unknown: [],
};
