import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { LiveController } from './live-controller.ts';
import type { LiveHandle } from './live-handle.ts';

/** Holds what its host shows open, and closes it when the host leaves or shows something else. */
export class HandleController<
  T,
  H extends LiveHandle<T> = LiveHandle<T>,
> implements ReactiveController {
  readonly #live: LiveController<T>;
  #shown: readonly unknown[] = [];
  #openShown: (() => H | undefined) | undefined;
  #handle: H | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#live = new LiveController(host);
    host.addController(this);
  }

  get value(): T | undefined {
    return this.#live.value;
  }

  /** What is open. */
  get handle(): H | undefined {
    return this.#handle;
  }

  /**
   * @param shown names what is shown; while all of it is as it was, what is open stays open
   * @param open opens it; undefined while there is nothing to open yet
   */
  show(shown: readonly unknown[], open: () => H | undefined): void {
    if (this.#openShown && shown.every((each, i) => each === this.#shown[i])) return;
    this.#close();
    this.#shown = shown;
    this.#openShown = open;
    this.#open();
  }

  hostConnected(): void {
    this.#open();
  }

  hostDisconnected(): void {
    this.#close();
  }

  #open(): void {
    if (this.#handle) return;
    this.#handle = this.#openShown?.();
    if (this.#handle) this.#live.watch(this.#handle.live);
  }

  #close(): void {
    this.#live.watch(undefined);
    this.#handle?.close();
    this.#handle = undefined;
  }
}
