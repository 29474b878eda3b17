/**
 * How fast one person of a hosted node may ask it for work: a bucket of so many operations that fills again at a steady rate.
 *
 * All connections of a person share one. Source: freenet-core: crates/core/src/client_events/user_op_rate_limit.rs (0.2.129).
 */
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import type { UserId } from '../../src/freenet/user-id.ts';
import type { Clock } from '../../src/shared/clock.ts';

export interface OperationRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** As a Freenet node's defaults. */
export const OPERATION_RATE: OperationRate = { perSecond: 10, burst: 100 };

/** Anybody can make up tokens: buckets are looked through for full ones, which say nothing, when there are so many. */
const SWEPT_AT = 1_000;

interface Bucket {
  left: number;
  at: number;
}

export class OperationLimit {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rate: OperationRate;
  readonly #buckets = new Map<UserId, Bucket>();
  #sweptAt = SWEPT_AT;

  constructor(clock: Pick<Clock, 'now'>, rate: OperationRate = OPERATION_RATE) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Counts one operation. @returns false when it is one too many */
  take(user: UserId): boolean {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(user) ?? { left: this.#rate.burst, at: now };
    bucket.left = this.#leftIn(bucket, now);
    bucket.at = now;
    this.#buckets.set(user, bucket);
    this.#sweep(now);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  /** How many people it keeps count of. */
  get size(): number {
    return this.#buckets.size;
  }

  #leftIn({ left, at }: Bucket, now: number): number {
    const seconds = Math.max(0, now - at) / 1000; // the clock may have been set back
    return Math.min(this.#rate.burst, left + seconds * this.#rate.perSecond);
  }

  /** Never forgets one who is being held up: a new bucket would be a full one. */
  #sweep(now: number): void {
    if (this.#buckets.size < this.#sweptAt) return;
    for (const [user, bucket] of this.#buckets) {
      if (this.#leftIn(bucket, now) >= this.#rate.burst) this.#buckets.delete(user);
    }
    this.#sweptAt = Math.max(SWEPT_AT, this.#buckets.size * 2);
  }
}

/** Whether a request is work for the node; what only concerns the connection is always let through. */
export const isOperation = (request: ClientRequest): boolean =>
  request.type === 'ContractOp' || request.type === 'DelegateOp' || request.type === 'NodeQueries';
