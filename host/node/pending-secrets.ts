/**
 * What a running delegate does to its secrets: kept apart until the run has ended, then written all at once or forgotten. The
 * guest sees what it has done.
 */
import { compareBytes, equalBytes, toHex } from '../../src/shared/bytes.ts';
import type { SecretStore } from '../wasm/delegate-imports.ts';
import { MAX_LISTED_KEYS, type DelegateSecrets } from './stored-secrets.ts';
import { secretBytes } from './user-quota.ts';

/** What one run may write, keys and values together: twice what one request can carry. */
const MAX_PENDING_BYTES = 134_217_728;

interface Change {
  readonly key: Uint8Array;
  /** Undefined: removed. */
  readonly value: Uint8Array | undefined;
}

export class PendingSecrets implements SecretStore {
  readonly #stored: DelegateSecrets;
  /** By key in hex. */
  readonly #changes = new Map<string, Change>();
  #pending = 0;
  /** By how much the secrets would grow, as `secretBytes` counts. */
  #growth = 0;

  constructor(stored: DelegateSecrets) {
    this.#stored = stored;
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const change = this.#changes.get(toHex(key));
    return change ? change.value : this.#stored.get(key);
  }

  set(key: Uint8Array, value: Uint8Array): boolean {
    const growth = secretBytes(key, value) - this.#bytesOf(key);
    if (growth > 0 && !this.#stored.mayGrow(this.#growth + growth)) return false;
    return this.#change({ key, value }, growth);
  }

  remove(key: Uint8Array): boolean {
    if (this.get(key) === undefined) return false;
    return this.#change({ key, value: undefined }, -this.#bytesOf(key));
  }

  list(prefix: Uint8Array): Uint8Array[] {
    const begins = (key: Uint8Array): boolean =>
      key.length >= prefix.length && equalBytes(key.subarray(0, prefix.length), prefix);
    const changed = [...this.#changes.values()].filter(({ key }) => begins(key));
    return [
      ...this.#stored.list(prefix).filter((key) => !this.#changes.has(toHex(key))),
      ...changed.filter(({ value }) => value !== undefined).map(({ key }) => key),
    ]
      .sort(compareBytes)
      .slice(0, MAX_LISTED_KEYS);
  }

  /**
   * Writes everything; to be called in a transaction.
   *
   * @throws Error when the store refuses some of it, so that nothing is written
   */
  commit(): void {
    const changes = [...this.#changes.values()];
    // what makes room comes first
    for (const { key, value } of changes) if (value === undefined) this.#stored.remove(key);
    for (const { key, value } of changes) {
      if (value !== undefined && !this.#stored.set(key, value))
        throw new Error('a secret was refused');
    }
  }

  #change(change: Change, growth: number): boolean {
    const name = toHex(change.key);
    const before = this.#changes.get(name);
    const pending = this.#pending + sizeOf(change) - (before ? sizeOf(before) : 0);
    if (pending > MAX_PENDING_BYTES) return false;
    this.#pending = pending;
    this.#growth += growth;
    this.#changes.set(name, change);
    return true;
  }

  #bytesOf(key: Uint8Array): number {
    const change = this.#changes.get(toHex(key));
    if (!change) return this.#stored.bytesOf(key);
    return change.value ? secretBytes(key, change.value) : 0;
  }
}

const sizeOf = ({ key, value }: Change): number => secretBytes(key, value ?? new Uint8Array());
