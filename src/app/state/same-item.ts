import type { MessageItem } from './api.ts';

/**
 * The next messages, where they say what they said before as the same objects: a line is drawn again only when its message has
 * changed.
 */
export function sameItems(
  before: readonly MessageItem[],
  next: readonly MessageItem[],
): readonly MessageItem[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return next.map((item) => {
    const old = known.get(item.id);
    return old && isSame(old, item) ? old : item;
  });
}

/** Plain values, lists and records of them. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  return (
    one.length === Object.keys(other).length &&
    one.every(([key, value]) => key in other && isSame(value, other[key]))
  );
}
