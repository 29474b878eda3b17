/** How a node can be told to misbehave, for tests of what its clients do then. Without orders it does nothing. */
import type { Clock } from '../../src/shared/clock.ts';

export class Faults {
  readonly #clock: Pick<Clock, 'sleep'>;
  /** So many of the next answers are not sent; their requests have been carried out. */
  dropAnswers = 0;
  /** So many of the next delegate requests are answered empty, without being carried out. */
  failDelegates = 0;
  /** Every answer waits so long. */
  delayMs = 0;

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  /** @returns whether a delegate request must fail */
  takeDelegateFailure(): boolean {
    if (this.failDelegates === 0) return false;
    this.failDelegates -= 1;
    return true;
  }

  /** Whether answers must be asked for at all. */
  get concernAnswers(): boolean {
    return this.dropAnswers > 0 || this.delayMs > 0;
  }

  /** @returns whether an answer, after its delay, is to be sent */
  async letAnswerPass(): Promise<boolean> {
    if (this.delayMs > 0) await this.#clock.sleep(this.delayMs);
    if (this.dropAnswers === 0) return true;
    this.dropAnswers -= 1;
    return false;
  }
}
