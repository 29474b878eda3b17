import { err, type Result } from '../../shared/result.ts';
import type { MemberId } from '../ids.ts';
import { ownerIdOf } from '../room-state/parameters.ts';
import { membersById } from '../rules/context.ts';
import { invitedBelow } from '../rules/invited-below.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import type { EditRandom, EditRoom } from './author.ts';
import { composeMemberInfo, type ComposedMemberInfo } from './member-info.ts';
import type { EditRefused } from './refused.ts';

/** Whom the author has made deputies, here or not. */
export function deputiesOf({ state, author }: EditRoom): readonly MemberId[] {
  const listed = canonicalInfos(state.memberInfo).get(author.id)?.memberInfo;
  const own = author.memberInfo?.memberInfo;
  const newest = own && (!listed || own.version > listed.version) ? own : listed;
  return newest?.deputies ?? [];
}

/** Why the author can't make this member a deputy. A deputy may ban where the author may: below them, or as the owner everywhere. */
export function appointmentRefusal(room: EditRoom, target: MemberId): EditRefused | undefined {
  const { state, params, author } = room;
  const members = membersById(state.members);
  if (target === ownerIdOf(params)) {
    return { type: 'NotAllowed', reason: 'The owner needs no deputyship.' };
  }
  if (target === author.id) {
    return { type: 'NotAllowed', reason: 'You can’t make yourself a deputy.' };
  }
  if (!members.has(target)) return { type: 'NoSuchMember' };
  if (author.isOwner) return undefined;
  if (invitedBelow([author.id], members).has(target)) return undefined;
  return {
    type: 'NotAllowed',
    reason:
      'Only the owner and those who invited somebody, directly or not, can make them a deputy.',
  };
}

/** Makes a member a deputy: signs the author's next member info. One who is a deputy already stays one. */
export function composeAppointment(
  room: EditRoom,
  target: MemberId,
  random: EditRandom,
): Result<ComposedMemberInfo, EditRefused> {
  const refused = appointmentRefusal(room, target);
  if (refused) return err(refused);
  const deputies = deputiesOf(room).filter((each) => each !== target);
  return composeMemberInfo(room, { deputies: [...deputies, target] }, random);
}

/** Takes back what the author gave: always possible, also when the member has gone. */
export function composeRevocation(
  room: EditRoom,
  target: MemberId,
  random: EditRandom,
): Result<ComposedMemberInfo, EditRefused> {
  const deputies = deputiesOf(room);
  if (!deputies.includes(target)) {
    return err({ type: 'NotAllowed', reason: 'You have not made this person a deputy.' });
  }
  return composeMemberInfo(room, { deputies: deputies.filter((id) => id !== target) }, random);
}
