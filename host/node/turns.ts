/** Work on one thing, one after the other; work on different things goes on at the same time. */
export class Turns {
  /** By name of the thing: settles when the last one's work is done. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when everything that came before it for the same name has ended, however that ended. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(name) ?? Promise.resolve()).then(work);
    const ended = mine.catch(() => undefined);
    this.#last.set(name, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }

  /** The same for several things at once. They are always taken in the same order: nobody waits in a circle. */
  takeAll<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const [first, ...others] = [...new Set(names)].sort();
    return first === undefined ? work() : this.take(first, () => this.takeAll(others, work));
  }
}
