/**
 * A value that can be watched: the read side of every screen.
 *
 * `current` is undefined until the first value is known (still loading). A listener is called with the current value at
 * once when there is one, then on every change, never re-entrantly.
 */
export interface LiveQuery<T> {
  readonly current: T | undefined;
  subscribe(listener: (value: T) => void): () => void;
}

/** A LiveQuery whose value its owner sets. Equal values (`Object.is`) do not notify. */
export class LiveValue<T> implements LiveQuery<T> {
  #value: T | undefined;
  #known = false;
  readonly #listeners = new Set<(value: T) => void>();

  get current(): T | undefined {
    return this.#value;
  }

  set(value: T): void {
    if (this.#known && Object.is(this.#value, value)) return;
    this.#known = true;
    this.#value = value;
    for (const listener of new Set(this.#listeners)) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    if (this.#known) listener(this.#value as T);
    return () => this.#listeners.delete(listener);
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }
}
