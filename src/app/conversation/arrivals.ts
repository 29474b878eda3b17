import type { MessageItem } from '../state/api.ts';

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
