import { unreachable } from '../../shared/result.ts';
import type { MessageItem } from '../state/api.ts';
import { text } from '../state/text.ts';
import { shownClock } from './message-time.ts';
import type { Row } from './rows.ts';

/** The day's first millisecond: the same value all day, so that lines are not rendered again each minute. */
export const today = (now: number): number => new Date(now).setHours(0, 0, 0, 0);

/** What a line is called, before its words are read. */
export function label(row: Row): string {
  if (row.type === 'event') return text.message.joined(row.names);
  const { item } = row;
  const known = labels.get(item);
  if (known !== undefined) return known;
  const said = text.message.label(item.mine ? text.message.you : item.author, shownClock(item));
  labels.set(item, said);
  return said;
}

/** All lines are named anew with every line that comes, and items are never changed in place. */
const labels = new WeakMap<MessageItem, string>();

/** What is said of a message that has come. */
export function announcement(item: MessageItem): string {
  switch (item.kind) {
    case 'event':
      return text.message.joined([item.author]);
    case 'unsupported':
      return text.message.unsupported;
    case 'unreadable':
      return text.message.unreadable;
    case 'text':
    case 'reply':
      return item.text.slice(0, 500);
    default:
      return unreachable(item.kind);
  }
}
