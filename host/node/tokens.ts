/**
 * App-session tokens: which web-app contract a connection acts for.
 *
 * A token is 32 random bytes in base58. It lives in memory only, from its minting for a fixed time, however much it is used;
 * a restart of the node forgets all. It is looked up once, when a connection opens. Source: freenet-core:
 * crates/core/src/server/client_api.rs (0.2.129).
 */
import { toBase58 } from '../../src/shared/bytes.ts';
import type { Millis } from '../../src/shared/brand.ts';
import type { Clock } from '../../src/shared/clock.ts';
import type { Random } from '../../src/shared/random.ts';

/** As a Freenet node's default. */
export const TOKEN_TTL_MS = 86_400_000;

/** Any local program may mint: beyond this many the oldest go, so that minting in a loop costs no memory. */
export const MAX_TOKENS = 10_000;

interface Session {
  readonly contractId: Uint8Array;
  readonly minted: Millis;
}

export class TokenRegistry {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Pick<Random, 'bytes'>;
  readonly #ttlMs: number;
  /** In the order of minting, which is the order of expiry. */
  readonly #sessions = new Map<string, Session>();

  constructor(
    clock: Pick<Clock, 'now'>,
    random: Pick<Random, 'bytes'>,
    ttlMs: number = TOKEN_TTL_MS,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#ttlMs = ttlMs;
  }

  /**
   * @param contractId 32 bytes
   * @returns 43 or 44 base58 characters, rarely fewer
   */
  mint(contractId: Uint8Array): string {
    this.#forget();
    const token = toBase58(this.#random.bytes(32));
    this.#sessions.set(token, { contractId, minted: this.#clock.now() });
    return token;
  }

  /** The contract that a token was minted for; undefined for an unknown or expired one. */
  contractOf(token: string): Uint8Array | undefined {
    const session = this.#sessions.get(token);
    return session && !this.#expired(session) ? session.contractId : undefined;
  }

  /** What a restart does. Open connections keep who they are. */
  invalidateAll(): void {
    this.#sessions.clear();
  }

  #expired(session: Session): boolean {
    return this.#clock.now() - session.minted >= this.#ttlMs;
  }

  #forget(): void {
    for (const [token, session] of this.#sessions) {
      if (!this.#expired(session) && this.#sessions.size < MAX_TOKENS) return;
      this.#sessions.delete(token);
    }
  }
}
