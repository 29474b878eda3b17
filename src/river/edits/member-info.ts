import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import type { MemberId } from '../ids.ts';
import { sign } from '../keys.ts';
import {
  MAX_DEPUTIES,
  memberInfo as memberInfoCodec,
  type AuthorizedMemberInfo,
  type MemberInfo,
} from '../room-state/member-info.ts';
import type { RoomDelta } from '../room-state/room-state.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import { memberInfoClaim } from '../signatures/claims.ts';
import { presenceDelta, type EditRandom, type EditRoom } from './author.ts';
import { sealForRoom } from './configuration.ts';
import type { EditRefused } from './refused.ts';

/** What somebody changes about themselves; what is left out stays. One record holds both: the later edit of two devices wins. */
export interface MemberInfoChange {
  readonly nickname?: string;
  readonly deputies?: readonly MemberId[];
}

export interface ComposedMemberInfo {
  /** Keep it with the room's own data too: it is what a pruned member comes back with. */
  readonly memberInfo: AuthorizedMemberInfo;
  readonly delta: RoomDelta;
}

/** Signs the author's next member info. */
export function composeMemberInfo(
  room: EditRoom,
  change: MemberInfoChange,
  random: EditRandom,
): Result<ComposedMemberInfo, EditRefused> {
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const { state, author, memo } = room;
  const listed = canonicalInfos(state.memberInfo).get(author.id)?.memberInfo;
  const own = author.memberInfo?.memberInfo;
  const newest = own && (!listed || own.version > listed.version) ? own : listed;
  const deputies = change.deputies ?? newest?.deputies ?? [];
  if (deputies.length > MAX_DEPUTIES) {
    return err({ type: 'BreaksRule', reason: `At most ${MAX_DEPUTIES} deputies are allowed.` });
  }
  const { maxNicknameSize } = state.configuration.configuration;
  let preferredNickname = newest?.preferredNickname;
  if (change.nickname !== undefined || preferredNickname === undefined) {
    if (!change.nickname) return err({ type: 'Empty', what: 'nickname' });
    const sealed = sealForRoom(room, 'nickname', change.nickname, maxNicknameSize, random);
    if (!sealed.ok) return sealed;
    preferredNickname = sealed.value;
  }
  const version = Math.max(own?.version ?? 0, listed?.version ?? 0) + 1;
  const next: MemberInfo = { memberId: author.id, version, preferredNickname, deputies };
  const memberInfo: AuthorizedMemberInfo = {
    memberInfo: next,
    signature: sign(encode(memberInfoCodec, next), author.signingKey),
  };
  memo.trust([memberInfoClaim(memberInfo, author.verifyingKey)]);
  return ok({ memberInfo, delta: { ...presence.value, memberInfo: [memberInfo] } });
}
