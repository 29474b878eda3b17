import { array, i64, signature } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';
import { systemTime, type SystemTime } from '../system-time.ts';

export interface UserBan {
  readonly ownerMemberId: MemberId;
  readonly bannedAt: SystemTime;
  readonly bannedUser: MemberId;
}

/** Signed by `bannedBy` over the encoded `ban`; `bannedBy` itself is not under the signature. */
export interface AuthorizedUserBan {
  readonly ban: UserBan;
  readonly bannedBy: MemberId;
  readonly signature: Uint8Array;
}

export const userBan = struct<UserBan>({
  ownerMemberId: i64,
  bannedAt: systemTime,
  bannedUser: i64,
});

export const authorizedUserBan = struct<AuthorizedUserBan>({
  ban: userBan,
  bannedBy: i64,
  signature,
});

/** `BansV1`. Source: river: common/src/room_state/ban.rs. */
export const bans = array(authorizedUserBan);
