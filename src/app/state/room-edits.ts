import type { ComposeEdit, EditFailure } from '../../persist/edit-queue.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { editRoom, presenceDelta, type EditRoom } from '../../river/edits/author.ts';
import { composeConfiguration } from '../../river/edits/configuration.ts';
import { composeText } from '../../river/edits/messages.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { millisFromTime, timeFromMillis } from '../../river/system-time.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import { ok } from '../../shared/result.ts';
import type { EditError } from './api.ts';

/** What composing an edit needs besides the room. */
export interface ComposeDeps {
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  readonly random: Random;
}

/** A text message by the person, as the room is when it is written. */
export const messageEdit =
  ({ memo, clock, random }: ComposeDeps, text: string): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, memo);
    if (!room.ok) return room;
    const time = timeFromMillis(momentFor(room.value, clock.now()));
    const composed = composeText(room.value, text, { time, random });
    return composed.ok ? ok(composed.value.delta) : composed;
  };

/** The room's next configuration, with another name. */
export const nameEdit =
  ({ memo, random }: ComposeDeps, name: string): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, memo);
    if (!room.ok) return room;
    const composed = composeConfiguration(room.value, { name }, random);
    return composed.ok ? ok(composed.value.delta) : composed;
  };

/** Messages are ordered by time: of two that one person writes in the same millisecond the second must come second. */
function momentFor({ state, author }: EditRoom, now: number): number {
  const mine = state.recentMessages.findLast(({ message }) => message.author === author.id);
  const last = mine ? millisFromTime(mine.message.time) : 0;
  const ahead = last - now;
  return ahead >= 0 && ahead < 60_000 ? last + 1 : now; // a clock that was set back far is not followed
}

/** Why the person can't write in a room, in words; undefined when they can. */
export function whyReadOnly({ state, own }: LoadedRoom, memo: SignatureMemo): string | undefined {
  const room = editRoom(state, own, memo);
  if (!room.ok) return describeEditRefused(room.error);
  const presence = presenceDelta(room.value);
  return presence.ok ? undefined : describeEditRefused(presence.error);
}

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
