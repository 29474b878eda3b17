import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import type { MemberId } from '../ids.ts';
import { sign } from '../keys.ts';
import { userBan, type AuthorizedUserBan } from '../room-state/bans.ts';
import { ownerIdOf } from '../room-state/parameters.ts';
import type { RoomDelta } from '../room-state/room-state.ts';
import { isBanAuthorized } from '../rules/ban-authority.ts';
import { membersById, ruleContext } from '../rules/context.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import { banClaim } from '../signatures/claims.ts';
import type { SystemTime } from '../system-time.ts';
import { presenceDelta, type EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';

export interface ComposedBan {
  readonly ban: AuthorizedUserBan;
  readonly delta: RoomDelta;
}

/** Whether the author may ban this member, and why not. */
export function banRefusal(room: EditRoom, target: MemberId): EditRefused | undefined {
  const { state, params, author, memo } = room;
  const members = membersById(state.members);
  if (target === ownerIdOf(params)) {
    return { type: 'NotAllowed', reason: 'The owner of a room can’t be banned.' };
  }
  if (target === author.id) return { type: 'NotAllowed', reason: 'You can’t ban yourself.' };
  if (!members.has(target)) return { type: 'NoSuchMember' };
  if (invitationsPass(room, target)) {
    return {
      type: 'NotAllowed',
      reason: 'You were invited by this person, directly or not: the ban would remove you too.',
    };
  }
  const context = ruleContext(params, memo);
  if (isBanAuthorized(context, members, state.memberInfo, author.id, target)) return undefined;
  const appointed = canonicalInfos(state.memberInfo).get(target)?.memberInfo.deputies;
  if (appointed?.includes(author.id)) {
    return {
      type: 'NotAllowed',
      reason: 'This person made you a deputy: the ban would take away the right that it needs.',
    };
  }
  return {
    type: 'NotAllowed',
    reason:
      'You may ban whom you invited, directly or not; a deputy also whom their appointer may.',
  };
}

/** Whether the author's invitations come from `target`. */
function invitationsPass({ state, author }: EditRoom, target: MemberId): boolean {
  const members = membersById(state.members);
  const seen = new Set<MemberId>();
  for (let at = members.get(author.id); at !== undefined;) {
    const { invitedBy } = at.member;
    if (invitedBy === target) return true;
    if (seen.has(invitedBy)) return false;
    seen.add(invitedBy);
    at = members.get(invitedBy);
  }
  return false;
}

/** Signs a ban: the member and everyone they invited go, with their messages. In a private room the owner then rotates the secret. */
export function composeBan(
  room: EditRoom,
  target: MemberId,
  bannedAt: SystemTime,
): Result<ComposedBan, EditRefused> {
  const refused = banRefusal(room, target);
  if (refused) return err(refused);
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const { params, author, memo } = room;
  const unsigned = { ownerMemberId: ownerIdOf(params), bannedAt, bannedUser: target };
  const ban: AuthorizedUserBan = {
    ban: unsigned,
    bannedBy: author.id,
    signature: sign(encode(userBan, unsigned), author.signingKey),
  };
  memo.trust([banClaim(ban, author.verifyingKey)]);
  return ok({ ban, delta: { ...presence.value, bans: [ban] } });
}
