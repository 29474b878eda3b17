import type { DelegateKey } from '../../src/freenet/types.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { LoadedDelegate } from '../wasm/delegate-host.ts';
import { describeWasmError, loadDelegate } from '../wasm/delegate-host.ts';
import type { DelegateFailure } from './failure-shapes.ts';
import { keyText } from './key-text.ts';
import type { NodeStore } from './store.ts';

/** Compiled modules kept; a module of 1 MB takes some tens of milliseconds to compile. */
const MAX_LOADED = 16;

/** The registered delegates, compiled: those used last are kept. */
export class LoadedDelegates {
  readonly #store: Pick<NodeStore, 'delegate'>;
  /** By `keyText`; the longest unused first. */
  readonly #loaded = new Map<string, LoadedDelegate>();

  constructor(store: Pick<NodeStore, 'delegate'>) {
    this.#store = store;
  }

  get(key: DelegateKey): Result<LoadedDelegate, DelegateFailure> {
    const kept = this.#loaded.get(keyText(key));
    if (kept) {
      this.keep(key, kept);
      return ok(kept);
    }
    const stored = this.#store.delegate(key);
    if (!stored) return err({ type: 'NotRegistered' });
    const loaded = loadDelegate(stored.wasm);
    if (!loaded.ok) return err({ type: 'BadDelegate', cause: describeWasmError(loaded.error) });
    this.keep(key, loaded.value);
    return loaded;
  }

  keep(key: DelegateKey, delegate: LoadedDelegate): void {
    this.#loaded.delete(keyText(key));
    this.#loaded.set(keyText(key), delegate);
    if (this.#loaded.size <= MAX_LOADED) return;
    const [oldest] = this.#loaded.keys();
    if (oldest !== undefined) this.#loaded.delete(oldest);
  }

  drop(key: DelegateKey): void {
    this.#loaded.delete(keyText(key));
  }
}
