import type { HistoryWish } from '../state/api.ts';

/** What a reader wants to see, one wish after the other. */
export class Wishes {
  readonly #fulfil: (wish: HistoryWish) => Promise<void>;
  readonly #busy: (busy: boolean) => void;
  #asked: Promise<void> | undefined;
  #current: HistoryWish | undefined;
  #arrive: (() => boolean) | undefined;

  /** @param fulfil moves the window, and resolves when it is drawn */
  constructor(fulfil: (wish: HistoryWish) => Promise<void>, busy: (busy: boolean) => void) {
    this.#fulfil = fulfil;
    this.#busy = busy;
  }

  /** What is being fulfilled. */
  get current(): HistoryWish | undefined {
    return this.#current;
  }

  /** @param arrive puts the reader where they wanted to be, or says that it is not drawn yet; tried whenever something was drawn */
  async ask(wish: HistoryWish, arrive?: () => boolean): Promise<void> {
    while (this.#asked) await this.#asked;
    this.#current = wish;
    this.#arrive = arrive;
    this.#busy(true);
    this.#asked = this.#fulfil(wish);
    try {
      await this.#asked;
    } finally {
      this.#asked = undefined;
      this.#current = undefined;
      this.#arrive = undefined;
      this.#busy(false);
    }
  }

  /** Lines were drawn. @returns whether the reader has arrived with that */
  arrive(): boolean {
    if (!this.#arrive?.()) return false;
    this.#arrive = undefined;
    return true;
  }
}
