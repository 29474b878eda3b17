import type { HistoryWish } from '../state/api.ts';
import type { HistoryView } from './local-window.ts';

/** The history as a keyboard moves through it. */
interface Feed {
  lines(): readonly HTMLElement[];
  /** The message that has the focus, or had it last. */
  reachedId(): string | undefined;
  view(): HistoryView;
  ask(wish: HistoryWish, arrive: () => boolean): Promise<void>;
  leave(towards: 'before' | 'after'): void;
}

/** Keys of the ARIA feed pattern, and Home and End for the first and the last message of the room. */
export class FeedKeys {
  readonly #feed: Feed;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  readonly onKey = (event: KeyboardEvent): void => {
    const { key } = event;
    const isEdge = key === 'Home' || key === 'End';
    if (event.ctrlKey && isEdge) {
      event.preventDefault();
      this.#feed.leave(key === 'Home' ? 'before' : 'after');
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (isEdge) this.#toEdge(key === 'Home' ? 'start' : 'end');
    else if (key === 'PageUp' || key === 'PageDown') this.#step(key === 'PageUp' ? -1 : 1);
    else return;
    event.preventDefault();
  };

  #toEdge(edge: 'start' | 'end'): void {
    const arrive = (): boolean => {
      const { before, after } = this.#feed.view();
      if ((edge === 'start' ? before : after) > 0) return false;
      this.#feed
        .lines()
        .at(edge === 'start' ? 0 : -1)
        ?.focus();
      return true;
    };
    if (!arrive()) void this.#feed.ask({ type: edge }, arrive);
  }

  #step(by: 1 | -1): void {
    const arrive = (): boolean => {
      const lines = this.#feed.lines();
      const at = lines.findIndex((line) => line.dataset['id'] === this.#feed.reachedId());
      const next = at < 0 ? undefined : lines[at + by];
      next?.focus();
      return next !== undefined;
    };
    if (arrive()) return;
    const { before, after } = this.#feed.view();
    if ((by < 0 ? before : after) > 0) {
      void this.#feed.ask({ type: by < 0 ? 'older' : 'newer' }, arrive);
    }
  }
}
