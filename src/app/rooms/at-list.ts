import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** After a touch or a scroll the person is still at the list for so long. */
const LINGER_MS = 3_000;

/** Whether the person is at an element: it has the focus or the mouse is over it, or it was touched a moment ago. */
export class AtList implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #hovered = false;
  #focused = false;
  #lingers: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('pointerenter', (event) => {
      if (event.pointerType === 'mouse') this.#set(true, this.#focused);
    });
    host.addEventListener('pointerleave', () => this.#set(false, this.#focused));
    host.addEventListener('focusin', () => this.#set(this.#hovered, true));
    host.addEventListener('focusout', () => this.#set(this.#hovered, false));
    for (const type of ['pointerdown', 'scroll', 'wheel']) {
      host.addEventListener(type, () => this.#linger(), { passive: true });
    }
  }

  get value(): boolean {
    return this.#hovered || this.#focused || this.#lingers !== undefined;
  }

  hostDisconnected(): void {
    clearTimeout(this.#lingers);
    this.#lingers = undefined;
    this.#hovered = false;
    this.#focused = false;
  }

  #linger(): void {
    clearTimeout(this.#lingers);
    this.#lingers = setTimeout(() => {
      this.#lingers = undefined;
      this.#host.requestUpdate();
    }, LINGER_MS);
  }

  #set(hovered: boolean, focused: boolean): void {
    this.#hovered = hovered;
    this.#focused = focused;
    if (!this.value) this.#host.requestUpdate();
  }
}
