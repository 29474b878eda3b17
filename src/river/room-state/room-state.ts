import { option, u32, unit, withDefault, type Codec } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import { bans, type AuthorizedUserBan } from './bans.ts';
import { authorizedConfiguration, type AuthorizedConfiguration } from './configuration.ts';
import {
  directMessages,
  directMessagesDelta,
  EMPTY_DIRECT_MESSAGES,
  type DirectMessages,
  type DirectMessagesDelta,
} from './direct-messages.ts';
import { memberInfoList, memberInfos, type AuthorizedMemberInfo } from './member-info.ts';
import { members, membersDelta, type AuthorizedMember } from './members.ts';
import { messageList, messages, type AuthorizedMessage } from './messages.ts';
import { roomSecrets, secretsDelta, type RoomSecrets, type SecretsDelta } from './secrets.ts';
import { authorizedUpgrade, optionalUpgrade, type AuthorizedUpgrade } from './upgrade.ts';

/**
 * A room as its contract holds it (`ChatRoomStateV1`). Records and lists are never changed in place; an update puts new lists into
 * the fields.
 */
export interface RoomState {
  configuration: AuthorizedConfiguration;
  bans: readonly AuthorizedUserBan[];
  /** Without the owner. */
  members: readonly AuthorizedMember[];
  memberInfo: readonly AuthorizedMemberInfo[];
  secrets: RoomSecrets;
  recentMessages: readonly AuthorizedMessage[];
  directMessages: DirectMessages;
  upgrade: AuthorizedUpgrade | null;
  /** 0 or 1; 0 in every room of today. */
  version: number;
}

export type RoomField = keyof RoomState;

/** What one replica sends another (`ChatRoomStateV1Delta`): null where it has nothing. */
export interface RoomDelta {
  readonly configuration: AuthorizedConfiguration | null;
  readonly bans: readonly AuthorizedUserBan[] | null;
  /** Members to add. */
  readonly members: readonly AuthorizedMember[] | null;
  readonly memberInfo: readonly AuthorizedMemberInfo[] | null;
  readonly secrets: SecretsDelta | null;
  readonly recentMessages: readonly AuthorizedMessage[] | null;
  readonly directMessages: DirectMessagesDelta | null;
  readonly upgrade: AuthorizedUpgrade | null;
  readonly version: null;
}

/** Source: river: common/src/room_state.rs. */
export const roomState: Codec<RoomState> = struct<RoomState>({
  configuration: authorizedConfiguration,
  bans,
  members,
  memberInfo: memberInfos,
  secrets: roomSecrets,
  recentMessages: messages,
  directMessages: withDefault(directMessages, () => EMPTY_DIRECT_MESSAGES),
  upgrade: optionalUpgrade,
  version: withDefault(u32, () => 0),
});

/** All nine keys are always written. */
export const roomDelta: Codec<RoomDelta> = struct<RoomDelta>({
  configuration: option(authorizedConfiguration),
  bans: option(bans),
  members: option(membersDelta),
  memberInfo: option(memberInfoList),
  secrets: option(secretsDelta),
  recentMessages: option(messageList),
  directMessages: option(directMessagesDelta),
  upgrade: option(authorizedUpgrade),
  version: option(unit),
});

export const EMPTY_DELTA: RoomDelta = {
  configuration: null,
  bans: null,
  members: null,
  memberInfo: null,
  secrets: null,
  recentMessages: null,
  directMessages: null,
  upgrade: null,
  version: null,
};
