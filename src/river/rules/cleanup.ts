import type { MemberId } from '../ids.ts';
import type { DirectMessages } from '../room-state/direct-messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { bannedIds, isSignedByBanner } from './ban-authority.ts';
import { capBans } from './bans.ts';
import { keep, membersById, sorted, type MemberMap, type RuleContext } from './context.ts';
import { collapsed } from './member-info.ts';
import { compareMembers, idOfMember } from './members.ts';

/**
 * What follows every delta: bans are capped and enforced, members without a reason to stay go, and so does whatever belongs to
 * people who are gone. It can't fail. Secrets stay as they are.
 *
 * Doing it twice can do more than doing it once: someone kept only by a direct message whose other party was banned just now
 * goes with the next delta. Source: river: common/src/room_state.rs (`post_apply_cleanup`).
 */
export function cleanUp(context: RuleContext, room: RoomState): void {
  const { ownerId } = context;
  room.bans = capBans(context, room);

  if (room.bans.length > 0) {
    const members = membersById(room.members);
    const enforced = bannedIds(context, members, room.memberInfo, room.bans);
    room.members = keep(room.members, (each) => !enforced.has(idOfMember(each)));
  }
  const required = requiredMembers(context, room);
  room.members = sorted(
    keep(room.members, (each) => required.has(idOfMember(each))),
    compareMembers,
  );
  room.memberInfo = collapsed(
    keep(room.memberInfo, ({ memberInfo: { memberId: id } }) => id === ownerId || required.has(id)),
  );

  const members = membersById(room.members);
  const isHere = (id: MemberId): boolean => id === ownerId || members.has(id);
  room.recentMessages = keep(room.recentMessages, ({ message }) => isHere(message.author));
  room.bans = keep(room.bans, (ban) => isSignedByBanner(context, members, ban));
  room.directMessages = swept(room.directMessages, isHere);
}

/** Members with a reason to stay, and everyone between them and the owner. */
function requiredMembers(context: RuleContext, room: RoomState): Set<MemberId> {
  const members = membersById(room.members);
  const required = new Set<MemberId>();
  const require = (id: MemberId): void => {
    if (id !== context.ownerId && members.has(id)) required.add(id);
  };
  for (const { message } of room.recentMessages) require(message.author);
  for (const id of participantsOf(room.directMessages)) require(id);
  const { currentVersion, encryptedSecrets } = room.secrets;
  for (const { secret } of encryptedSecrets) {
    if (secret.secretVersion === currentVersion) require(secret.memberId);
  }
  for (const ban of room.bans) {
    if (isSignedByBanner(context, members, ban)) require(ban.bannedBy);
  }
  addAncestors(context, required, members);
  return required;
}

function addAncestors({ ownerId }: RuleContext, required: Set<MemberId>, members: MemberMap): void {
  // a Set's iteration reaches what is added on the way
  for (const id of required) {
    const inviter = members.get(id)?.member.invitedBy;
    if (inviter !== undefined && inviter !== ownerId) required.add(inviter);
  }
}

const participants = new WeakMap<DirectMessages, ReadonlySet<MemberId>>();

/** Everyone whom a direct message or a purge list names. Remembered per value. */
function participantsOf(value: DirectMessages): ReadonlySet<MemberId> {
  let ids = participants.get(value);
  if (ids === undefined) {
    const found = new Set<MemberId>();
    for (const { message } of value.messages) found.add(message.sender).add(message.recipient);
    for (const { recipientId } of value.purges) found.add(recipientId);
    ids = found;
    participants.set(value, ids);
  }
  return ids;
}

function swept(value: DirectMessages, isAlive: (id: MemberId) => boolean): DirectMessages {
  if ([...participantsOf(value)].every(isAlive)) return value;
  return {
    messages: value.messages.filter(
      ({ message }) => isAlive(message.sender) && isAlive(message.recipient),
    ),
    purges: value.purges.filter(({ recipientId }) => isAlive(recipientId)),
  };
}
