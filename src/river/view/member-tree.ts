import type { MemberId } from '../ids.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { isBanAuthorized } from '../rules/ban-authority.ts';
import { membersById } from '../rules/context.ts';
import { invitedBelow } from '../rules/invited-below.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import type { MemberView } from './members.ts';

/** A member's place among the others, as the viewer sees it. */
export interface MemberPlace {
  readonly member: MemberView;
  /** How far below the owner, who is at 0. */
  readonly depth: number;
  /** Undefined for the owner. */
  readonly inviter: MemberId | undefined;
  readonly relation?: MemberRelation;
  /** Everybody who made them a deputy; those who matter to the viewer first, the highest of them first. */
  readonly appointers: readonly MemberId[];
  /** A deputy of the owner, of somebody above the viewer, or of the viewer. */
  readonly isDeputy: boolean;
  /** Whom of the members they have made deputies. */
  readonly deputies: readonly MemberId[];
  readonly canBanViewer: boolean;
}

/** `invited-by-you` directly, `in-your-network` by somebody below; `invited-you` directly, `above-you` further up. */
export type MemberRelation = 'invited-by-you' | 'in-your-network' | 'invited-you' | 'above-you';

export interface MemberTreeSource {
  readonly state: RoomState;
  readonly ownerId: MemberId;
  /** The viewer. */
  readonly selfId: MemberId | undefined;
  readonly members: readonly MemberView[];
}

/**
 * The members as a tree of invitations, flattened from the owner down, the viewer first. A deputy hangs under who appointed them,
 * if that is the owner, the viewer, or somebody above the viewer (the highest of several), and before the others there. Those
 * whose inviter is unknown come last. Source of the order: river: ui/src/components/members.rs.
 */
export function memberTree(source: MemberTreeSource): MemberPlace[] {
  const { ownerId, selfId, members } = source;
  const byId = new Map(members.map((member) => [member.id, member]));
  const relatives = new Relatives(source);
  const deputies = new Deputies(source, byId, relatives);
  const parents = parentsOf(members, relatives, deputies);
  const below = new Map<MemberId, MemberView[]>();
  for (const member of members) {
    const parent = parents.get(member.id);
    if (parent === undefined) continue;
    const children = below.get(parent);
    if (children) children.push(member);
    else below.set(parent, [member]);
  }
  const place = (member: MemberView, depth: number): MemberPlace => {
    const relation = relatives.relationOf(member.id);
    return {
      member,
      depth,
      inviter: relatives.inviters.get(member.id),
      ...(relation && { relation }),
      ...deputies.of(member),
    };
  };
  const places: MemberPlace[] = [];
  const done = new Set<MemberId>();
  // a stack instead of recursion: a chain of invitations can be as long as a room is large
  const walk = (start: MemberView): void => {
    const stack = [{ member: start, depth: start.id === ownerId ? 0 : 1 }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { member, depth } = next;
      if (done.has(member.id)) continue;
      done.add(member.id);
      places.push(place(member, depth));
      const children = below.get(member.id) ?? [];
      const ordered = [
        ...children.filter(({ id }) => deputies.isDeputy(id)),
        ...children.filter(({ id }) => !deputies.isDeputy(id)),
      ];
      for (const child of ordered.reverse()) stack.push({ member: child, depth: depth + 1 });
    }
  };
  const owner = byId.get(ownerId);
  if (owner) walk(owner);
  for (const member of members) {
    // whoever hangs under somebody that is missing begins a branch of their own
    const parent = parents.get(member.id);
    if (!done.has(member.id) && (parent === undefined || !byId.has(parent))) walk(member);
  }
  for (const member of members) if (!done.has(member.id)) walk(member);
  const isSelf = ({ member }: MemberPlace): boolean => member.id === selfId;
  return [...places.filter(isSelf), ...places.filter((each) => !isSelf(each))];
}

/** Who is above and below the viewer. */
class Relatives {
  readonly inviters: ReadonlyMap<MemberId, MemberId>;
  /** From the inviter up to the owner. */
  readonly above: ReadonlySet<MemberId>;
  readonly #selfId: MemberId | undefined;
  readonly #network: ReadonlySet<MemberId>;

