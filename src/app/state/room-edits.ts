import type { ComposeEdit, EditFailure } from '../../persist/edit-queue.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { editRoom, presenceDelta } from '../../river/edits/author.ts';
import { composeConfiguration } from '../../river/edits/configuration.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
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

/** The room's next configuration, with another name. */
export const nameEdit =
  ({ memo, random }: ComposeDeps, name: string): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, memo);
    if (!room.ok) return room;
    const composed = composeConfiguration(room.value, { name }, random);
    return composed.ok ? ok(composed.value.delta) : composed;
  };

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
