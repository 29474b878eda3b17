import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Millis } from '../../shared/brand.ts';

/** Renders its host again as time passes, so that "12 s" and "Yesterday" stay true. The page's clock, `now`, is read here only. */
export class Ticker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #everyMs: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #connected = false;

  /** @param everyMs how often; absent: not until `every` is called */
  constructor(host: ReactiveControllerHost, everyMs?: number) {
    this.#host = host;
    this.#everyMs = everyMs;
    host.addController(this);
  }

  get now(): Millis {
    return Date.now();
  }

  /** Sets another rhythm; undefined lets the clock rest. */
  every(everyMs: number | undefined): void {
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    this.#restart();
  }

  hostConnected(): void {
    this.#connected = true;
    this.#restart();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#restart();
  }

  #restart(): void {
    clearInterval(this.#timer);
    this.#timer =
      this.#connected && this.#everyMs !== undefined
        ? setInterval(() => this.#host.requestUpdate(), this.#everyMs)
        : undefined;
  }
}
