import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import type { MemberId } from '../../river/ids.ts';
import { encodeMention } from '../../river/mentions.ts';
import { idOfMember } from '../../river/rules/members.ts';
import type { MemberView } from '../../river/view/members.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { MemberItem } from './people-api.ts';

/**
 * The members as a tree of invitations, flattened from the owner down, the person first. Deputies come before others who were
 * invited by the same person; members whose inviter is unknown come last.
 */
export function membersOf(loaded: LoadedRoom): readonly MemberItem[] {
  const { state, own } = loaded;
  const known = remembered.get(state.members);
  const basis = [state.memberInfo, state.secrets, own];
  if (known && known.basis.every((each, i) => each === basis[i])) return known.items;
  const items = listMembers(loaded);
  remembered.set(state.members, { basis, items });
  return items;
}

/** Every message shows its room anew, and few change its people; the lists of a state are never changed in place. */
const remembered = new WeakMap<
  LoadedRoom['state']['members'],
  { readonly basis: readonly object[]; readonly items: readonly MemberItem[] }
>();

function listMembers(loaded: LoadedRoom): readonly MemberItem[] {
  const view = viewOf(loaded);
  const { ownerId, selfId } = view;
  const byId = new Map(view.members.map((member) => [member.id, member]));
  const inviters = invitersOf(loaded);
  const below = new Map<MemberId, MemberView[]>();
  for (const member of view.members) {
    const inviter = inviters.get(member.id);
    if (inviter === undefined) continue;
    below.set(inviter, [...(below.get(inviter) ?? []), member]);
  }
  const above = chainAbove(selfId, inviters);
  const network = selfId === undefined ? new Set<MemberId>() : subtree(selfId, below);
  const items: MemberItem[] = [];
  const done = new Set<MemberId>();
  const item = (member: MemberView, depth: number): MemberItem => {
    const inviter = inviters.get(member.id);
    const relation = relationOf(member.id, { selfId, inviter, above, network });
    return {
      id: String(member.id),
      label: member.label,
      name: shownName(member.nickname),
      mention: encodeMention(member.nickname, member.id),
      isOwner: member.isOwner,
      isSelf: member.isSelf,
      isDeputy: member.isDeputy,
      ...(inviter !== undefined && {
        invitedBy: {
          id: String(inviter),
          name: shownName(byId.get(inviter)?.nickname ?? view.nameOf(inviter)),
        },
      }),
      depth,
      ...(relation && { relation }),
    };
  };
  // a stack instead of recursion: a chain of invitations can be as long as a room is large
  const stack: { member: MemberView; depth: number }[] = [];
  const walk = (start: MemberView): void => {
    stack.push({ member: start, depth: start.isOwner ? 0 : 1 });
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { member, depth } = next;
      if (done.has(member.id)) continue;
      done.add(member.id);
      items.push(item(member, depth));
      const children = (below.get(member.id) ?? []).toSorted(byDeputy);
      for (const child of children.toReversed()) stack.push({ member: child, depth: depth + 1 });
    }
  };
  const owner = byId.get(ownerId);
  if (owner) walk(owner);
  for (const member of view.members) if (!done.has(member.id)) walk(member);
  return [...items.filter((each) => each.isSelf), ...items.filter((each) => !each.isSelf)];
}

/** A member and everybody below, in the order of the tree. */
export function withInvited({ state }: LoadedRoom, id: MemberId): readonly MemberId[] {
  const below = new Map<MemberId, MemberId[]>();
  for (const each of state.members) {
    const { invitedBy } = each.member;
    below.set(invitedBy, [...(below.get(invitedBy) ?? []), idOfMember(each)]);
  }
  const found = new Set([id]);
  for (const at of found) for (const each of below.get(at) ?? []) found.add(each);
  return [...found];
}

const invitersOf = ({ state }: LoadedRoom): ReadonlyMap<MemberId, MemberId> =>
  new Map(state.members.map((each) => [idOfMember(each), each.member.invitedBy]));

function chainAbove(
  id: MemberId | undefined,
  inviters: ReadonlyMap<MemberId, MemberId>,
): ReadonlySet<MemberId> {
  const above = new Set<MemberId>();
  for (let at = id && inviters.get(id); at !== undefined && !above.has(at); at = inviters.get(at)) {
    above.add(at);
  }
  return above;
}

function subtree(
  id: MemberId,
  below: ReadonlyMap<MemberId, readonly MemberView[]>,
): ReadonlySet<MemberId> {
  const found = new Set([id]);
  for (const at of found) for (const child of below.get(at) ?? []) found.add(child.id);
  return found;
}

interface Relations {
  readonly selfId: MemberId | undefined;
  readonly inviter: MemberId | undefined;
  readonly above: ReadonlySet<MemberId>;
  readonly network: ReadonlySet<MemberId>;
}

function relationOf(
  id: MemberId,
  { selfId, inviter, above, network }: Relations,
): MemberItem['relation'] {
  if (selfId === undefined || id === selfId) return undefined;
  if (inviter === selfId) return 'invited-by-you';
  if (network.has(id)) return 'in-your-network';
  if (!above.has(id)) return undefined;
  const [first] = above;
  return id === first ? 'invited-you' : 'above-you';
}

const byDeputy = (a: MemberView, b: MemberView): number => Number(b.isDeputy) - Number(a.isDeputy);
