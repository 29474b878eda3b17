import { equalBytes, fromBase58, toBase58 } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { array, decode, encode, option, text } from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { struct } from './cbor/struct.ts';
import { memberId } from './ids.ts';
import {
  signingKey,
  verifyingKey,
  verifyingKeyOf,
  type SigningKey,
  type VerifyingKey,
} from './keys.ts';
import { invitationSecrets, type InvitationSecret } from './room-data.ts';
import { authorizedMemberInfo, type AuthorizedMemberInfo } from './room-state/member-info.ts';
import { authorizedMember, type AuthorizedMember } from './room-state/members.ts';
import { idOfMember } from './rules/members.ts';
import { memberClaim } from './signatures/claims.ts';
import type { SignatureMemo } from './signatures/memo.ts';

/** All that a person needs to be themselves in one room on another device. Holds their private key: never log one. */
export interface IdentityExport {
  readonly roomOwner: VerifyingKey;
  readonly signingKey: SigningKey;
  /** For the owner: a record that the owner signed for themselves. */
  readonly authorizedMember: AuthorizedMember;
  readonly inviteChain: readonly AuthorizedMember[];
  readonly memberInfo: AuthorizedMemberInfo | null;
  readonly roomName: string | null;
  readonly selfNickname: string | null;
  readonly invitationSecrets: readonly InvitationSecret[];
}

/** Source: river: common/src/room_state/identity.rs. */
export const identityExport = struct<IdentityExport>({
  roomOwner: verifyingKey,
  signingKey,
  authorizedMember,
  inviteChain: array(authorizedMember),
  memberInfo: option(authorizedMemberInfo),
  roomName: option(text),
  selfNickname: option(text),
  invitationSecrets,
});

export type IdentityError =
  | { readonly type: 'NotAnIdentity'; readonly reason: string }
  | { readonly type: 'Undecodable'; readonly error: DecodeError }
  | { readonly type: 'WrongKey' }
  /** A record that its inviter, who is in the token too, did not sign. */
  | { readonly type: 'Forged' };

const ARMOR_BEGIN = '-----BEGIN RIVER IDENTITY-----';
const ARMOR_END = '-----END RIVER IDENTITY-----';
const LINE_WIDTH = 64;
/** Longer tokens are not looked into. Two hundred invitations in a row are shorter. */
const MAX_TOKEN_CHARACTERS = 200_000;

/** The token as text: base58 in lines of 64 characters, between two lines of armor. */
export function armorIdentity(value: IdentityExport): string {
  const code = toBase58(encode(identityExport, value));
  const lines: string[] = [];
  for (let at = 0; at < code.length; at += LINE_WIDTH) lines.push(code.slice(at, at + LINE_WIDTH));
  return [ARMOR_BEGIN, ...lines, ARMOR_END].join('\n');
}

/** Reads a token, with or without armor, and checks that its parts belong together. */
export function parseIdentity(
  token: string,
  memo: SignatureMemo,
): Result<IdentityExport, IdentityError> {
  if (token.length > MAX_TOKEN_CHARACTERS) {
    return err({ type: 'NotAnIdentity', reason: 'the token is too long' });
  }
  const code = token
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('-----'))
    .join('');
  if (code === '') return err({ type: 'NotAnIdentity', reason: 'the token is empty' });
  let bytes: Uint8Array;
  try {
    bytes = fromBase58(code);
  } catch {
    return err({ type: 'NotAnIdentity', reason: 'the token has characters that no token has' });
  }
  const value = decode(identityExport, bytes, 'identity');
  if (!value.ok) return err({ type: 'Undecodable', error: value.error });
  const identity = value.value;
  if (!equalBytes(verifyingKeyOf(identity.signingKey), identity.authorizedMember.member.memberVk)) {
    return err({ type: 'WrongKey' });
  }
  return isVouchedFor(identity, memo) ? ok(identity) : err({ type: 'Forged' });
}

/** Whether every record whose inviter is known was signed by that inviter. Unknown inviters are not held against it. */
function isVouchedFor(
  { roomOwner, authorizedMember: own, inviteChain }: IdentityExport,
  memo: SignatureMemo,
): boolean {
  const keys = new Map(inviteChain.map((each) => [idOfMember(each), each.member.memberVk]));
  keys.set(memberId(roomOwner), roomOwner);
  return [own, ...inviteChain].every((record) => {
    const inviter = keys.get(record.member.invitedBy);
    return inviter === undefined || memo.isValid(memberClaim(record, inviter));
  });
}
