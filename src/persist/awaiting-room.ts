import { utf8 } from '../shared/bytes.ts';
import { encode } from '../river/cbor/codec.ts';
import { roomContractKey } from '../river/contract-key.ts';
import { sign, type SigningKey, type VerifyingKey } from '../river/keys.ts';
import type { InvitationSecret, OwnRoomData, RoomData } from '../river/room-data.ts';
import {
  configuration as configurationCodec,
  type AuthorizedConfiguration,
  type Configuration,
} from '../river/room-state/configuration.ts';
import { EMPTY_DIRECT_MESSAGES } from '../river/room-state/direct-messages.ts';
import type { AuthorizedMemberInfo } from '../river/room-state/member-info.ts';
import type { AuthorizedMember } from '../river/room-state/members.ts';
import type { RoomState } from '../river/room-state/room-state.ts';

/**
 * A room that a person has a key for but whose state has not arrived yet: from an invitation, or an identity brought here.
 *
 * It is stored as River stores one: a room with River's default state, whose configuration names no owner and is signed with a
 * key of zeros. Source: river: common/src/room_state/configuration.rs, ui/src/room_data.rs.
 */
export interface AwaitedRoom {
  readonly owner: VerifyingKey;
  readonly selfSk: SigningKey;
  /** null: the person is the owner. */
  readonly authorizedMember: AuthorizedMember | null;
  readonly inviteChain: readonly AuthorizedMember[];
  readonly memberInfo: AuthorizedMemberInfo | null;
  /** What the person will be called; published when the room's state is here. */
  readonly nickname: string | null;
  readonly secrets: readonly InvitationSecret[];
  /** BLAKE3 of the room contract's WASM. */
  readonly contractCodeHash: Uint8Array;
}

/** Whether the state is only a stand-in. No real configuration names owner 0. */
export const isAwaiting = ({ configuration }: Pick<RoomState, 'configuration'>): boolean =>
  configuration.configuration.ownerMemberId === 0n;

export function awaitingRoom(room: AwaitedRoom): RoomData {
  return { ...awaitingOwn(room), roomState: awaitingState() };
}

/** The person's own part, apart from any state. */
export const awaitingOwn = (room: AwaitedRoom): OwnRoomData => ({
  ownerVk: room.owner,
  selfSk: room.selfSk,
  selfVk: null,
  contractKey: roomContractKey(room.contractCodeHash, room.owner),
  lastReadMessageId: null,
  selfAuthorizedMember: room.authorizedMember,
  inviteChain: room.inviteChain,
  selfMemberInfo: room.memberInfo,
  selfNickname: room.nickname,
  previousContractKey: null,
  invitationSecrets: [...room.secrets].sort(([a], [b]) => a - b),
  unknown: [],
});

const awaitingState = (): RoomState => ({
  configuration: awaitingConfiguration(),
  bans: [],
  members: [],
  memberInfo: [],
  secrets: { currentVersion: 0, versions: [], encryptedSecrets: [] },
  recentMessages: [],
  directMessages: EMPTY_DIRECT_MESSAGES,
  upgrade: null,
  version: 0,
});

function awaitingConfiguration(): AuthorizedConfiguration {
  const configuration: Configuration = {
    ownerMemberId: 0n,
    configurationVersion: 1,
    privacyMode: 'Public',
    display: { name: { type: 'Public', value: utf8('Default Room Name') }, description: null },
    maxRecentMessages: 100,
    maxUserBans: 10,
    maxMessageSize: 1000,
    maxNicknameSize: 50,
    maxMembers: 200,
    maxRoomName: 100,
    maxRoomDescription: 500,
    maxDirectMessages: null,
  };
  const signature = sign(encode(configurationCodec, configuration), new Uint8Array(32));
  return { configuration, signature };
}
