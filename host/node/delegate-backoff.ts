/**
 * Holds up a client that keeps asking for a delegate which keeps failing: after each failure the next request for the same key
 * is refused for a while, at first 100 ms, then twice as long each time. One per connection.
 *
 * Only errors that name the delegate count, and only a local node answers with those: a network node's failures look like
 * successes. Source: freenet-core: crates/core/src/client_events/websocket.rs, util/backoff.rs (0.2.129).
 */
import type { DelegateRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { delegateKeyText } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { err } from '../../src/shared/result.ts';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;
const MAX_KEYS = 64;

interface Failures {
  readonly count: number;
  readonly until: number;
}

export class DelegateBackoff {
  readonly #clock: Pick<Clock, 'now'>;
  /** By the key's first half in hex; the longest ago first. */
  readonly #failing = new Map<string, Failures>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The answer to a request that comes too early after a failure. */
  refusalOf(request: DelegateRequest): HostResult | undefined {
    const key = keyOf(request);
    const failures = key && this.#failing.get(toHex(key.key));
    const left = failures ? failures.until - this.#clock.now() : 0;
    if (!key || left <= 0) return undefined;
    const cause =
      `delegate ${delegateKeyText(key)} is rate limited after repeated failures; ` +
      `retry in ${left} ms`;
    return err({
      type: 'RequestError',
      error: { type: 'DelegateError', error: { type: 'ExecutionError', cause } },
    });
  }

  /** Takes note of an answer. */
  note(answer: HostResult): void {
    if (answer.ok) {
      if (answer.value.type === 'DelegateResponse') {
        this.#failing.delete(toHex(answer.value.key.key));
      }
      return;
    }
    const key = failedKey(answer);
    if (!key) return;
    const name = toHex(key.key);
    const count = (this.#failing.get(name)?.count ?? 0) + 1;
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(count - 1, 10));
    this.#failing.delete(name);
    this.#failing.set(name, { count, until: this.#clock.now() + wait });
    const [oldest] = this.#failing.keys();
    if (this.#failing.size > MAX_KEYS && oldest !== undefined) this.#failing.delete(oldest);
  }
}

function keyOf(request: DelegateRequest): DelegateKey | undefined {
  if ('key' in request) return request.key;
  if (!('delegate' in request) || request.delegate.type !== 'Wasm') return undefined;
  const { version } = request.delegate;
  return version.type === 'V1' ? version.delegate.key : undefined;
}

function failedKey(answer: HostResult): DelegateKey | undefined {
  if (answer.ok || answer.error.type !== 'RequestError') return undefined;
  const { error } = answer.error;
  return error.type === 'DelegateError' && 'key' in error.error ? error.error.key : undefined;
}
