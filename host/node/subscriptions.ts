/**
 * Who is told of a contract's changes: also the one that made them.
 *
 * Without a summary a subscriber gets the whole state each time; with one, the delta against that summary, which stays the
 * one it subscribed with. A subscriber that doesn't keep up misses notifications, and gets the whole state with the next.
 *
 * Source: freenet-core: crates/core/src/client_events.rs, contract/executor/runtime/ (0.2.129).
 */
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { HeldContract } from './contracts.ts';

/** Contracts that one connection may subscribe to. */
export const MAX_PER_SUBSCRIBER = 50;
/** Subscribers of one contract. */
export const MAX_PER_CONTRACT = 256;
/** Deltas computed for one change; whoever comes after gets the whole state. */
const MAX_DELTAS = 32;

/** A connection, as the one who is told. */
export interface Subscriber {
  /** @returns false when it doesn't keep up: the notification is dropped */
  notify(notification: HostResult): boolean;
}

interface Subscription {
  readonly summary: Uint8Array | undefined;
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
    subscribers.set(subscriber, { summary, missed: false });
    this.#byContract.set(id, subscribers);
    return true;
  }

  remove(subscriber: Subscriber): void {
    for (const [id, subscribers] of this.#byContract) {
      if (subscribers.delete(subscriber) && subscribers.size === 0) this.#byContract.delete(id);
    }
  }

  notify(contract: HeldContract): void {
    let deltas = 0;
    for (const [subscriber, subscription] of this.#byContract.get(toHex(contract.key.instance)) ??
      []) {
      const { summary, missed } = subscription;
      const wantsDelta = summary !== undefined && !missed && deltas < MAX_DELTAS;
      if (wantsDelta) deltas += 1;
      const update = updateFor(contract, wantsDelta ? summary : undefined);
      subscription.missed = !subscriber.notify(notification(contract.key, update));
    }
  }

  #countOf(subscriber: Subscriber): number {
    let count = 0;
    for (const subscribers of this.#byContract.values())
      if (subscribers.has(subscriber)) count += 1;
    return count;
  }
}

function updateFor(contract: HeldContract, summary: Uint8Array | undefined): UpdateData {
  const { params, rules, state } = contract;
  const delta = summary && rules.delta(params, state, summary);
  return delta?.ok ? { type: 'Delta', delta: delta.value } : { type: 'State', state };
}

const notification = (key: ContractKey, update: UpdateData): HostResult =>
  ok({ type: 'ContractResponse', response: { type: 'UpdateNotification', key, update } });
