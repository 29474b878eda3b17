import type { Clock } from '../../src/shared/clock.ts';

/** A clock that stands still until it is told to move. */
export class ManualClock implements Pick<Clock, 'now'> {
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
