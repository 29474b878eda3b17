import { banId, type BanId, type MemberId } from '../ids.ts';
import type { AuthorizedUserBan } from '../room-state/bans.ts';
import type { RoomParameters } from '../room-state/parameters.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { isEnforcing } from '../rules/ban-authority.ts';
import { compareBans } from '../rules/bans.ts';
import { keyOf, membersById, ruleContext } from '../rules/context.ts';
import type { SignatureMemo } from '../signatures/memo.ts';
import type { SystemTime } from '../system-time.ts';

/** A ban that the room holds. */
export interface BanView {
  readonly id: BanId;
  readonly target: MemberId;
  readonly by: MemberId;
  readonly at: SystemTime;
  /**
   * `in-force`: it keeps its target out. `banner-gone`, `no-authority`: it has no effect, since who made it is not in the room any
   * more, or may not ban this person any more.
   */
  readonly state: 'in-force' | 'banner-gone' | 'no-authority';
}

export interface BansSource {
  readonly state: RoomState;
  readonly params: RoomParameters;
  readonly memo: SignatureMemo;
}

/** The room's bans, the newest first. */
export const viewBans = (source: BansSource): BanView[] =>
  source.state.bans
    .toSorted((a, b) => compareBans(b, a))
    .map((each) => ({
      id: banId(each),
      target: each.ban.bannedUser,
      by: each.bannedBy,
      at: each.ban.bannedAt,
      state: stateOf(source, each),
    }));

function stateOf({ state, params, memo }: BansSource, ban: AuthorizedUserBan): BanView['state'] {
  const context = ruleContext(params, memo);
  const members = membersById(state.members);
  if (keyOf(context, members, ban.bannedBy) === undefined) return 'banner-gone';
  return isEnforcing(context, members, state.memberInfo, ban) ? 'in-force' : 'no-authority';
}

/** The bans that would have to make way for one more: those without effect go first, then the oldest. */
export function madeWayFor(source: BansSource): BanView[] {
  const bans = viewBans(source).reverse();
  const excess = bans.length + 1 - source.state.configuration.configuration.maxUserBans;
  if (excess <= 0) return [];
  const works = ({ state }: BanView): boolean => state === 'in-force';
  return [...bans.filter((each) => !works(each)), ...bans.filter(works)].slice(0, excess);
}
