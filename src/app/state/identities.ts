import type { AwaitedRoom } from '../../persist/awaiting-room.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import { encode } from '../../river/cbor/codec.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import { armorIdentity, parseIdentity, type IdentityError } from '../../river/identity.ts';
import { memberId } from '../../river/ids.ts';
import { sign, verifyingKeyOf } from '../../river/keys.ts';
import { member as memberCodec, type AuthorizedMember } from '../../river/room-state/members.ts';
import { idOfMember } from '../../river/rules/members.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { equalBytes } from '../../shared/bytes.ts';
import { err, ok, unreachable, type Result } from '../../shared/result.ts';
import { ROOM_CONTRACT_CODE_HASH } from './room-contract.ts';

/** The person's identity in one room, as text for another device or a drawer. */
export function identityText(loaded: LoadedRoom): Result<string, EditRefused> {
  const { own, state } = loaded;
  if (own.selfSk === null) return err({ type: 'NoKey' });
  const selfVk = verifyingKeyOf(own.selfSk);
  const id = memberId(selfVk);
  const isOwner = equalBytes(selfVk, own.ownerVk);
  const authorizedMember = isOwner
    ? ownRecord(own.selfSk, own.ownerVk)
    : (own.selfAuthorizedMember ?? state.members.find((each) => idOfMember(each) === id));
  if (!authorizedMember) return err({ type: 'NotAMember' });
  return ok(
    armorIdentity({
      roomOwner: own.ownerVk,
      signingKey: own.selfSk,
      authorizedMember,
      inviteChain: own.inviteChain,
      memberInfo: own.selfMemberInfo,
      roomName: viewOf(loaded).name,
      selfNickname: own.selfNickname,
      invitationSecrets: own.invitationSecrets,
    }),
  );
}

/** Owners have no record in their room: a token carries one that they sign for themselves. */
function ownRecord(seed: Uint8Array, ownerVk: Uint8Array): AuthorizedMember {
  const ownerId = memberId(ownerVk);
  const member = { ownerMemberId: ownerId, invitedBy: ownerId, memberVk: ownerVk };
  return { member, signature: sign(encode(memberCodec, member), seed) };
}

/** The token may stand in the middle of a message. */
const ARMORED = /-----BEGIN RIVER IDENTITY-----[^]*?-----END RIVER IDENTITY-----/;

export function readIdentity(token: string, memo: SignatureMemo): Result<AwaitedRoom, string> {
  const read = parseIdentity(ARMORED.exec(token)?.[0] ?? token, memo);
  if (!read.ok) return err(problem(read.error));
  const identity = read.value;
  const { memberVk } = identity.authorizedMember.member;
  return ok({
    owner: identity.roomOwner,
    selfSk: identity.signingKey,
    authorizedMember: equalBytes(memberVk, identity.roomOwner) ? null : identity.authorizedMember,
    inviteChain: identity.inviteChain,
    memberInfo: identity.memberInfo,
    nickname: identity.selfNickname,
    secrets: identity.invitationSecrets,
    contractCodeHash: ROOM_CONTRACT_CODE_HASH,
  });
}

function problem(error: IdentityError): string {
  switch (error.type) {
    case 'NotAnIdentity':
      return `This is no identity: ${error.reason}.`;
    case 'Undecodable':
      return 'This does not read as an identity. It may have been cut off when it was copied.';
    case 'WrongKey':
      return 'The key in it belongs to somebody else than its member record.';
    case 'Forged':
      return 'A record in it was not signed by whom it names.';
    default:
      return unreachable(error);
  }
}
