import type { Millis } from '../../shared/brand.ts';
import type { MessageItem } from '../state/api.ts';

/** A plain text message; `more` changes whatever a test is about. */
export function message(
  id: string,
  authorId: string,
  author: string,
  at: Millis,
  text: string,
  more: Partial<MessageItem> = {},
): MessageItem {
  return {
    id,
    kind: 'text',
    authorId,
    author,
    mine: false,
    at,
    text,
    edited: false,
    reactions: [],
    ...more,
  };
}
