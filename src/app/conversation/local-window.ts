import type { HistoryWish, MessageItem } from '../state/api.ts';

/** Part of a history, and how many messages are before and after it. */
export interface HistoryView {
  readonly messages: readonly MessageItem[];
  readonly before: number;
  readonly after: number;
  /** False: `before` is an estimate. */
  readonly exact: boolean;
}

/** Messages that a history shows at first, and that it grows by. */
const PAGE = 24;
const CONTEXT = 10;
/** More lines are never in the page. */
export const MOST_LINES = 96;

/** The window over a history that is in memory as a whole. */
export class LocalWindow {
  #all: readonly MessageItem[] = [];
  #from = 0;
  #to = 0;

  get view(): HistoryView {
    return {
      messages: this.#all.slice(this.#from, this.#to),
      before: this.#from,
      after: this.#all.length - this.#to,
      exact: true,
    };
  }

  /** Begins at the first unread message, with some context, or at the end. */
  open(all: readonly MessageItem[], firstUnreadId: string | undefined): void {
    this.#all = all;
    const unread = all.findIndex((item) => item.id === firstUnreadId);
    if (unread < 0) this.show({ type: 'end' });
    else this.#around(unread);
  }

  /** The same history after a change: the window stays at its messages, or at the end. */
  update(all: readonly MessageItem[]): void {
    const atEnd = this.#to === this.#all.length;
    const first = this.#all[this.#from]?.id;
    const count = this.#to - this.#from;
    const from = all.findIndex((item) => item.id === first);
    this.#all = all;
    this.#from = from < 0 ? Math.min(this.#from, all.length) : from;
    this.#to = atEnd ? all.length : Math.min(all.length, this.#from + count);
  }

  show(wish: HistoryWish): void {
    const { length } = this.#all;
    switch (wish.type) {
      case 'start':
        [this.#from, this.#to] = [0, Math.min(PAGE, length)];
        return;
      case 'end':
        [this.#from, this.#to] = [Math.max(0, length - PAGE), length];
        return;
      case 'older':
        this.#from = Math.max(0, this.#from - PAGE);
        this.#to = Math.min(this.#to, this.#from + MOST_LINES);
        return;
      case 'newer':
        this.#to = Math.min(length, this.#to + PAGE);
        this.#from = Math.max(this.#from, this.#to - MOST_LINES);
        return;
      case 'at':
        this.#around(wish.position);
        return;
      case 'message': {
        const index = this.#all.findIndex((item) => item.id === wish.id);
        if (index >= 0) this.#around(index);
      }
    }
  }

  #around(index: number): void {
    this.#from = Math.max(0, Math.min(index - CONTEXT, this.#all.length - PAGE));
    this.#to = Math.min(this.#all.length, Math.max(index, this.#from) + PAGE);
  }
}
