import { equalBytes } from '../../shared/bytes.ts';
import type { Random } from '../../shared/random.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { memberId, type MemberId } from '../ids.ts';
import { verifyingKeyOf, type SigningKey, type VerifyingKey } from '../keys.ts';
import type { OwnRoomData } from '../room-data.ts';
import type { AuthorizedMemberInfo } from '../room-state/member-info.ts';
import type { AuthorizedMember } from '../room-state/members.ts';
import { ownerIdOf, type RoomParameters } from '../room-state/parameters.ts';
import { EMPTY_DELTA, type RoomDelta, type RoomState } from '../room-state/room-state.ts';
import { declaredLength } from '../room-state/sealed-bytes.ts';
import { bannedIds } from '../rules/ban-authority.ts';
import { membersById, ruleContext } from '../rules/context.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import { idOfMember } from '../rules/members.ts';
import { readableSecrets, type SecretsByVersion } from '../secrets.ts';
import type { SignatureMemo } from '../signatures/memo.ts';
import type { EditRefused } from './refused.ts';

/** The person who edits, as far as the room's data knows them. */
export interface Author {
  readonly signingKey: SigningKey;
  readonly verifyingKey: VerifyingKey;
  readonly id: MemberId;
  readonly isOwner: boolean;
  /** The record that made them a member, to come back with; null for the owner. */
  readonly authorizedMember: AuthorizedMember | null;
  /** The records between the owner and them. */
  readonly inviteChain: readonly AuthorizedMember[];
  readonly memberInfo: AuthorizedMemberInfo | null;
  readonly secrets: SecretsByVersion;
}

/** What every edit is computed from. Edits change nothing: they return what to apply (and to store, and to send). */
export interface EditRoom {
  readonly state: RoomState;
  readonly params: RoomParameters;
  readonly author: Author;
  /** Takes the new signatures as verified: they were made a moment ago. */
  readonly memo: SignatureMemo;
}

/** Randomness for nonces and keys. */
export type EditRandom = Pick<Random, 'bytes'>;

/** The person of a room's stored data, or `NoKey`. */
export function editRoom(
  state: RoomState,
  own: OwnRoomData,
  memo: SignatureMemo,
): Result<EditRoom, EditRefused> {
  if (own.selfSk === null) return err({ type: 'NoKey' });
  const verifyingKey = verifyingKeyOf(own.selfSk);
  const author: Author = {
    signingKey: own.selfSk,
    verifyingKey,
    id: memberId(verifyingKey),
    isOwner: equalBytes(verifyingKey, own.ownerVk),
    authorizedMember: own.selfAuthorizedMember,
    inviteChain: own.inviteChain,
    memberInfo: own.selfMemberInfo,
    secrets: readableSecrets(state.secrets, own.selfSk, own.invitationSecrets),
  };
  return ok({ state, params: { owner: own.ownerVk }, author, memo });
}

/**
 * What must travel with anything the author writes, so that the room takes it: nothing for those who are listed, else their member
 * record, the missing records above it, and their member info.
 */
export function presenceDelta(room: EditRoom): Result<RoomDelta, EditRefused> {
  const { state, author } = room;
  const missing = missingMembers(room);
  if (!missing.ok) return missing;
  const members = missing.value;
  if (members.length > 0 && isBannedWith(room, members)) return err({ type: 'Banned' });
  const { memberInfo } = author;
  const carriesInfo =
    memberInfo !== null &&
    memberInfo.memberInfo.memberId === author.id &&
    !canonicalInfos(state.memberInfo).has(author.id) &&
    // a nickname that has become too long would have the whole update refused
    declaredLength(memberInfo.memberInfo.preferredNickname) <=
      state.configuration.configuration.maxNicknameSize;
  return ok({
    ...EMPTY_DELTA,
    members: members.length > 0 ? members : null,
    memberInfo: carriesInfo ? [memberInfo] : null,
  });
}

function missingMembers({
  state,
  params,
  author,
}: EditRoom): Result<readonly AuthorizedMember[], EditRefused> {
  if (author.isOwner) return ok([]);
  const ownerId = ownerIdOf(params);
  const listed = membersById(state.members);
  const chain = new Map(author.inviteChain.map((each) => [idOfMember(each), each]));
  const missing: AuthorizedMember[] = [];
  let at = author.authorizedMember;
  if (listed.has(author.id)) return ok([]);
  while (at !== null) {
    if (missing.includes(at)) break; // a circle
    missing.unshift(at);
    const inviter = at.member.invitedBy;
    if (inviter === ownerId || listed.has(inviter)) return ok(missing);
    at = chain.get(inviter) ?? null;
  }
  return err({ type: 'NotAMember' });
}

function isBannedWith(room: EditRoom, added: readonly AuthorizedMember[]): boolean {
  const { state, params, author, memo } = room;
  if (state.bans.length === 0) return false;
  const members = membersById([...state.members, ...added]);
  const banned = bannedIds(ruleContext(params, memo), members, state.memberInfo, state.bans);
  return banned.has(author.id);
}

/** The secret that the room writes with now. */
export function currentSecret({
  state,
  author,
}: EditRoom): Result<{ readonly version: number; readonly secret: Uint8Array }, EditRefused> {
  const version = state.secrets.currentVersion;
  const secret = author.secrets.get(version);
  return secret ? ok({ version, secret }) : err({ type: 'SecretMissing', version });
}

export const isPrivateRoom = ({ state }: EditRoom): boolean =>
  state.configuration.configuration.privacyMode === 'Private';
