import { banId, compareIds } from '../ids.ts';
import type { AuthorizedUserBan } from '../room-state/bans.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { compareTimes } from '../system-time.ts';
import { banClaim } from '../signatures/claims.ts';
import { isEnforcing } from './ban-authority.ts';
import { broken, keyOf, membersById, sorted, type MemberMap, type RuleContext } from './context.ts';

// river: common/src/room_state/ban.rs

export const compareBans = (a: AuthorizedUserBan, b: AuthorizedUserBan): number =>
  compareTimes(a.ban.bannedAt, b.ban.bannedAt) || compareIds(banId(a), banId(b));

export function verifyBans(context: RuleContext, state: RoomState): void {
  checkBans(context, membersById(state.members), state.bans);
  const most = state.configuration.configuration.maxUserBans;
  if (state.bans.length > most) broken(`bans: ${state.bans.length}, at most ${most} are allowed`);
}

/** Everything but the cap. Bans of people who are not here are not looked at; nor is a banner's authority. */
function checkBans(
  context: RuleContext,
  members: MemberMap,
  bans: readonly AuthorizedUserBan[],
): void {
  const { ownerId, signatures } = context;
  const targets = new Set(bans.map(({ ban }) => ban.bannedUser));
  for (const { ban, bannedBy } of bans) {
    const orphan = bannedBy !== ownerId && !members.has(bannedBy) && targets.has(bannedBy);
    if (orphan && members.has(ban.bannedUser)) {
      broken(`bans: a member is banned by ${bannedBy}, who is no member and is banned too`);
    }
  }
  for (const [i, ban] of bans.entries()) {
    const key = keyOf(context, members, ban.bannedBy);
    if (key !== undefined && !signatures.isValid(banClaim(ban, key))) {
      broken(`bans[${i}]: not signed by ${ban.bannedBy}`);
    }
  }
}

/** @param room `members` is the list before this delta's additions */
export function applyBans(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedUserBan[] | null,
): readonly AuthorizedUserBan[] {
  if (delta === null) return sorted(room.bans, compareBans);
  const most = room.configuration.configuration.maxUserBans;
  if (delta.length > most) broken(`bans: ${delta.length} in one delta, at most ${most}`);
  const held = new Set(room.bans.map(banId));
  for (const ban of delta) {
    const id = banId(ban);
    if (held.has(id)) broken(`bans: ${id} is here already`);
  }
  const all = [...room.bans, ...delta];
  checkBans(context, membersById(room.members), all);
  return sorted(all, compareBans);
}

/** Over the cap the bans without effect go first, then the oldest. */
export function capBans(context: RuleContext, room: RoomState): readonly AuthorizedUserBan[] {
  const excess = room.bans.length - room.configuration.configuration.maxUserBans;
  if (excess <= 0) return room.bans;
  const members = membersById(room.members);
  const ranked = room.bans.map((ban) => ({
    ban,
    enforcing: isEnforcing(context, members, room.memberInfo, ban),
  }));
  ranked.sort((a, b) => Number(a.enforcing) - Number(b.enforcing) || compareBans(a.ban, b.ban));
  return ranked
    .slice(excess)
    .map(({ ban }) => ban)
    .sort(compareBans);
}
