import { equalBytes } from '../../shared/bytes.ts';
import { compareIds, memberId, memberLabel, type MemberId } from '../ids.ts';
import type { VerifyingKey } from '../keys.ts';
import type { AuthorizedMember } from '../room-state/members.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { memberClaim } from '../signatures/claims.ts';
import { bannedIds } from './ban-authority.ts';
import { broken, keep, membersById, sorted, type MemberMap, type RuleContext } from './context.ts';

// river: common/src/room_state/member.rs

export const idOfMember = ({ member }: AuthorizedMember): MemberId => memberId(member.memberVk);

export const compareMembers = (a: AuthorizedMember, b: AuthorizedMember): number =>
  compareIds(idOfMember(a), idOfMember(b));

export function verifyMembers(context: RuleContext, state: RoomState): void {
  const { members } = state;
  if (members.length === 0) return;
  const most = state.configuration.configuration.maxMembers;
  if (members.length > most) broken(`members: ${members.length}, at most ${most} are allowed`);
  const byId = membersById(members);
  // with one record per id, a chain that joins a verified one is verified
  const verified = byId.size === members.length ? new Set<MemberId>() : undefined;
  for (const [i, each] of members.entries()) {
    const id = idOfMember(each);
    if (id === context.ownerId || equalBytes(each.member.memberVk, context.owner)) {
      broken(`members[${i}]: the owner is no listed member`);
    }
    if (each.member.invitedBy === id) broken(`members[${i}]: invited by themselves`);
    verifyChain(context, byId, each, verified);
  }
}

/** Every link from `record` up to the owner: present, signed by the next one, and not in a circle. */
function verifyChain(
  context: RuleContext,
  members: MemberMap,
  record: AuthorizedMember,
  verified?: Set<MemberId>,
): void {
  const { owner, ownerId } = context;
  const seen = new Set<MemberId>();
  let at = record;
  for (;;) {
    const id = idOfMember(at);
    if (verified?.has(id)) break;
    const { invitedBy } = at.member;
    if (seen.has(id) || invitedBy === id) {
      broken(`members: the invitations of ${memberLabel(id)} go in a circle`);
    }
    seen.add(id);
    const inviter = invitedBy === ownerId ? undefined : members.get(invitedBy);
    if (inviter === undefined && invitedBy !== ownerId) {
      broken(`members: ${memberLabel(id)}'s inviter ${memberLabel(invitedBy)} is not here`);
    }
    verifyLink(context, at, inviter?.member.memberVk ?? owner);
    if (inviter === undefined) break;
    at = inviter;
  }
  if (verified) for (const id of seen) verified.add(id);
}

function verifyLink(
  { signatures }: RuleContext,
  record: AuthorizedMember,
  inviter: VerifyingKey,
): void {
  if (!signatures.isValid(memberClaim(record, inviter))) {
    broken(`members: ${memberLabel(idOfMember(record))}'s record is not signed by the inviter`);
  }
}

export function applyMembers(
  context: RuleContext,
  room: RoomState,
  added: readonly AuthorizedMember[] | null,
): readonly AuthorizedMember[] {
  let { members } = room;
  if (added !== null) members = addMembers(context, members, added);
  if (room.bans.length > 0) {
    // deputies count only in the clean-up, when the new member infos are known
    const banned = bannedIds(context, membersById(members), [], room.bans);
    members = keep(members, (each) => !banned.has(idOfMember(each)));
  }
  members = withinCap(context, members, room.configuration.configuration.maxMembers);
  return sorted(members, compareMembers);
}

function addMembers(
  context: RuleContext,
  members: readonly AuthorizedMember[],
  added: readonly AuthorizedMember[],
): readonly AuthorizedMember[] {
  const lookup = new Map(membersById(members));
  const fresh: AuthorizedMember[] = [];
  for (const each of added) {
    const id = idOfMember(each);
    if (lookup.has(id)) continue;
    lookup.set(id, each);
    fresh.push(each);
  }
  for (const each of added) {
    if (each.member.invitedBy === context.ownerId) verifyLink(context, each, context.owner);
    else verifyChain(context, lookup, each);
  }
  return fresh.length === 0 ? members : [...members, ...fresh];
}

/** How many members are between this one and the owner; a missing inviter counts as one. */
function chainLength({ ownerId }: RuleContext, members: MemberMap, from: AuthorizedMember): number {
  const seen = new Set([idOfMember(from)]);
  let length = 0;
  for (let at: AuthorizedMember | undefined = from; at !== undefined;) {
    const inviter: MemberId = at.member.invitedBy;
    if (inviter === ownerId || seen.has(inviter)) break;
    seen.add(inviter);
    length += 1;
    at = members.get(inviter);
  }
  return length;
}

/** Over the cap those with the longest chains go first, then those with the highest ids. */
function withinCap(
  context: RuleContext,
  members: readonly AuthorizedMember[],
  most: number,
): readonly AuthorizedMember[] {
  const excess = members.length - most;
  if (excess <= 0) return members;
  const byId = membersById(members);
  const ranked = members.map((each) => ({
    id: idOfMember(each),
    length: chainLength(context, byId, each),
  }));
  ranked.sort((a, b) => b.length - a.length || compareIds(b.id, a.id));
  const removed = new Set(ranked.slice(0, excess).map(({ id }) => id));
  return members.filter((each) => !removed.has(idOfMember(each)));
}