  constructor({ state, selfId }: MemberTreeSource) {
    const records = membersById(state.members);
    this.inviters = new Map([...records].map(([id, { member }]) => [id, member.invitedBy]));
    this.#selfId = selfId;
    const above = new Set<MemberId>();
    let at = selfId === undefined ? undefined : this.inviters.get(selfId);
    for (; at !== undefined && at !== selfId && !above.has(at); at = this.inviters.get(at)) {
      above.add(at);
    }
    this.above = above;
    this.#network = selfId === undefined ? new Set() : invitedBelow([selfId], records);
  }

  relationOf(id: MemberId): MemberRelation | undefined {
    if (this.#selfId === undefined || id === this.#selfId) return undefined;
    if (this.inviters.get(id) === this.#selfId) return 'invited-by-you';
    if (this.#network.has(id)) return 'in-your-network';
    if (!this.above.has(id)) return undefined;
    const [inviter] = this.above;
    return id === inviter ? 'invited-you' : 'above-you';
  }
}

/** Who has appointed whom. */
class Deputies {
  readonly #source: MemberTreeSource;
  readonly #byId: ReadonlyMap<MemberId, MemberView>;
  readonly #appointers = new Map<MemberId, MemberId[]>();
  /** Those who matter to the viewer, the highest first. */
  readonly #weighty: readonly MemberId[];

  constructor(
    source: MemberTreeSource,
    byId: ReadonlyMap<MemberId, MemberView>,
    { above }: Relatives,
  ) {
    const { state, ownerId, selfId } = source;
    this.#source = source;
    this.#byId = byId;
    const weighty = new Set([ownerId, ...[...above].reverse()]);
    if (selfId !== undefined) weighty.add(selfId);
    this.#weighty = [...weighty];
    for (const [id, { memberInfo }] of canonicalInfos(state.memberInfo)) {
      if (!byId.has(id)) continue;
      for (const deputy of memberInfo.deputies) {
        const known = this.#appointers.get(deputy);
        if (known) known.push(id);
        else this.#appointers.set(deputy, [id]);
      }
    }
  }

  /** Of those who appointed a member and matter to the viewer, the highest. */
  highestAppointer(id: MemberId): MemberId | undefined {
    const appointers = this.#appointers.get(id);
    if (appointers === undefined) return undefined;
    return this.#weighty.find((each) => each !== id && appointers.includes(each));
  }

  isDeputy(id: MemberId): boolean {
    return this.highestAppointer(id) !== undefined;
  }

  of({ id }: MemberView): Omit<MemberPlace, 'member' | 'depth' | 'inviter' | 'relation'> {
    const { state, ownerId, selfId } = this.#source;
    const appointers = this.#appointers.get(id) ?? [];
    const weighty = this.#weighty.filter((each) => appointers.includes(each));
    const listed = canonicalInfos(state.memberInfo).get(id)?.memberInfo.deputies ?? [];
    const members = membersById(state.members);
    return {
      appointers: [...new Set([...weighty, ...appointers])].filter((each) => each !== id),
      isDeputy: id !== ownerId && this.isDeputy(id),
      deputies: [...new Set(listed)].filter((each) => each !== id && this.#byId.has(each)),
      canBanViewer:
        selfId !== undefined &&
        id !== selfId &&
        isBanAuthorized({ ownerId }, members, state.memberInfo, id, selfId),
    };
  }
}

/** Inviters, except for deputies; no deputy is hung below themselves. */
function parentsOf(
  members: readonly MemberView[],
  { inviters }: Relatives,
  deputies: Deputies,
): ReadonlyMap<MemberId, MemberId> {
  const parents = new Map(inviters);
  for (const { id } of members) {
    const appointer = deputies.highestAppointer(id);
    if (appointer !== undefined && !isBelow(appointer, id, parents)) parents.set(id, appointer);
  }
  return parents;
}

function isBelow(
  id: MemberId,
  ancestor: MemberId,
  parents: ReadonlyMap<MemberId, MemberId>,
): boolean {
  const seen = new Set<MemberId>();
  for (let at: MemberId | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}
