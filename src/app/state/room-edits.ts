import type { ComposeEdit, EditFailure } from '../../persist/edit-queue.ts';
import { isAwaiting } from '../../persist/awaiting-room.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import {
  currentSecret,
  editRoom,
  isPrivateRoom,
  presenceDelta,
  type EditRoom,
} from '../../river/edits/author.ts';
import { composeBan } from '../../river/edits/bans.ts';
import { composeConfiguration, type ConfigurationChange } from '../../river/edits/configuration.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import { composeRotation } from '../../river/edits/secrets.ts';
import type { MemberId } from '../../river/ids.ts';
import { selfKeyOf } from '../../river/room-data.ts';
import { applyDelta } from '../../river/room.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { toBase58 } from '../../shared/bytes.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';
import { text } from './text.ts';

/** What composing an edit needs besides the room. */
export interface ComposeDeps {
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  readonly random: Random;
}

/** The room's next configuration. */
export const configurationEdit =
  ({ memo, random }: ComposeDeps, change: ConfigurationChange): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, memo);
    if (!room.ok) return room;
    const composed = composeConfiguration(room.value, change, random);
    return composed.ok ? ok(composed.value.delta) : composed;
  };

/**
 * A ban. In a private room that is the person's own, the room's secret is exchanged in the same edit: whoever was banned can't
 * read what comes next.
 */
export const banEdit =
  ({ memo, clock }: ComposeDeps, member: MemberId): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, memo);
    if (!room.ok) return room;
    const now = timeFromMillis(clock.now());
    const banned = composeBan(room.value, member, now);
    if (!banned.ok) return banned;
    const { delta } = banned.value;
    if (!room.value.author.isOwner || !isPrivateRoom(room.value)) return ok(delta);
    const state = { ...loaded.state };
    const without = applyDelta(state, loaded.params, delta, memo);
    if (!without.ok) return err({ type: 'BreaksRule', reason: without.error.reason });
    const rotated = composeRotation({ ...room.value, state }, now);
    return rotated.ok ? ok({ ...delta, secrets: rotated.value.secrets }) : rotated;
  };

/** Why the person can't write in a room, in words; undefined when they can. */
export function whyReadOnly(
  { state, own, status }: LoadedRoom,
  memo: SignatureMemo,
): string | undefined {
  if (status === 'left') return text.people.leftHere;
  if (isAwaiting(state)) return text.people.awaiting;
  const room = presentIn({ state, own }, memo);
  if (!room.ok) return describeEditRefused(room.error);
  if (!isPrivateRoom(room.value)) return undefined;
  const secret = currentSecret(room.value);
  return secret.ok ? undefined : text.people.secretMissing(state.secrets.currentVersion);
}

/**
 * The person's key in a room that does not have them as a member, as River writes it (`river:v1:vk:<base58 of 32 bytes>`), for
 * whoever invites them. Source: river: common/src/crypto_values.rs.
 */
export function keyOfOutsider(
  { state, own, status }: LoadedRoom,
  memo: SignatureMemo,
): string | undefined {
  if (status === 'left' || isAwaiting(state)) return undefined;
  const room = presentIn({ state, own }, memo);
  const key = selfKeyOf(own);
  if (room.ok || room.error.type !== 'NotAMember' || key === null) return undefined;
  return `river:v1:vk:${toBase58(key)}`;
}

/** The room as the person may edit it: they are in it, or can come back. */
function presentIn(
  { state, own }: Pick<LoadedRoom, 'state' | 'own'>,
  memo: SignatureMemo,
): Result<EditRoom, EditRefused> {
  const room = editRoom(state, own, memo);
  if (!room.ok) return room;
  const presence = presenceDelta(room.value);
  return presence.ok ? room : presence;
}

export const NOT_HERE: EditRefused = { type: 'NotAllowed', reason: 'This room is not here.' };

/** An edit's failure as the screens tell it. */
export function editError(error: EditRefused | EditFailure): EditError {
  switch (error.type) {
    case 'TooLong':
    case 'Empty':
    case 'UnknownRoom':
    case 'QuotaExceeded':
    case 'StorageFailed':
      return error;
    case 'RefusedByRoom':
      return { type: 'NotAllowed', reason: `the room’s rules refuse it (${error.reason}).` };
    case 'RowsUndecodable':
      return { type: 'StorageFailed', reason: `${error.path}: ${error.reason}` };
    default:
      return { type: 'NotAllowed', reason: describeEditRefused(error) };
  }
}
