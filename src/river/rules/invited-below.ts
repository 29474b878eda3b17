import type { MemberId } from '../ids.ts';
import type { MemberMap } from './context.ts';

/** These people, and everybody that they have invited, at any depth. */
export function invitedBelow(ids: Iterable<MemberId>, members: MemberMap): Set<MemberId> {
  const invitedBy = new Map<MemberId, MemberId[]>();
  for (const [id, { member }] of members) {
    const invited = invitedBy.get(member.invitedBy);
    if (invited) invited.push(id);
    else invitedBy.set(member.invitedBy, [id]);
  }
  const found = new Set(ids);
  // a Set's iteration reaches what is added on the way
  for (const id of found) for (const invited of invitedBy.get(id) ?? []) found.add(invited);
  return found;
}
