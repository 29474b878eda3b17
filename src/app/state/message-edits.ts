import type { ComposeEdit } from '../../persist/edit-queue.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import { editRoom, type EditRoom } from '../../river/edits/author.ts';
import {
  composeDelete,
  composeEdit,
  composeReaction,
  composeReply,
  composeText,
  type ComposedMessage,
  type MessageMoment,
} from '../../river/edits/messages.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import type { MessageId } from '../../river/ids.ts';
import { applyActions } from '../../river/message-content.ts';
import type { RoomDelta } from '../../river/room-state/room-state.ts';
import { millisFromTime, timeFromMillis } from '../../river/system-time.ts';
import { ok, type Result } from '../../shared/result.ts';
import { withMentions } from './typed-mentions.ts';
import type { ComposeDeps } from './room-edits.ts';

type Compose = (
  room: EditRoom,
  moment: MessageMoment,
  loaded: LoadedRoom,
) => Result<ComposedMessage, EditRefused>;

/** An edit that is one signed message, composed from the room as it is when it is written. */
const oneMessage =
  (deps: ComposeDeps, compose: Compose): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, deps.memo);
    if (!room.ok) return room;
    const composed = compose(room.value, momentFor(room.value, deps, 0), loaded);
    return composed.ok ? ok(composed.value.delta) : composed;
  };

/** Most texts mention nobody: for them the room's people are not looked up. */
const mentioning = (typed: string, loaded: LoadedRoom): string =>
  typed.includes('@') ? withMentions(typed, viewOf(loaded).members) : typed;

/** What a person has typed, with names of members as mentions. */
export const textEdit = (deps: ComposeDeps, typed: string): ComposeEdit<EditRefused> =>
  oneMessage(deps, (room, moment, loaded) => composeText(room, mentioning(typed, loaded), moment));

export const replyEdit = (
  deps: ComposeDeps,
  target: MessageId,
  typed: string,
): ComposeEdit<EditRefused> =>
  oneMessage(deps, (room, moment, loaded) =>
    composeReply(room, target, mentioning(typed, loaded), moment),
  );

/** Replaces the text of an own message; mentions of people who have left stay what they were. */
export const changeEdit = (
  deps: ComposeDeps,
  target: MessageId,
  typed: string,
): ComposeEdit<EditRefused> =>
  oneMessage(deps, (room, moment, loaded) => {
    const view = viewOf(loaded);
    const before = view.messages().find((message) => message.id === target)?.text ?? '';
    return composeEdit(room, target, withMentions(typed, view.members, before), moment);
  });

export const deleteEdit = (deps: ComposeDeps, target: MessageId): ComposeEdit<EditRefused> =>
  oneMessage(deps, (room, moment) => composeDelete(room, target, moment));

/**
 * Chooses a reaction, or takes it back when it was chosen already. A person has one reaction per message, as in River: another
 * emoji takes the place of the first, both in one delta.
 */
export const reactionEdit =
  (deps: ComposeDeps, target: MessageId, emoji: string): ComposeEdit<EditRefused> =>
  (loaded) => {
    const room = editRoom(loaded.state, loaded.own, deps.memo);
    if (!room.ok) return room;
    const { author, state } = room.value;
    const reactions = applyActions(state.recentMessages, author.secrets).reactions.get(target);
    const mine = [...(reactions ?? [])].filter(([, by]) => by.includes(author.id));
    const steps: (readonly ['react' | 'unreact', string])[] = mine.map(([each]) => [
      'unreact',
      each,
    ]);
    if (!mine.some(([each]) => each === emoji)) steps.push(['react', emoji]);
    let delta: RoomDelta | undefined;
    for (const [i, [type, each]] of steps.entries()) {
      const moment = momentFor(room.value, deps, i);
      const composed = composeReaction(room.value, type, target, each, moment);
      if (!composed.ok) return composed;
      const messages = delta?.recentMessages ?? [];
      delta = { ...composed.value.delta, recentMessages: [...messages, composed.value.message] };
    }
    return ok(delta as RoomDelta); // there is at least one step
  };

/**
 * Messages are ordered by time: of two that one person writes in the same millisecond the second must come second.
 *
 * @param nth of several in one delta
 */
function momentFor(
  { state, author }: EditRoom,
  { clock, random }: ComposeDeps,
  nth: number,
): MessageMoment {
  const now = clock.now();
  const mine = state.recentMessages.findLast(({ message }) => message.author === author.id);
  const last = mine ? millisFromTime(mine.message.time) : 0;
  const ahead = last - now;
  const at = ahead >= 0 && ahead < 60_000 ? last + 1 : now; // a clock that was set back far is not followed
  return { time: timeFromMillis(at + nth), random };
}
