import { compareBytes } from '../../shared/bytes.ts';
import { compareIds, memberLabel, signatureDigest, type MemberId } from '../ids.ts';
import { MAX_DEPUTIES, type AuthorizedMemberInfo } from '../room-state/member-info.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { declaredLength } from '../room-state/sealed-bytes.ts';
import { memberInfoClaim } from '../signatures/claims.ts';
import { broken, keep, keyOf, membersById, type RuleContext } from './context.ts';

// river: common/src/room_state/member_info.rs

/** Whether `a` replaces `b`: a higher version, or at the same version a greater digest of its signature. */
export function outranks(a: AuthorizedMemberInfo, b: AuthorizedMemberInfo): boolean {
  const versions = a.memberInfo.version - b.memberInfo.version;
  if (versions !== 0) return versions > 0;
  return compareBytes(signatureDigest(a.signature), signatureDigest(b.signature)) > 0;
}

const canonical = new WeakMap<
  readonly AuthorizedMemberInfo[],
  ReadonlyMap<MemberId, AuthorizedMemberInfo>
>();

/** The record that counts for each member: the highest ranking, of equals the first. Remembered per list. */
export function canonicalInfos(
  infos: readonly AuthorizedMemberInfo[],
): ReadonlyMap<MemberId, AuthorizedMemberInfo> {
  let best = canonical.get(infos);
  if (best === undefined) {
    const found = new Map<MemberId, AuthorizedMemberInfo>();
    for (const info of infos) {
      const other = found.get(info.memberInfo.memberId);
      if (other === undefined || outranks(info, other)) found.set(info.memberInfo.memberId, info);
    }
    best = found;
    canonical.set(infos, best);
  }
  return best;
}

export function verifyMemberInfo(context: RuleContext, state: RoomState): void {
  const members = membersById(state.members);
  for (const [i, info] of state.memberInfo.entries()) {
    const { memberId, deputies } = info.memberInfo;
    if (deputies.length > MAX_DEPUTIES) {
      broken(`member_info[${i}]: ${deputies.length} deputies, at most ${MAX_DEPUTIES}`);
    }
    const key = keyOf(context, members, memberId);
    if (key === undefined) broken(`member_info[${i}]: ${memberLabel(memberId)} is no member`);
    if (!context.signatures.isValid(memberInfoClaim(info, key))) {
      broken(`member_info[${i}]: not signed by ${memberLabel(memberId)}`);
    }
  }
}

export function applyMemberInfo(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedMemberInfo[] | null,
): readonly AuthorizedMemberInfo[] {
  const members = membersById(room.members);
  let infos = room.memberInfo;
  if (delta !== null) infos = takeInfos(context, room, delta);
  infos = keep(infos, ({ memberInfo: { memberId } }) => {
    return memberId === context.ownerId || members.has(memberId);
  });
  return collapsed(infos);
}

function takeInfos(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedMemberInfo[],
): readonly AuthorizedMemberInfo[] {
  const members = membersById(room.members);
  const most = room.configuration.configuration.maxNicknameSize;
  const infos = [...room.memberInfo];
  const first = new Map<MemberId, number>();
  for (const [i, { memberInfo }] of infos.entries()) {
    if (!first.has(memberInfo.memberId)) first.set(memberInfo.memberId, i);
  }
  for (const [i, info] of delta.entries()) {
    const { memberId, preferredNickname, deputies } = info.memberInfo;
    const length = declaredLength(preferredNickname);
    if (length > most) broken(`member_info[${i}]: a nickname of ${length} bytes, at most ${most}`);
    if (deputies.length > MAX_DEPUTIES) continue;
    const key = keyOf(context, members, memberId);
    if (key === undefined) continue;
    if (!context.signatures.isValid(memberInfoClaim(info, key))) {
      broken(`member_info[${i}]: not signed by ${memberLabel(memberId)}`);
    }
    const at = first.get(memberId);
    if (at === undefined) {
      first.set(memberId, infos.length);
      infos.push(info);
    } else if (outranks(info, infos[at] as AuthorizedMemberInfo)) infos[at] = info;
  }
  return infos;
}

/** One record per member, by member id. A list of one is left alone. */
export function collapsed(infos: readonly AuthorizedMemberInfo[]): readonly AuthorizedMemberInfo[] {
  const ascending = infos.every((info, i) => {
    const next = infos[i + 1];
    return next === undefined || info.memberInfo.memberId < next.memberInfo.memberId;
  });
  if (ascending) return infos;
  return [...canonicalInfos(infos).values()].sort((a, b) =>
    compareIds(a.memberInfo.memberId, b.memberInfo.memberId),
  );
}
