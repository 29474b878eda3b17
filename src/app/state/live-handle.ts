import { LiveValue, type LiveQuery } from '../../shared/live-query.ts';

/** Something that is watched as long as it is open. Closing twice is fine. */
export interface LiveHandle<T> {
  readonly live: LiveQuery<T>;
  close(): void;
}

/** A handle now, for what `open` can open only when `core` is here; closed before that, it opens nothing. */
export function openLater<C, T>(core: Promise<C>, open: (core: C) => LiveHandle<T>): LiveHandle<T> {
  const live = new LiveValue<T>();
  let closed = false;
  let close = (): void => {
    closed = true;
  };
  void core.then((here) => {
    if (closed) return;
    const opened = open(here);
    const unsubscribe = opened.live.subscribe((value) => live.set(value));
    close = () => {
      unsubscribe();
      opened.close();
    };
  });
  return { live, close: () => close() };
}
