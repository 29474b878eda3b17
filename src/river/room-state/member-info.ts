import { array, i64, leftOutWhen, signature, u32 } from '../cbor/codec.ts';
import { struct, wrapped } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';
import { sealedBytes, type SealedBytes } from './sealed-bytes.ts';

/** More deputies than this make a record worthless (a delta skips it, a state with it is not valid). */
export const MAX_DEPUTIES = 64;

export interface MemberInfo {
  readonly memberId: MemberId;
  readonly version: number;
  readonly preferredNickname: SealedBytes;
  /** Members who may ban within this member's subtree; the owner's may ban anywhere. */
  readonly deputies: readonly MemberId[];
}

/** Signed by the member over the encoded `memberInfo`. */
export interface AuthorizedMemberInfo {
  readonly memberInfo: MemberInfo;
  readonly signature: Uint8Array;
}

/** `deputies` is not written when empty: an explicit empty list would be other signed bytes. */
export const memberInfo = struct<MemberInfo>({
  memberId: i64,
  version: u32,
  preferredNickname: sealedBytes,
  deputies: leftOutWhen(
    array(i64),
    (value) => value.length === 0,
    () => [],
  ),
});

export const authorizedMemberInfo = struct<AuthorizedMemberInfo>({ memberInfo, signature });

export const memberInfoList = array(authorizedMemberInfo);

/** `MemberInfoV1 { member_info }`. Source: river: common/src/room_state/member_info.rs. */
export const memberInfos = wrapped('memberInfo', memberInfoList);
