import type { Dice } from '../../src/river/testing/dice.ts';
import type { Millis } from '../../src/shared/brand.ts';
import type { Clock } from '../../src/shared/clock.ts';

/** Whoever can be killed: a page, a worker. What waits in its name never goes on once it is dead. */
export interface Actor {
  readonly name: string;
  alive: boolean;
}

interface Task {
  /** Undefined: the network or the node, which outlive pages and workers. */
  readonly actor: Actor | undefined;
  readonly label: string;
  readonly run: () => void;
}

interface Timer extends Task {
  readonly at: number;
  readonly order: number;
  cancelled: boolean;
}

/** 2026-01-01: later than every time in the rooms. */
const EPOCH = 1_767_225_600_000;

/**
 * Runs one step at a time, chosen by the dice among all that could come next: an I/O completes, a message arrives, a time-out
 * fires. Between two steps every promise that can go on has gone on, so the same dice give the same run.
 */
export class Scheduler {
  readonly #dice: Dice;
  readonly #ready: Task[] = [];
  readonly #timers: Timer[] = [];
  #elapsed = 0;
  #order = 0;
  /** Milliseconds by which everybody's clock is wrong: time-outs run on regardless, as `setTimeout` does. */
  skew = 0;
  /** How often a time-out fires although other things could have come first: everything else is slow. */
  haste = 0;
  steps = 0;
  /** Told of every step, for a replay. */
  trace: ((line: string) => void) | undefined;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  get now(): Millis {
    return EPOCH + this.#elapsed + this.skew;
  }

  /** `run` becomes one of the steps that can be taken next. */
  later(actor: Actor | undefined, label: string, run: () => void): void {
    this.#ready.push({ actor, label, run });
  }

  /** As `later`, `ms` from now. @returns how to take it back */
  after(actor: Actor | undefined, label: string, ms: number, run: () => void): () => void {
    const at = this.#elapsed + Math.max(0, ms);
    const timer = { actor, label, run, at, order: this.#order++, cancelled: false };
    this.#timers.push(timer);
    return () => void (timer.cancelled = true);
  }

  /** A step of its own: resolves when it is taken, never if the actor is dead by then. */
  step(actor: Actor, label: string): Promise<void> {
    return new Promise((resolve) => this.later(actor, label, resolve));
  }

  clockOf(actor: Actor): Clock {
    return {
      now: () => this.now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          signal?.throwIfAborted();
          const cancel = this.after(actor, `${actor.name} slept ${ms}`, ms, resolve);
          signal?.addEventListener('abort', () => {
            cancel();
            reject(signal.reason as Error);
          });
        }),
    };
  }

  /** Takes one step, and lets every promise go on that can. @returns false when nothing is left to happen */
  async advance(): Promise<boolean> {
    let task = this.#next();
    if (!task) {
      await settled(); // what was only just asked for
      task = this.#next();
    }
    if (!task) return false;
    this.steps += 1;
    this.trace?.(`${this.steps} +${this.#elapsed} ${task.actor?.name ?? '-'} ${task.label}`);
    task.run();
    await settled();
    return true;
  }

  #next(): Task | undefined {
    for (;;) {
      const fires = this.#ready.length === 0 || (this.haste > 0 && this.#dice.chance(this.haste));
      const task = (fires ? this.#nextTimer() : undefined) ?? this.#nextReady();
      if (!task) return undefined;
      if (task.actor?.alive !== false) return task;
    }
  }

  #nextReady(): Task | undefined {
    if (this.#ready.length === 0) return undefined;
    const at = this.#dice.below(this.#ready.length);
    const [task] = this.#ready.splice(at, 1);
    return task;
  }

  #nextTimer(): Task | undefined {
    let first: Timer | undefined;
    for (let i = this.#timers.length - 1; i >= 0; i--) {
      const timer = this.#timers[i] as Timer;
      if (timer.cancelled || timer.actor?.alive === false) {
        this.#timers.splice(i, 1);
      } else if (
        !first ||
        timer.at < first.at ||
        (timer.at === first.at && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    if (!first) return undefined;
    this.#timers.splice(this.#timers.indexOf(first), 1);
    this.#elapsed = Math.max(this.#elapsed, first.at);
    return first;
  }
}

/** Everything that only waits for promises has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
