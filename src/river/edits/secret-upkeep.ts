import { ok, type Result } from '../../shared/result.ts';
import type { RoomDelta } from '../room-state/room-state.ts';
import { isEnforcing } from '../rules/ban-authority.ts';
import { membersById, ruleContext } from '../rules/context.ts';
import { idOfMember } from '../rules/members.ts';
import { secretName } from '../rules/secrets.ts';
import { compareTimes, type SystemTime } from '../system-time.ts';
import { isPrivateRoom, type EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';
import { composeMissingSecrets, composeRotation } from './secrets.ts';

/**
 * What a private room needs from its owner from time to time: another secret after somebody else's ban, since who was banned knows
 * the one of now, and copies for those who came while the owner was away. null when it needs nothing.
 */
export function composeSecretUpkeep(
  room: EditRoom,
  now: SystemTime,
): Result<RoomDelta | null, EditRefused> {
  if (!room.author.isOwner || !isPrivateRoom(room)) return ok(null);
  if (isRotationDue(room, now)) return composeRotation(room, now);
  return isAnybodyWithout(room) ? composeMissingSecrets(room) : ok(null);
}

/** A look at names only: opening the owner's own copies takes a millisecond each, and most of the time nobody lacks any. */
function isAnybodyWithout({ state, author }: EditRoom): boolean {
  const copies = state.secrets.encryptedSecrets.map(({ secret }) => secret);
  const present = new Set(copies.map((copy) => secretName(copy.secretVersion, copy.memberId)));
  const versions = copies
    .filter(({ memberId }) => memberId === author.id)
    .map(({ secretVersion }) => secretVersion);
  return state.members.some((each) =>
    versions.some((version) => !present.has(secretName(version, idOfMember(each)))),
  );
}

/** A ban that works is newer than the secret. One from a clock that is ahead waits for its time, so that it is answered once. */
function isRotationDue({ state, params, memo }: EditRoom, now: SystemTime): boolean {
  const { currentVersion, versions } = state.secrets;
  const current = versions.find(({ record }) => record.version === currentVersion);
  if (current === undefined) return false;
  const since = current.record.createdAt;
  const context = ruleContext(params, memo);
  const members = membersById(state.members);
  return state.bans.some(
    (each) =>
      compareTimes(each.ban.bannedAt, since) > 0 &&
      compareTimes(each.ban.bannedAt, now) <= 0 &&
      isEnforcing(context, members, state.memberInfo, each),
  );
}
