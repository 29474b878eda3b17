import { editRoom } from '../river/edits/author.ts';
import { composeMemberInfo } from '../river/edits/member-info.ts';
import { composeJoin } from '../river/edits/messages.ts';
import type { EditRefused } from '../river/edits/refused.ts';
import { memberId } from '../river/ids.ts';
import { verifyingKeyOf } from '../river/keys.ts';
import type { OwnRoomData } from '../river/room-data.ts';
import type { AuthorizedMember } from '../river/room-state/members.ts';
import type { RoomDelta, RoomState } from '../river/room-state/room-state.ts';
import { membersById } from '../river/rules/context.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import { timeFromMillis } from '../river/system-time.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { ok, type Result } from '../shared/result.ts';

export interface JoinDeps {
  readonly memo: SignatureMemo;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes'>;
}

export interface Join {
  readonly own: OwnRoomData;
  /** null: they are a member already, and have a name. */
  readonly delta: RoomDelta | null;
}

/**
 * What makes the holder of a key a member of a room: their record and the ones above it, their name, and the join event, which
 * also keeps them listed. A name that can't be sealed yet (a private room whose secret has not come) is left for later.
 *
 * @param state verified, and not a stand-in
 */
export function composeJoining(
  state: RoomState,
  before: OwnRoomData,
  { memo, clock, random }: JoinDeps,
): Result<Join, EditRefused> {
  const own = { ...before, inviteChain: chainOf(before, state) };
  const room = editRoom(state, own, memo);
  if (!room.ok) return room;
  const { author } = room.value;
  if (author.isOwner || membersById(state.members).has(author.id)) return ok({ own, delta: null });
  const moment = { time: timeFromMillis(clock.now()), random };
  const joined = composeJoin(room.value, moment);
  if (!joined.ok) return joined;
  if (own.selfNickname === null || own.selfMemberInfo !== null) {
    return ok({ own, delta: joined.value.delta });
  }
  const named = composeMemberInfo(room.value, { nickname: own.selfNickname }, random);
  if (!named.ok) return ok({ own, delta: joined.value.delta });
  const { memberInfo } = named.value;
  return ok({
    own: { ...own, selfMemberInfo: memberInfo },
    delta: { ...joined.value.delta, memberInfo: [memberInfo] },
  });
}

/** The records between the owner and the person, as far as the state has them; those known before otherwise. */
function chainOf(
  { ownerVk, selfAuthorizedMember, selfSk, inviteChain }: OwnRoomData,
  state: RoomState,
): readonly AuthorizedMember[] {
  if (selfAuthorizedMember === null || selfSk === null) return inviteChain;
  const members = membersById(state.members);
  const selfId = memberId(verifyingKeyOf(selfSk));
  const ownerId = memberId(ownerVk);
  const chain: AuthorizedMember[] = [];
  let at = selfAuthorizedMember.member.invitedBy;
  while (at !== ownerId) {
    const above = members.get(at);
    if (!above || at === selfId || chain.includes(above)) return inviteChain;
    chain.unshift(above);
    at = above.member.invitedBy;
  }
  return chain;
}
