import { array, i64, signature } from '../cbor/codec.ts';
import { struct, wrapped } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';
import { verifyingKey, type VerifyingKey } from '../keys.ts';

/** A member's id is `memberId(memberVk)`. The owner is a member without a record. */
export interface Member {
  readonly ownerMemberId: MemberId;
  readonly invitedBy: MemberId;
  readonly memberVk: VerifyingKey;
}

/** Signed by the inviter over the encoded `member`. */
export interface AuthorizedMember {
  readonly member: Member;
  readonly signature: Uint8Array;
}

export const member = struct<Member>({
  ownerMemberId: i64,
  invitedBy: i64,
  memberVk: verifyingKey,
});

export const authorizedMember = struct<AuthorizedMember>({ member, signature });

/** `MembersV1 { members }`. Source: river: common/src/room_state/member.rs. */
export const members = wrapped('members', array(authorizedMember));

/** `MembersDelta { added }`. */
export const membersDelta = wrapped('added', array(authorizedMember));
