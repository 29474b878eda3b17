/** What follows from a contract's change: subscribers are told, subscribed delegates run, and their clients hear of it. */
import { toHex } from '../../src/shared/bytes.ts';
import type { Contracts, HeldContract } from './contracts.ts';
import type { ContractsForDelegates, OwnedDelegate } from './delegate-contracts.ts';
import type { DelegateService } from './delegates.ts';
import { keyText } from './key-text.ts';
import type { FailureShapes } from './failure-shapes.ts';
import { encoded, type EncodedAnswer } from './frame-sender.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A connection, as one that may hear from a delegate without having asked. */
export interface DelegateClient {
  /** @param delegate as `keyText` names it, the user's where there is one: whether it has messaged this delegate lately */
  knowsDelegate(delegate: string): boolean;
  notify(notification: EncodedAnswer): boolean;
}

export interface NotifierDeps {
  readonly contracts: Contracts;
  readonly contractsForDelegates: ContractsForDelegates;
  readonly delegates: DelegateService;
  readonly subscriptions: Subscriptions;
  readonly failureShapes: FailureShapes;
  readonly clients: Iterable<DelegateClient>;
  readonly log: (line: string) => void;
}

/** Changes of one contract that wait for its subscribers to be told of earlier ones; beyond it, the newest takes the last place. */
const MAX_WAITING = 64;

export class Notifier {
  readonly #deps: NotifierDeps;
  /** Changes of which subscribers are being told, by instance id; the first is under way. */
  readonly #telling = new Map<string, HeldContract[]>();
  /** Delegates to be run with a contract's newest state; each once, however often it has changed meanwhile. */
  readonly #due = new Map<
    string,
    { readonly subscribed: OwnedDelegate; readonly instance: Uint8Array }
  >();
  /** What is under way. */
  readonly #busy = new Set<Promise<void>>();
  #isRunning = false;
  #scheduled = false;
  #stopped = false;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /**
   * To be called after whatever may have changed contracts. Nobody is told before the event loop's next turn: whoever made a
   * change has been answered then.
   */
  settle(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#tellAll();
    });
  }

  /** Tells and runs nothing more. Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#busy);
  }

  /** A local node tells its delegates nothing. */
  #tellAll(): void {
    const { contracts, contractsForDelegates, failureShapes } = this.#deps;
    for (const contract of contracts.takeChanged()) {
      this.#tell(contract);
      if (failureShapes === 'local') continue;
      for (const subscribed of contractsForDelegates.subscribersOf(contract.key)) {
        const { instance } = contract.key;
        const name = keyText(subscribed.delegate, subscribed.user);
        this.#due.set(`${toHex(instance)} ${name}`, { subscribed, instance });
      }
    }
    const [next] = this.#due;
    // one run at a time: delegates that set each other off must not keep clients waiting
    if (next && !this.#isRunning) this.#note(this.#run(next[0]));
  }

  #tell(contract: HeldContract): void {
    const id = toHex(contract.key.instance);
    const waiting = this.#telling.get(id);
    if (waiting) {
      if (waiting.length > MAX_WAITING) waiting.pop();
      waiting.push(contract);
    } else {
      const first = [contract];
      this.#telling.set(id, first);
      this.#note(this.#tellInOrder(id, first));
    }
  }

  async #tellInOrder(id: string, changes: HeldContract[]): Promise<void> {
    try {
      for (let next = changes[0]; next && !this.#stopped; next = changes[0]) {
        await this.#deps.subscriptions.notify(next);
        changes.shift();
      }
    } finally {
      this.#telling.delete(id);
    }
  }

  async #run(name: string): Promise<void> {
    const due = this.#due.get(name);
    this.#due.delete(name);
    if (!due) return;
    const { subscribed, instance } = due;
    const { clients, contracts, delegates } = this.#deps;
    const held = contracts.get(instance);
    if (!held.ok) return;
    this.#isRunning = true;
    const pushed = await delegates.notify(subscribed, instance, held.value.state);
    this.#isRunning = false;
    const known = keyText(subscribed.delegate, subscribed.user);
    for (const push of pushed.map(encoded)) {
      for (const client of clients) if (client.knowsDelegate(known)) client.notify(push);
    }
  }

  #note(work: Promise<void>): void {
    this.#busy.add(work);
    const ended = (): void => {
      this.#busy.delete(work);
      this.settle();
    };
    void work.then(ended, (error: unknown) => {
      this.#deps.log(`the node could not tell of a change: ${String(error)}`);
      ended();
    });
  }
}
