/**
 * Who is told of a contract's changes: also the one that made them.
 *
 * Without a summary a subscriber gets the whole state each time; with one, the delta against that summary, which stays the
 * one it subscribed with. A subscriber that doesn't keep up misses notifications, and gets the whole state with the next.
 *
 * Source: freenet-core: crates/core/src/client_events.rs, contract/executor/runtime/ (0.2.129).
 */
import type { UpdateData } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { HeldContract } from './contracts.ts';
import { encoded, type EncodedAnswer } from './frame-sender.ts';

/** Contracts that one connection may subscribe to. */
export const MAX_PER_SUBSCRIBER = 50;
/** Subscribers of one contract. */
export const MAX_PER_CONTRACT = 256;
/** Deltas sent of one change; whoever comes after gets the whole state. */
const MAX_DELTAS = 32;

/** A connection, as the one who is told. */
export interface Subscriber {
  /** @returns false when it doesn't keep up: the notification is dropped */
  notify(notification: EncodedAnswer): boolean;
}

interface Subscription {
  readonly summary: Uint8Array | undefined;
  /** The summary as text. */
  readonly name: string;
  missed: boolean;
}

export class Subscriptions {
  readonly #byContract = new Map<string, Map<Subscriber, Subscription>>();

  /**
   * Registers, or replaces what was registered.
   *
   * @returns false when there are too many already
   */
  add(instance: Uint8Array, subscriber: Subscriber, summary: Uint8Array | undefined): boolean {
    const id = toHex(instance);
    const subscribers = this.#byContract.get(id) ?? new Map<Subscriber, Subscription>();
    if (!subscribers.has(subscriber)) {
      if (subscribers.size >= MAX_PER_CONTRACT) return false;
      if (this.#countOf(subscriber) >= MAX_PER_SUBSCRIBER) return false;
    }
    subscribers.set(subscriber, { summary, name: summary ? toHex(summary) : '', missed: false });
    this.#byContract.set(id, subscribers);
    return true;
  }

  remove(subscriber: Subscriber): void {
    for (const [id, subscribers] of this.#byContract) {
      if (subscribers.delete(subscriber) && subscribers.size === 0) this.#byContract.delete(id);
    }
  }

  /** Tells of one change. The next change of the same contract must wait for it. */
  async notify(contract: HeldContract): Promise<void> {
    const id = toHex(contract.key.instance);
    const told = new Telling(contract);
    let deltas = 0;
    for (const [subscriber, subscription] of new Map(this.#byContract.get(id))) {
      const { summary, missed } = subscription;
      const wantsDelta = summary !== undefined && !missed && deltas < MAX_DELTAS;
      const delta = wantsDelta ? await told.delta(subscription) : undefined;
      // one that gives no delta is not asked again: it may have looped until it was ended
      if (wantsDelta) deltas = delta ? deltas + 1 : MAX_DELTAS;
      // it may have left meanwhile, or subscribed anew
      if (this.#byContract.get(id)?.get(subscriber) !== subscription) continue;
      subscription.missed = !subscriber.notify(delta ?? told.state());
    }
  }

  #countOf(subscriber: Subscriber): number {
    let count = 0;
    for (const subscribers of this.#byContract.values())
      if (subscribers.has(subscriber)) count += 1;
    return count;
  }
}

/** One change: each delta is computed once, and each notification encoded once, however many are told. */
class Telling {
  readonly #contract: HeldContract;
  /** By the summary's name. */
  readonly #deltas = new Map<string, EncodedAnswer | undefined>();
  #state: EncodedAnswer | undefined;

  constructor(contract: HeldContract) {
    this.#contract = contract;
  }

  /** Undefined where the contract gives none. */
  async delta({ name, summary }: Subscription): Promise<EncodedAnswer | undefined> {
    if (!this.#deltas.has(name) && summary) {
      const { params, rules, state } = this.#contract;
      const delta = await rules.delta(params, state, summary);
      this.#deltas.set(
        name,
        delta.ok ? this.#encoded({ type: 'Delta', delta: delta.value }) : undefined,
      );
    }
    return this.#deltas.get(name);
  }

  state(): EncodedAnswer {
    return (this.#state ??= this.#encoded({ type: 'State', state: this.#contract.state }));
  }

  #encoded(update: UpdateData): EncodedAnswer {
    const { key } = this.#contract;
    const response = { type: 'UpdateNotification', key, update } as const;
    return encoded(ok({ type: 'ContractResponse', response }));
  }
}
