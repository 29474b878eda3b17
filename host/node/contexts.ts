/**
 * A delegate's context: bytes the node keeps for it between calls, one per delegate and shared by all its clients; on a hosted
 * node, one per delegate and person, so that nobody meets what another has left there.
 *
 * In memory only. Source: freenet-core: crates/core/src/contract/executor/runtime/delegates.rs (0.2.129).
 */
import type { Millis } from '../../src/shared/brand.ts';
import type { Clock } from '../../src/shared/clock.ts';

/** A context of this many bytes or more is not kept. */
export const MAX_CONTEXT_BYTES = 409_600;

/** A context is dropped this long after it was last written. */
export const CONTEXT_TTL_MS = 600_000;

const NONE = new Uint8Array(0);

export class DelegateContexts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #contexts = new Map<string, { readonly bytes: Uint8Array; readonly written: Millis }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @param delegate as `keyText` names it; empty bytes where there is no context */
  get(delegate: string): Uint8Array {
    const context = this.#contexts.get(delegate);
    if (!context) return NONE;
    if (this.#clock.now() - context.written < CONTEXT_TTL_MS) return context.bytes;
    this.#contexts.delete(delegate);
    return NONE;
  }

  set(delegate: string, bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length >= MAX_CONTEXT_BYTES) this.#contexts.delete(delegate);
    else this.#contexts.set(delegate, { bytes, written: this.#clock.now() });
  }

  /** Everybody's. @param delegate the key's text, without a user */
  removeAll(delegate: string): void {
    for (const name of this.#contexts.keys()) {
      if (name.startsWith(delegate)) this.#contexts.delete(name);
    }
  }
}
