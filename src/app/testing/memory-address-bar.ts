import type { AddressBar } from '../state/router.ts';

export interface MemoryAddressBar extends AddressBar {
  readonly entries: readonly string[];
  forward(): void;
}

/** A history without a browser; entry 0 is where the person came in. */
export function memoryAddressBar(start: string): MemoryAddressBar {
  const entries = [start];
  let at = 0;
  const listeners = new Set<() => void>();
  const move = (to: number): void => {
    if (to < 0 || to >= entries.length) return;
    at = to;
    for (const listener of listeners) listener();
  };
  return {
    entries,
    path: () => (entries[at] ?? '/').replace(/\?.*/, ''),
    query: () => /\?(.*)/.exec(entries[at] ?? '')?.[1] ?? '',
    pushed: () => at > 0,
    push(path) {
      entries.splice(at + 1);
      entries.push(path);
      at += 1;
    },
    replace(path) {
      entries[at] = path;
    },
    back: () => move(at - 1),
    forward: () => move(at + 1),
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
