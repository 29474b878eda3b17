import type { Locks } from '../../src/sync/lane.ts';
import type { Actor, Scheduler } from './scheduler.ts';

interface Request {
  readonly actor: Actor;
  readonly granted: () => void;
}

/** Web Locks of one profile: exclusive, first come first served; a holder's death gives its lock on. */
export class SimLocks {
  readonly #scheduler: Scheduler;
  /** By name; the first one holds the lock. */
  readonly #queues = new Map<string, Request[]>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  of(actor: Actor): Locks {
    return {
      request: async (name, body) => {
        const request = await this.#acquire(name, actor);
        try {
          return await body();
        } finally {
          this.#release(name, request);
        }
      },
    };
  }

  killed(actor: Actor): void {
    for (const [name, queue] of this.#queues) {
      const [holder] = queue;
      this.#queues.set(
        name,
        queue.filter((each) => each.actor !== actor),
      );
      if (holder?.actor === actor) this.#grant(name);
    }
  }

  /** The holder lives and knows nothing of it; whoever waits, or comes, goes on. */
  passOn(name: string): void {
    const queue = this.#queues.get(name);
    if (!queue?.shift()) return;
    this.#grant(name);
  }

  #acquire(name: string, actor: Actor): Promise<Request> {
    return new Promise((resolve) => {
      const request: Request = { actor, granted: () => resolve(request) };
      const queue = this.#queues.get(name) ?? [];
      queue.push(request);
      this.#queues.set(name, queue);
      if (queue.length === 1) this.#grant(name);
    });
  }

  #release(name: string, request: Request): void {
    const queue = this.#queues.get(name) ?? [];
    if (queue[0] !== request) return;
    queue.shift();
    this.#grant(name);
  }

  #grant(name: string): void {
    const holder = this.#queues.get(name)?.[0];
    if (holder) this.#scheduler.later(holder.actor, `lock ${name}`, holder.granted);
  }
}
