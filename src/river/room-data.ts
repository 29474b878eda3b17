import {
  array,
  fixedInts,
  i64,
  map,
  option,
  text,
  u32,
  withDefault,
  type Codec,
} from './cbor/codec.ts';
import { openStruct, type UnknownField } from './cbor/struct.ts';
import { newtype, variants } from './cbor/variants.ts';
import { contractKey, type ContractKey } from './contract-key.ts';
import { memberId, type MemberId, type MessageId } from './ids.ts';
import {
  signingKey,
  verifyingKey,
  verifyingKeyOf,
  type SigningKey,
  type VerifyingKey,
} from './keys.ts';
import { authorizedMemberInfo, type AuthorizedMemberInfo } from './room-state/member-info.ts';
import { authorizedMember, type AuthorizedMember } from './room-state/members.ts';
import { roomState, type RoomState } from './room-state/room-state.ts';

/** A room secret by version. */
export type InvitationSecret = readonly [version: number, secret: Uint8Array];

/** One person's whole data of one room, as the delegate keeps it. */
export interface RoomData {
  readonly ownerVk: VerifyingKey;
  readonly roomState: RoomState;
  /** The person's identity in the room: nothing else can bring it back. */
  readonly selfSk: SigningKey | null;
  /** Needed only where `selfSk` is null. */
  readonly selfVk: VerifyingKey | null;
  readonly contractKey: ContractKey;
  readonly lastReadMessageId: MessageId | null;
  readonly selfAuthorizedMember: AuthorizedMember | null;
  /** The records between the owner and the person, to come back with after having been pruned. */
  readonly inviteChain: readonly AuthorizedMember[];
  readonly selfMemberInfo: AuthorizedMemberInfo | null;
  readonly selfNickname: string | null;
  readonly previousContractKey: ContractKey | null;
  /** In clear, from the invitation; by ascending version. 32 bytes each. */
  readonly invitationSecrets: readonly InvitationSecret[];
  /** Fields of newer versions, kept as they came. */
  readonly unknown: readonly UnknownField[];
}

export const invitationSecrets: Codec<readonly InvitationSecret[]> = withDefault(
  map(u32, fixedInts(32), (a, b) => a - b),
  () => [],
);

const fieldsAfterState = {
  selfSk: option(signingKey),
  selfVk: option(verifyingKey),
  contractKey,
  lastReadMessageId: option(i64),
  selfAuthorizedMember: option(authorizedMember),
  inviteChain: withDefault(array(authorizedMember), () => []),
  selfMemberInfo: option(authorizedMemberInfo),
  selfNickname: option(text),
  previousContractKey: option(contractKey),
  invitationSecrets,
};

/** Source: river: ui/src/room_data.rs. */
export const roomData = openStruct<RoomData>({
  ownerVk: verifyingKey,
  roomState,
  ...fieldsAfterState,
});

/** RoomData without the room's state: what is the person's own. */
export type OwnRoomData = Omit<RoomData, 'roomState'>;

export const ownRoomData = openStruct<OwnRoomData>({
  ownerVk: verifyingKey,
  ...fieldsAfterState,
});

/** What lies under `room:<base58 of the owner's key>`: the room, or that it was left. */
export type RoomSlot =
  | { readonly type: 'Present'; readonly room: RoomData }
  | { readonly type: 'Tombstone' };

/** `{"Present": RoomData}` or the text `Tombstone`. */
export const roomSlot = variants<RoomSlot>({
  Present: newtype('room', roomData),
  Tombstone: null,
});

/** The key a person acts with in a room: that of `selfSk`, else the stored public key. */
export const selfKeyOf = ({
  selfSk,
  selfVk,
}: Pick<RoomData, 'selfSk' | 'selfVk'>): VerifyingKey | null =>
  selfSk === null ? selfVk : verifyingKeyOf(selfSk);

/** Whom a person acts as in a room. */
export function selfIdOf(own: Pick<RoomData, 'selfSk' | 'selfVk'>): MemberId | undefined {
  const key = selfKeyOf(own);
  return key === null ? undefined : memberId(key);
}
