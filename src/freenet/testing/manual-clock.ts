import type { Millis } from '../../shared/brand.ts';
import type { Clock } from '../../shared/clock.ts';

interface Sleeper {
  readonly until: Millis;
  readonly wake: () => void;
}

/** Lets everything run that waits only for promises. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A clock that stands until it is told to go on. */
export class ManualClock implements Clock {
  #now: Millis = 1_000_000;
  #sleepers: Sleeper[] = [];

  /** How many timers run. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): Millis {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  async advance(ms: number): Promise<void> {
    await settled();
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
    await settled();
  }
}
