import { utf8 } from '../../shared/bytes.ts';
import { encode } from '../cbor/codec.ts';
import { encodeContent } from '../content.ts';
import { signVersionRecord } from '../edits/secrets.ts';
import { memberId, type MemberId } from '../ids.ts';
import { sign, verifyingKeyOf } from '../keys.ts';
import { userBan, type AuthorizedUserBan } from '../room-state/bans.ts';
import {
  configuration as configurationCodec,
  type AuthorizedConfiguration,
  type Configuration,
} from '../room-state/configuration.ts';
import {
  EMPTY_DIRECT_MESSAGES,
  type AuthorizedDirectMessage,
  type AuthorizedRecipientPurges,
  type PurgeToken,
} from '../room-state/direct-messages.ts';
import {
  memberInfo as memberInfoCodec,
  type AuthorizedMemberInfo,
} from '../room-state/member-info.ts';
import { member as memberCodec, type AuthorizedMember } from '../room-state/members.ts';
import { message as messageCodec, type AuthorizedMessage } from '../room-state/messages.ts';
import { EMPTY_DELTA, type RoomDelta, type RoomState } from '../room-state/room-state.ts';
import { upgrade as upgradeCodec, type AuthorizedUpgrade } from '../room-state/upgrade.ts';
import { directMessageSignedBytes, purgesSignedBytes } from '../signatures/claims.ts';
import type { Person } from './random-room.ts';

export const person = (byte: number): Person => {
  const seed = new Uint8Array(32).fill(byte);
  const key = verifyingKeyOf(seed);
  return { seed, key, id: memberId(key) };
};

export const owner = person(1);
export const params = { owner: owner.key };

const at = (secs: number) => ({ secsSinceEpoch: BigInt(secs), nanosSinceEpoch: 0 });

const LIMITS: Configuration = {
  ownerMemberId: owner.id,
  configurationVersion: 1,
  privacyMode: 'Public',
  display: { name: { type: 'Public', value: utf8('room') }, description: null },
  maxRecentMessages: 10,
  maxUserBans: 3,
  maxMessageSize: 100,
  maxNicknameSize: 10,
  maxMembers: 5,
  maxRoomName: 20,
  maxRoomDescription: 20,
  maxDirectMessages: null,
};

export function configured(change: Partial<Configuration> = {}): AuthorizedConfiguration {
  const configuration = { ...LIMITS, ...change };
  return { configuration, signature: sign(encode(configurationCodec, configuration), owner.seed) };
}

export const fresh = (change: Partial<Configuration> = {}): RoomState => ({
  configuration: configured(change),
  bans: [],
  members: [],
  memberInfo: [],
  secrets: { currentVersion: 0, versions: [], encryptedSecrets: [] },
  recentMessages: [],
  directMessages: EMPTY_DIRECT_MESSAGES,
  upgrade: null,
  version: 0,
});

export function invited(invitee: Person, inviter: Person): AuthorizedMember {
  const member = { ownerMemberId: owner.id, invitedBy: inviter.id, memberVk: invitee.key };
  return { member, signature: sign(encode(memberCodec, member), inviter.seed) };
}

export function said(author: Person, secs: number, text = 'hi'): AuthorizedMessage {
  const data = encodeContent({ type: 'text', text });
  const content = { type: 'Public', contentType: 1, contentVersion: 1, data } as const;
  const message = { roomOwner: owner.id, author: author.id, time: at(secs), content };
  return { message, signature: sign(encode(messageCodec, message), author.seed) };
}

export function named(
  who: Person,
  version: number,
  nickname: string,
  deputies: readonly MemberId[] = [],
): AuthorizedMemberInfo {
  const preferredNickname = { type: 'Public', value: utf8(nickname) } as const;
  const memberInfo = { memberId: who.id, version, preferredNickname, deputies };
  return { memberInfo, signature: sign(encode(memberInfoCodec, memberInfo), who.seed) };
}

export function banned(
  banner: Person,
  target: Pick<Person, 'id'>,
  secs: number,
): AuthorizedUserBan {
  const ban = { ownerMemberId: owner.id, bannedAt: at(secs), bannedUser: target.id };
  return { ban, bannedBy: banner.id, signature: sign(encode(userBan, ban), banner.seed) };
}

export function whispered(from: Person, to: Person, timestamp: number): AuthorizedDirectMessage {
  const message = {
    sender: from.id,
    recipient: to.id,
    timestamp: BigInt(timestamp),
    ciphertext: Uint8Array.of(timestamp & 255),
  };
  const bytes = directMessageSignedBytes(message, owner.key);
  return { message, senderSignature: sign(bytes, from.seed) };
}

export function purged(
  who: Person,
  version: number,
  tokens: readonly PurgeToken[],
): AuthorizedRecipientPurges {
  const state = { version: BigInt(version), purged: tokens };
  const bytes = purgesSignedBytes(who.id, state, owner.key);
  return { recipientId: who.id, state, recipientSignature: sign(bytes, who.seed) };
}

export function pointed(version: number, address: number): AuthorizedUpgrade {
  const newChatroomAddress = new Uint8Array(32).fill(address);
  const upgrade = { ownerMemberId: owner.id, version, newChatroomAddress };
  return { upgrade, signature: sign(encode(upgradeCodec, upgrade), owner.seed) };
}

/** @param secs tells one record of a version from another */
export const versioned = (version: number, secs: number) =>
  signVersionRecord(version, at(secs), owner.seed);

export const update = (change: Partial<RoomDelta>): RoomDelta => ({ ...EMPTY_DELTA, ...change });
