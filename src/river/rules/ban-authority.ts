import type { MemberId } from '../ids.ts';
import type { AuthorizedUserBan } from '../room-state/bans.ts';
import type { AuthorizedMemberInfo } from '../room-state/member-info.ts';
import { banClaim } from '../signatures/claims.ts';
import { keyOf, type MemberMap, type RuleContext } from './context.ts';
import { invitedBelow } from './invited-below.ts';
import { canonicalInfos } from './member-info.ts';

// river: common/src/room_state/{ban,member}.rs

/** Whether the banner is here and signed the ban. */
export function isSignedByBanner(
  context: RuleContext,
  members: MemberMap,
  ban: AuthorizedUserBan,
): boolean {
  const key = keyOf(context, members, ban.bannedBy);
  return key !== undefined && context.signatures.isValid(banClaim(ban, key));
}

/** The owner and everyone between the owner and `target`; a missing inviter is the last one named. */
function strictAncestors(
  { ownerId }: Pick<RuleContext, 'ownerId'>,
  members: MemberMap,
  target: MemberId,
): Set<MemberId> {
  const ancestors = new Set([ownerId]);
  const seen = new Set([target]);
  for (let at = members.get(target); at !== undefined;) {
    const inviter = at.member.invitedBy;
    if (inviter === ownerId || seen.has(inviter)) break;
    seen.add(inviter);
    ancestors.add(inviter);
    at = members.get(inviter);
  }
  return ancestors;
}

/**
 * Whether `banner` may ban `target`: the owner may, ancestors in the invitation tree may, and so may the owner's deputies and
 * those of an ancestor, but nobody may ban the owner, themselves, or someone whose deputy they are (unless they are an
 * ancestor, or the owner's deputy).
 *
 * @param infos the records whose deputies count
 */
export function isBanAuthorized(
  context: Pick<RuleContext, 'ownerId'>,
  members: MemberMap,
  infos: readonly AuthorizedMemberInfo[],
  banner: MemberId,
  target: MemberId,
): boolean {
  const { ownerId } = context;
  if (target === ownerId) return false;
  if (banner === ownerId) return true;
  const ancestors = strictAncestors(context, members, target);
  if (ancestors.has(banner)) return true;
  if (infos.length === 0 || !members.has(banner)) return false;
  const canonical = canonicalInfos(infos);
  const appoints = (id: MemberId): boolean =>
    canonical.get(id)?.memberInfo.deputies.includes(banner) ?? false;
  if (appoints(ownerId)) return true;
  if (appoints(target)) return false;
  return [...ancestors].some((ancestor) => ancestor !== ownerId && appoints(ancestor));
}

/** Whether the ban has an effect now, or would have if its absent target came back. */
export function isEnforcing(
  context: RuleContext,
  members: MemberMap,
  infos: readonly AuthorizedMemberInfo[],
  ban: AuthorizedUserBan,
): boolean {
  const target = ban.ban.bannedUser;
  if (!isSignedByBanner(context, members, ban)) return false;
  return !members.has(target) || isBanAuthorized(context, members, infos, ban.bannedBy, target);
}

/** Everyone whom a rightful ban names, and everyone they invited, at any depth. */
export function bannedIds(
  context: RuleContext,
  members: MemberMap,
  infos: readonly AuthorizedMemberInfo[],
  bans: readonly AuthorizedUserBan[],
): Set<MemberId> {
  const banned = new Set<MemberId>();
  for (const ban of bans) {
    const target = ban.ban.bannedUser;
    if (!isSignedByBanner(context, members, ban)) continue;
    if (isBanAuthorized(context, members, infos, ban.bannedBy, target)) banned.add(target);
  }
  return banned.size > 0 ? invitedBelow(banned, members) : banned;
}
