import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { LiveQuery } from '../../shared/live-query.ts';

/** Renders its host anew whenever the watched query has a new value; stops while the host is not connected. */
export class LiveController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #query: LiveQuery<T> | undefined;
  #stop: (() => void) | undefined;
  #connected = false;
  #value: T | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Undefined while the first value is not known. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Watches `query` from now on; calling it again with the same one is free, so `willUpdate` may do it. */
  watch(query: LiveQuery<T> | undefined): void {
    if (query === this.#query) return;
    this.#leave();
    this.#query = query;
    this.#value = query?.current;
    if (this.#connected) this.#join();
  }

  hostConnected(): void {
    this.#connected = true;
    this.#join();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#leave();
  }

  #join(): void {
    this.#stop ??= this.#query?.subscribe((value) => {
      this.#value = value;
      this.#host.requestUpdate();
    });
  }

  #leave(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
