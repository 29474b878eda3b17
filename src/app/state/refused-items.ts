import type { RefusedMessageRow } from '../../persist/schema.ts';
import type { MemberId } from '../../river/ids.ts';
import { textWithNames } from '../../river/mentions.ts';
import type { Conversation, MessageItem } from './api.ts';
import { refusedText } from './refused-text.ts';
import { text } from './text.ts';

/** A message that the room has dropped, as a line of its history. */
export function refusedItem(
  { id, at, kind, text: words, reason }: RefusedMessageRow,
  names: ReadonlyMap<MemberId, string>,
): MessageItem {
  const why = refusedText.reason(reason);
  return {
    id,
    kind: words === undefined ? 'unreadable' : 'text',
    authorId: 'self',
    author: text.message.you,
    mine: true,
    at,
    text: words === undefined ? '' : textWithNames(words, names),
    ...(words === undefined && { placeholder: refusedText.unreadable }),
    edited: false,
    reactions: [],
    refused: { reason: kind === 'edit' ? `${refusedText.edit}${why}` : why, isHere: false },
  };
}

/** The messages on screen with those that were refused, each where it was written. */
export function withRefused(
  messages: readonly MessageItem[],
  refused: readonly MessageItem[],
  around: Pick<NonNullable<Conversation['around']>, 'before' | 'after'>,
): readonly MessageItem[] {
  if (refused.length === 0) return messages;
  const first = around.before > 0 ? (messages[0]?.at ?? Infinity) : -Infinity;
  const last = around.after > 0 ? (messages.at(-1)?.at ?? -Infinity) : Infinity;
  const shown = refused.filter(({ at }) => at >= first && at <= last);
  const waiting = shown.toSorted((a, b) => a.at - b.at);
  const merged: MessageItem[] = [];
  for (const message of messages) {
    while (waiting[0] && waiting[0].at < message.at) merged.push(...waiting.splice(0, 1));
    merged.push(message);
  }
  return [...merged, ...waiting];
}
