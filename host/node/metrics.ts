/** Counters of one node since it started, for tests and for people who want to know what a burst of edits really cost. */
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { delegateKeyText } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { messageName } from './message-name.ts';

/** What `/weir/metrics` answers. Bytes are of whole messages as the client protocol encodes them, before chunking. */
export interface MetricsReport {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly connections: { readonly open: number; readonly total: number };
  readonly bytes: { readonly in: number; readonly out: number };
  /** By kind: the operation's own name for delegates and contracts, else the request's. `Malformed` was none. */
  readonly requests: Readonly<Record<string, number>>;
  /** ApplicationMessages requests with at least one StoreRequest or CasStoreRequest in them. */
  readonly storeRequests: number;
  /** By the delegate key's text. */
  readonly delegates: Readonly<Record<string, DelegateReport>>;
}

export interface DelegateReport {
  readonly registrations: number;
  /** ApplicationMessages requests. */
  readonly requests: number;
  readonly storeRequests: number;
  /** Of its requests and their answers. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Messages in requests, by the name of the payload's variant; `other` for what has none. */
  readonly messages: Readonly<Record<string, number>>;
}

/** Clients choose the keys and names that are counted: beyond this many the rest is counted together. */
const MAX_COUNTED = 256;
const REST = 'other';

const STORES: ReadonlySet<string> = new Set(['StoreRequest', 'CasStoreRequest']);

class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const counted = this.#counts.has(name) || this.#counts.size < MAX_COUNTED ? name : REST;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  report(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}

interface DelegateCounts {
  registrations: number;
  requests: number;
  storeRequests: number;
  bytesIn: number;
  bytesOut: number;
  readonly messages: Tally;
}

export class Metrics {
  readonly #startedAt: number;
  readonly #requests = new Tally();
  readonly #delegates = new Map<string, DelegateCounts>();
  #connectionsOpen = 0;
  #connectionsTotal = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #storeRequests = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#startedAt = clock.now();
  }

  connectionOpened(): void {
    this.#connectionsOpen += 1;
    this.#connectionsTotal += 1;
  }

  connectionClosed(): void {
    this.#connectionsOpen -= 1;
  }

  malformed(bytes: number): void {
    this.#bytesIn += bytes;
    this.#requests.add('Malformed');
  }

  /** @param bytes length of the request's message */
  requested(request: ClientRequest, bytes: number): void {
    this.#bytesIn += bytes;
    this.#requests.add(
      request.type === 'DelegateOp' || request.type === 'ContractOp'
        ? request.request.type
        : request.type,
    );
    if (request.type !== 'DelegateOp' || request.request.type !== 'ApplicationMessages') return;

    const counts = this.#of(request.request.key);
    counts.requests += 1;
    counts.bytesIn += bytes;
    let stores = false;
    for (const message of request.request.inbound) {
      const name = message.type === 'ApplicationMessage' ? messageName(message.payload) : undefined;
      counts.messages.add(name ?? REST);
      stores ||= name !== undefined && STORES.has(name);
    }
    if (!stores) return;
    counts.storeRequests += 1;
    this.#storeRequests += 1;
  }

  registered(delegate: DelegateKey): void {
    this.#of(delegate).registrations += 1;
  }

  /**
   * @param bytes length of the answer's message
   * @param delegate the delegate whose ApplicationMessages it answers, if any
   */
  answered(bytes: number, delegate: DelegateKey | undefined): void {
    this.#bytesOut += bytes;
    if (delegate) this.#of(delegate).bytesOut += bytes;
  }

  report(): MetricsReport {
    const delegates = [...this.#delegates].map(
      ([key, { messages, ...counts }]): [string, DelegateReport] => [
        key,
        { ...counts, messages: messages.report() },
      ],
    );
    return {
      startedAt: new Date(this.#startedAt).toISOString(),
      connections: { open: this.#connectionsOpen, total: this.#connectionsTotal },
      bytes: { in: this.#bytesIn, out: this.#bytesOut },
      requests: this.#requests.report(),
      storeRequests: this.#storeRequests,
      delegates: Object.fromEntries(delegates),
    };
  }

  #of(delegate: DelegateKey): DelegateCounts {
    const text = delegateKeyText(delegate);
    const key = this.#delegates.has(text) || this.#delegates.size < MAX_COUNTED ? text : REST;
    let counts = this.#delegates.get(key);
    if (!counts) {
      counts = {
        registrations: 0,
        requests: 0,
        storeRequests: 0,
        bytesIn: 0,
        bytesOut: 0,
        messages: new Tally(),
      };
      this.#delegates.set(key, counts);
    }
    return counts;
  }
}
