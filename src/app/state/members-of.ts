import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { memberLabel, type MemberId } from '../../river/ids.ts';
import { encodeMention } from '../../river/mentions.ts';
import { shownName } from '../../river/names/display-name.ts';
import { LookAlikes } from '../../river/names/look-alike.ts';
import { membersById } from '../../river/rules/context.ts';
import { invitedBelow } from '../../river/rules/invited-below.ts';
import { memberTree, type MemberPlace } from '../../river/view/member-tree.ts';
import type { MemberView } from '../../river/view/members.ts';
import type { MemberName } from './members-api.ts';
import type { MemberItem } from './people-api.ts';

/**
 * The members in the order of the tree, the person first, also while the room does not list them.
 *
 * @param muted ids of those of whom nothing is shown here
 */
export function membersOf(loaded: LoadedRoom, muted: ReadonlySet<string>): readonly MemberItem[] {
  const { state, own } = loaded;
  const known = remembered.get(state.members);
  const basis = [state.memberInfo, state.secrets, state.bans, own, [...muted].sort().join()];
  if (known && basis.every((each, i) => each === known.basis[i])) return known.items;
  const items = listMembers(loaded, muted);
  remembered.set(state.members, { basis, items });
  return items;
}

/** Every message shows its room anew, and few change its people; the lists of a state are never changed in place. */
const remembered = new WeakMap<
  LoadedRoom['state']['members'],
  { readonly basis: readonly unknown[]; readonly items: readonly MemberItem[] }
>();

function listMembers(loaded: LoadedRoom, muted: ReadonlySet<string>): readonly MemberItem[] {
  const view = viewOf(loaded);
  const { ownerId, selfId } = view;
  const places = memberTree({ state: loaded.state, ownerId, selfId, members: view.members });
  const named = (id: MemberId): MemberName => ({
    id: String(id),
    name: shownName(view.nameOf(id)),
  });
  const lookAlikes = new LookAlikes(
    [...places]
      .filter(({ member, isDeputy }) => member.hasName && (member.isOwner || isDeputy))
      .sort((a, b) => a.depth - b.depth)
      .map(({ member }) => ({
        id: member.id,
        name: shownName(member.nickname),
        role: member.isOwner ? 'owner' : 'deputy',
      })),
  );
  const self = places[0]?.member.isSelf ? places[0] : undefined;
  const items = places.map((place): MemberItem => {
    const { member, inviter, relation } = place;
    const appointment = appointmentOf(place, self);
    const name = shownName(member.nickname);
    const resembled = member.hasName ? lookAlikes.of(member.id, name) : undefined;
    return {
      ...basicItem(member, name),
      isDeputy: place.isDeputy,
      appointedBy: place.appointers.map(named),
      deputies: place.deputies.map(named),
      canBanYou: place.canBanViewer,
      isMuted: muted.has(String(member.id)),
      depth: place.depth,
      ...(appointment && { appointment }),
      ...(inviter !== undefined && { invitedBy: named(inviter) }),
      ...(relation && { relation }),
      ...(resembled && { resembles: { name: resembled.name, role: resembled.role } }),
    };
  });
  const unlisted = self ? undefined : unlistedSelf(loaded, selfId);
  return unlisted ? [unlisted, ...items] : items;
}

const basicItem = (member: MemberView, name: string) => ({
  id: String(member.id),
  label: member.label,
  name,
  mention: encodeMention(member.nickname, member.id),
  isOwner: member.isOwner,
  isSelf: member.isSelf,
});

/** Deputies may ban where the person may: so the owner may appoint anybody, the others whom their invitations brought. */
function appointmentOf(
  { member, relation }: MemberPlace,
  self: MemberPlace | undefined,
): MemberItem['appointment'] {
  if (!self || member.isSelf || member.isOwner) return undefined;
  if (self.deputies.includes(member.id)) return 'made';
  const below = relation === 'invited-by-you' || relation === 'in-your-network';
  return self.member.isOwner || below ? 'possible' : undefined;
}

/** The person who is not in the list, having been quiet for long, and comes back with the next thing they write. */
function unlistedSelf(
  { state, own }: LoadedRoom,
  selfId: MemberId | undefined,
): MemberItem | undefined {
  if (selfId === undefined || own.selfAuthorizedMember === null) return undefined;
  if (state.bans.some(({ ban }) => ban.bannedUser === selfId)) return undefined;
  const nickname = own.selfNickname ?? '';
  return {
    id: String(selfId),
    label: memberLabel(selfId),
    name: shownName(nickname),
    mention: encodeMention(nickname, selfId),
    isOwner: false,
    isSelf: true,
    isDeputy: false,
    appointedBy: [],
    deputies: [],
    canBanYou: false,
    isMuted: false,
    isUnlisted: true,
    depth: own.inviteChain.length + 1,
  };
}

/** A member and everybody below, in the order of the tree. */
export const withInvited = ({ state }: LoadedRoom, id: MemberId): readonly MemberId[] => [
  ...invitedBelow([id], membersById(state.members)),
];
