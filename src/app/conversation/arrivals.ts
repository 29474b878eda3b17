import type { MessageItem } from '../state/api.ts';
import type { HistoryView } from './local-window.ts';

/**
 * Messages that came since `known`: unseen ids that are not older than everything known, so that a history which is still
 * loading backwards does not count as news.
 */
export function arrivals(
  known: readonly MessageItem[],
  next: readonly MessageItem[],
): readonly MessageItem[] {
  const oldest = known[0];
  if (!oldest) return [];
  const ids = new Set(known.map((item) => item.id));
  return next.filter((item) => !ids.has(item.id) && item.at >= oldest.at);
}

/** How many have come behind a window that does not reach the end. */
export function newsBehind(before: HistoryView, next: HistoryView): number {
  const last = before.messages.at(-1)?.id;
  const at = next.messages.findIndex((item) => item.id === last);
  if (at < 0) return 0; // another part of the room: what was missed is not known
  return Math.max(0, next.messages.length - 1 - at + next.after - before.after);
}
