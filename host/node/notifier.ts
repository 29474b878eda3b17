/** What follows from a contract's change: subscribers are told, subscribed delegates run, and their clients hear of it. */
import type { HostResult } from '../../src/freenet/host-response.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { Contracts } from './contracts.ts';
import type { ContractsForDelegates, OwnedDelegate } from './delegate-contracts.ts';
import type { DelegateService } from './delegates.ts';
import { keyText } from './key-text.ts';
import type { FailureShapes } from './failure-shapes.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A connection, as one that may hear from a delegate without having asked. */
export interface DelegateClient {
  /** @param delegate as `keyText` names it, the user's where there is one: whether it has messaged this delegate lately */
  knowsDelegate(delegate: string): boolean;
  notify(notification: HostResult): boolean;
}

export interface NotifierDeps {
  readonly contracts: Contracts;
  readonly contractsForDelegates: ContractsForDelegates;
  readonly delegates: DelegateService;
  readonly subscriptions: Subscriptions;
  readonly failureShapes: FailureShapes;
  readonly clients: Iterable<DelegateClient>;
}

export class Notifier {
  readonly #deps: NotifierDeps;
  /** Delegates to be run with a contract's newest state; each once, however often it has changed meanwhile. */
  readonly #due = new Map<
    string,
    { readonly subscribed: OwnedDelegate; readonly instance: Uint8Array }
  >();
  #scheduled = false;
  #stopped = false;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /** To be called after whatever may have changed contracts. A local node tells its delegates nothing. */
  settle(): void {
    const { contracts, contractsForDelegates, failureShapes, subscriptions } = this.#deps;
    for (const key of contracts.takeChanged()) {
      const held = contracts.get(key.instance);
      if (!held.ok) continue; // put in a transaction that was undone
      subscriptions.notify(held.value);
      if (failureShapes === 'local') continue;
      for (const subscribed of contractsForDelegates.subscribersOf(key)) {
        const { instance } = key;
        const name = keyText(subscribed.delegate, subscribed.user);
        this.#due.set(`${toHex(instance)} ${name}`, { subscribed, instance });
      }
    }
    this.#schedule();
  }

  /** Runs nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** One run per turn of the event loop: delegates that set each other off must not keep clients waiting. */
  #schedule(): void {
    if (this.#scheduled || this.#due.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#runNext();
    });
  }

  #runNext(): void {
    const [next] = this.#due;
    if (!next || this.#stopped) return;
    const [name, { subscribed, instance }] = next;
    this.#due.delete(name);
    const { clients, contracts, delegates } = this.#deps;
    const held = contracts.get(instance);
    const pushed = held.ok ? delegates.notify(subscribed, instance, held.value.state) : [];
    this.settle();
    const known = keyText(subscribed.delegate, subscribed.user);
    for (const push of pushed) {
      for (const client of clients) if (client.knowsDelegate(known)) client.notify(push);
    }
  }
}
