import type { LiveQuery } from '../../shared/live-query.ts';

/** Reads again as often as something has changed, one read at a time: who asks during a read shares the next one. */
export class Rereader {
  readonly #read: () => Promise<void>;
  #reading: Promise<void> | undefined;
  #stale = false;
  #stopped = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Resolves when a read has ended that began after this call. Rejects with what a read threw. */
  async refresh(): Promise<void> {
    this.#stale = true;
    this.#reading ??= this.#readWhileStale().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  /** No read begins any more. */
  stop(): void {
    this.#stopped = true;
  }

  async #readWhileStale(): Promise<void> {
    while (this.#stale && !this.#stopped) {
      this.#stale = false;
      await this.#read();
    }
  }
}

/** Keeps something on screen current: it is read at once, whenever `changes` tells of one, and when the page is seen again. */
export function readOnScreen(changes: LiveQuery<unknown>, read: () => Promise<void>): OnScreen {
  const reader = new Rereader(read);
  const refresh = (): void => void reader.refresh();
  const unsubscribe = changes.subscribe(refresh);
  document.addEventListener('visibilitychange', refresh);
  refresh();
  return {
    refresh: () => reader.refresh(),
    close() {
      reader.stop();
      unsubscribe();
      document.removeEventListener('visibilitychange', refresh);
    },
  };
}

export interface OnScreen {
  refresh(): Promise<void>;
  close(): void;
}
