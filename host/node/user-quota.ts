/**
 * How much each person of a hosted node may keep: a write beyond it fails, nothing is ever evicted.
 *
 * Source: freenet-core: crates/core/src/wasm_runtime/secrets_store/{quota,store}.rs (0.2.129).
 */
import type { Database } from 'lmdb';

/** Bytes per person over all delegates, as a Freenet node's default. */
export const USER_QUOTA_BYTES = 4 * 1024 * 1024;

/** What a Freenet node keeps beside a value and its key: version, nonce and tag of the encryption, and the key's length. */
const OVERHEAD_BYTES = 1 + 24 + 16 + 4;

/** What one secret counts for. */
export const secretBytes = (key: Uint8Array, value: { readonly length: number }): number =>
  OVERHEAD_BYTES + key.length + value.length;

export class UserQuota {
  /** The 32-byte user id → bytes used, u64 LE. */
  readonly #used: Database<Uint8Array, Uint8Array>;

  constructor(used: Database<Uint8Array, Uint8Array>) {
    this.#used = used;
  }

  /**
   * Counts that something grows or shrinks from `before` to `after` bytes.
   *
   * @returns false, and counts nothing, when more would be used than the quota
   */
  charge(user: Uint8Array, before: number, after: number): boolean {
    const used = this.used(user) - before + after;
    if (after > 0 && used > USER_QUOTA_BYTES) return false;
    const record = new Uint8Array(8);
    new DataView(record.buffer).setBigUint64(0, BigInt(Math.max(0, used)), true);
    this.#used.putSync(user, record);
    return true;
  }

  used(user: Uint8Array): number {
    const record = this.#used.get(user);
    if (!record) return 0;
    return Number(new DataView(record.buffer, record.byteOffset, 8).getBigUint64(0, true));
  }
}
