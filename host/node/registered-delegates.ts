import type { DelegateKey } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { GuestModuleRef } from '../wasm/guest-pool.ts';
import { keyText } from './key-text.ts';
import type { NodeStore } from './store.ts';

/** Delegates that are known to be registered without a look into the store, which would copy the module. */
const MAX_KNOWN = 256;

/** The modules of registered delegates, for threads to compile. */
export class RegisteredDelegates {
  readonly #store: Pick<NodeStore, 'delegate'>;
  /** By `keyText`; the longest unused first. */
  readonly #known = new Map<string, GuestModuleRef>();

  constructor(store: Pick<NodeStore, 'delegate'>) {
    this.#store = store;
  }

  module(key: DelegateKey): GuestModuleRef | undefined {
    const name = keyText(key);
    const known = this.#known.get(name);
    if (!known && !this.#store.delegate(key)) return undefined;
    const module = known ?? {
      name: toHex(key.codeHash),
      wasm: () => this.#store.delegate(key)?.wasm,
    };
    this.#known.delete(name);
    this.#known.set(name, module);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return module;
  }

  forget(key: DelegateKey): void {
    this.#known.delete(keyText(key));
  }
}
