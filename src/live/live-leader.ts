import type { NodeConnection } from '../freenet/client.ts';
import type { Unsolicited } from '../freenet/connection.ts';
import type { NodeError } from '../freenet/node-error.ts';
import type { Result } from '../shared/result.ts';
import { RoomFeed, type FeedDeps } from './room-feed.ts';

/** Held by the one tab that listens for all of them. */
const LOCK = 'weir:live';
/** Whether a room is to be read again is asked so often. */
const TICK_MS = 1_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** A connection that lasted so long was a good one: delays begin anew. */
const STABLE_MS = 15_000;

export interface LeaderDeps extends FeedDeps {
  /** Held until the body ends; given up by itself when the tab goes. Never stolen. */
  readonly locks: { request<T>(name: string, body: () => Promise<T>): Promise<T> };
  /** What the host is now, asked once for each connection. Rejects when it does not answer. */
  readonly host: () => Promise<LiveHost>;
}

/** What a connection to the host's node needs to know of it. */
export interface LiveHost {
  /** BLAKE3 of the room contract, 32 bytes. */
  readonly codeHash: Uint8Array;
  readonly connect: (
    onUnsolicited: (message: Unsolicited) => void,
  ) => Promise<Result<NodeConnection, NodeError>>;
}

/**
 * One tab's claim to be the one that listens to the rooms' contracts. It waits for its turn, then keeps one connection for as
 * long as the tab lives, whatever happens to the node meanwhile. The next tab takes over when it is gone.
 */
export class LiveLeader {
  readonly #deps: LeaderDeps;
  readonly #stopped = new AbortController();
  #feed: RoomFeed | undefined;
  #awake = new AbortController();
  #leads = false;

  constructor(deps: LeaderDeps) {
    this.#deps = deps;
  }

  /** Whether it is this tab's turn. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Resolves when the leader was stopped. */
  run(): Promise<void> {
    return this.#deps.locks.request(LOCK, async () => {
      this.#leads = true;
      try {
        await this.#lead();
      } finally {
        this.#leads = false;
      }
    });
  }

  stop(): void {
    this.#stopped.abort();
    this.wake();
  }

  /** Rooms have come or gone. */
  async roomsChanged(): Promise<void> {
    await this.#feed?.roomsChanged();
  }

  /** Tries to connect at once instead of waiting: the node was seen, or the browser is online again. */
  wake(): void {
    this.#awake.abort();
    this.#awake = new AbortController();
  }

  /** Resolves when everything that has arrived so far is in the database. */
  async settled(): Promise<void> {
    await this.#feed?.settled();
  }

  async #lead(): Promise<void> {
    const { clock, random } = this.#deps;
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      const began = clock.now();
      await this.#session();
      failures = clock.now() - began >= STABLE_MS ? 0 : failures + 1;
      const delay = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
      await this.#sleep(Math.max(0, delay) * (0.8 + 0.4 * random.unit()));
    }
  }

  /** One connection, from its beginning to its end. */
  async #session(): Promise<void> {
    let host: LiveHost;
    try {
      host = await this.#deps.host();
    } catch {
      return; // it is away: the status line says so already
    }
    const connected = await host.connect((message) => this.#feed?.receive(message));
    if (!connected.ok) return;
    const connection = connected.value;
    const close = (): void => connection.close();
    this.#stopped.signal.addEventListener('abort', close);
    let isOpen = !this.#stopped.signal.aborted;
    const ended = connection.closed.then(() => (isOpen = false));
    try {
      this.#feed = new RoomFeed(this.#deps, connection, host.codeHash);
      await this.#feed.roomsChanged();
      while (isOpen) {
        await Promise.race([ended, this.#deps.clock.sleep(TICK_MS)]);
        await this.#feed.readDue();
      }
    } finally {
      this.#feed = undefined;
      this.#stopped.signal.removeEventListener('abort', close);
      close();
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    await this.#deps.clock.sleep(ms, this.#awake.signal).catch(() => {}); // woken: try now
  }
}
