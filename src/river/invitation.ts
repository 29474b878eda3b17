import { blake3 } from '@noble/hashes/blake3.js';
import { equalBytes, fromBase58, toBase58, toHex, utf8 } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { array, decode, encode, fixedInts, pair, u32, withDefault } from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { struct } from './cbor/struct.ts';
import type { EditRandom, EditRoom } from './edits/author.ts';
import type { EditRefused } from './edits/refused.ts';
import { presenceDelta } from './edits/author.ts';
import { memberId } from './ids.ts';
import {
  sign,
  signingKey,
  verifyingKey,
  verifyingKeyOf,
  type SigningKey,
  type VerifyingKey,
} from './keys.ts';
import type { InvitationSecret } from './room-data.ts';
import {
  authorizedMember,
  member as memberCodec,
  type AuthorizedMember,
} from './room-state/members.ts';
import { ownerIdOf } from './room-state/parameters.ts';
import type { RoomState } from './room-state/room-state.ts';
import { membersById } from './rules/context.ts';
import { memberClaim } from './signatures/claims.ts';
import type { SignatureMemo } from './signatures/memo.ts';

/** A bearer secret: whoever opens it first is the invited member. Never log one. */
export interface Invitation {
  /** The owner's key of the room. */
  readonly room: VerifyingKey;
  /** The new member's seed, made by the inviter. */
  readonly inviteeSigningKey: SigningKey;
  /** The new member's record, signed by the inviter. */
  readonly invitee: AuthorizedMember;
  /** Every room secret that the inviter could read; empty for public rooms. */
  readonly roomSecrets: readonly InvitationSecret[];
}

/** Source: river: ui/src/components/members.rs, cli/src/api.rs. Older codes lack `room_secrets`. */
export const invitation = struct<Invitation>({
  room: verifyingKey,
  inviteeSigningKey: signingKey,
  invitee: authorizedMember,
  roomSecrets: withDefault(array(pair(u32, fixedInts(32))), () => []),
});

export type InvitationError =
  | { readonly type: 'NotAnInvitation'; readonly reason: string }
  | { readonly type: 'Undecodable'; readonly error: DecodeError }
  /** The key in it is not the invited member's: it could never be used. */
  | { readonly type: 'WrongKey' };

/** Longer texts are not looked into. Two thousand room secrets are shorter. */
const MAX_CODE_CHARACTERS = 200_000;

/** The code as people pass it on: base58 of the CBOR. */
export const invitationCode = (value: Invitation): string => toBase58(encode(invitation, value));

/** Reads a code, or a link with one (`…?invitation=<code>`). */
export function parseInvitation(text: string): Result<Invitation, InvitationError> {
  const code = codeIn(text);
  if (code === '') return err({ type: 'NotAnInvitation', reason: 'there is no code' });
  if (code.length > MAX_CODE_CHARACTERS) {
    return err({ type: 'NotAnInvitation', reason: 'the code is too long' });
  }
  let bytes: Uint8Array;
  try {
    bytes = fromBase58(code);
  } catch {
    return err({ type: 'NotAnInvitation', reason: 'the code has characters that no code has' });
  }
  const value = decode(invitation, bytes, 'invitation');
  if (!value.ok) return err({ type: 'Undecodable', error: value.error });
  const { inviteeSigningKey, invitee } = value.value;
  if (!equalBytes(verifyingKeyOf(inviteeSigningKey), invitee.member.memberVk)) {
    return err({ type: 'WrongKey' });
  }
  return value;
}

const LINK = 'invitation=';

function codeIn(text: string): string {
  const at = text.indexOf(LINK);
  // a link may stand in the middle of a message
  const code = at < 0 ? text : (text.slice(at + LINK.length).split(/[#&\s]/, 1)[0] ?? '');
  return code.trim();
}

/** Tells codes apart without keeping them: 16 bytes of BLAKE3 of the code's text, as hex. */
export const invitationFingerprint = (code: string): string =>
  toHex(blake3(utf8(code), { dkLen: 16 }));

/**
 * Invites somebody new, under a key made for them. Nothing is written to the room; the invitation works as long as the inviter is
 * a member.
 */
export function createInvitation(
  room: EditRoom,
  random: EditRandom,
): Result<Invitation, EditRefused> {
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const { params, author } = room;
  const inviteeSigningKey = random.bytes(32);
  const member = {
    ownerMemberId: ownerIdOf(params),
    invitedBy: author.id,
    memberVk: verifyingKeyOf(inviteeSigningKey),
  };
  return ok({
    room: params.owner,
    inviteeSigningKey,
    invitee: { member, signature: sign(encode(memberCodec, member), author.signingKey) },
    roomSecrets: [...author.secrets].sort(([a], [b]) => a - b),
  });
}

export type InvitationStatus =
  /** The inviter is here and signed it. */
  | { readonly type: 'good'; readonly inviteChain: readonly AuthorizedMember[] }
  /** The invited key is a member (or the owner) already. */
  | { readonly type: 'already-a-member' }
  | { readonly type: 'another-room' }
  /** The inviter has gone, or was removed: nobody vouches for it any more. */
  | { readonly type: 'inviter-gone' }
  | { readonly type: 'forged' };

/** What an invitation is worth in the room's state of now. `inviteChain` is what the new member keeps to come back with. */
export function checkInvitation(
  { room, invitee }: Invitation,
  state: RoomState,
  owner: VerifyingKey,
  memo: SignatureMemo,
): InvitationStatus {
  if (!equalBytes(room, owner)) return { type: 'another-room' };
  const ownerId = memberId(owner);
  const members = membersById(state.members);
  const id = memberId(invitee.member.memberVk);
  if (id === ownerId || members.has(id)) return { type: 'already-a-member' };
  const { invitedBy } = invitee.member;
  const inviter = invitedBy === ownerId ? owner : members.get(invitedBy)?.member.memberVk;
  if (inviter === undefined) return { type: 'inviter-gone' };
  if (!memo.isValid(memberClaim(invitee, inviter))) return { type: 'forged' };
  const inviteChain: AuthorizedMember[] = [];
  for (let at = members.get(invitedBy); at !== undefined;) {
    if (inviteChain.includes(at)) break;
    inviteChain.unshift(at);
    at = members.get(at.member.invitedBy);
  }
  return { type: 'good', inviteChain };
}
