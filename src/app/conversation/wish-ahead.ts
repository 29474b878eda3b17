import type { HistoryWish } from '../state/api.ts';
import type { HistoryView } from './local-window.ts';

/** Lines are asked for before the reader gets to them, px. */
const AHEAD = 800;

/**
 * What the reader is about to see and is not drawn.
 *
 * @param feed whose children are the lines of `view`
 * @param lineHeight that the space for other lines is made of, px
 */
export function wishAhead(
  scroller: HTMLElement,
  feed: HTMLElement,
  { messages, before, after }: HistoryView,
  lineHeight: number,
): HistoryWish | undefined {
  const [first, last] = [feed.firstElementChild, feed.lastElementChild];
  if (!first || !last) return undefined;
  const { top, bottom } = scroller.getBoundingClientRect();
  const start = first.getBoundingClientRect().top - top;
  const end = bottom - last.getBoundingClientRect().bottom;
  const seen = bottom - top;
  // the scrollbar was dragged to where nothing is drawn
  if (before > 0 && start > seen) {
    return { type: 'at', position: Math.floor(scroller.scrollTop / lineHeight) };
  }
  if (after > 0 && end > seen) {
    const beyond = Math.floor((end - seen / 2) / lineHeight);
    return { type: 'at', position: before + messages.length + Math.min(beyond, after - 1) };
  }
  if (before > 0 && start > -AHEAD) return { type: 'older' };
  if (after > 0 && end > -AHEAD) return { type: 'newer' };
  return undefined;
}
