import { fromHex, toHex } from '../../src/shared/bytes.ts';
import type { SecretStore } from './delegate-imports.ts';

/** Secrets in memory, in the order in which they were first written. */
export class MemorySecrets implements SecretStore {
  readonly #values = new Map<string, Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(toHex(key));
  }

  set(key: Uint8Array, value: Uint8Array): boolean {
    this.#values.set(toHex(key), value);
    return true;
  }

  remove(key: Uint8Array): boolean {
    return this.#values.delete(toHex(key));
  }

  list(prefix: Uint8Array): Uint8Array[] {
    const start = toHex(prefix);
    return [...this.#values.keys()].filter((key) => key.startsWith(start)).map(fromHex);
  }

  /** Key to value, both in hex. */
  snapshot(): Map<string, string> {
    return new Map([...this.#values].map(([key, value]) => [key, toHex(value)]));
  }
}
