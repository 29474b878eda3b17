import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomKey } from '../../shared/brand.ts';
import { isPlainClick } from '../state/plain-click.ts';

/** A press becomes a drag after so many pixels: below that it is a click. */
const SLOP_PX = 6;
/** The list scrolls while the pointer is this near to its edge. */
const EDGE_PX = 40;
const SCROLL_PX = 12;

export interface DragHost extends ReactiveControllerHost, HTMLElement {
  /** The rows on screen, in their order; `data-room` of the link in each names its room. */
  rows(): readonly HTMLElement[];
}

/** Rows dragged with a pointer of any kind: the list shows at once what it would be like. */
export class RowDrag implements ReactiveController {
  readonly #host: DragHost;
  readonly #dropped: (room: RoomKey, to: number) => void;
  #pressed: { readonly room: RoomKey; readonly x: number; readonly y: number } | undefined;
  #lifted: { readonly room: RoomKey; readonly to: number } | undefined;
  #scrolling: number | undefined;

  /** @param dropped called with the room's index among the rows */
  constructor(host: DragHost, dropped: (room: RoomKey, to: number) => void) {
    this.#host = host;
    this.#dropped = dropped;
    host.addController(this);
  }

  /** What is being dragged, and where it would be. */
  get lifted(): { readonly room: RoomKey; readonly to: number } | undefined {
    return this.#lifted;
  }

  hostDisconnected(): void {
    this.#end();
  }

  press(room: RoomKey, event: PointerEvent): void {
    if (!isPlainClick(event)) return;
    this.#end();
    this.#pressed = { room, x: event.clientX, y: event.clientY };
    addEventListener('pointermove', this.#onMove);
    addEventListener('pointerup', this.#onUp);
    addEventListener('pointercancel', this.#onCancel);
    addEventListener('keydown', this.#onKey, true);
  }

  readonly #onMove = (event: PointerEvent): void => {
    const pressed = this.#pressed;
    if (!pressed) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > SLOP_PX;
    if (!this.#lifted && !far) return;
    event.preventDefault();
    this.#lift(pressed.room, event.clientY);
    this.#scrollAt(event.clientY);
  };

  #lift(room: RoomKey, y: number): void {
    const others = this.#host
      .rows()
      .filter((row) => row.querySelector<HTMLElement>('[data-room]')?.dataset['room'] !== room);
    const to = others.filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2 < y;
    }).length;
    if (this.#lifted?.to === to) return;
    this.#lifted = { room, to };
    this.#host.requestUpdate();
  }

  #scrollAt(y: number): void {
    const { top, bottom } = this.#host.getBoundingClientRect();
    const by = y < top + EDGE_PX ? -SCROLL_PX : y > bottom - EDGE_PX ? SCROLL_PX : 0;
    if (this.#scrolling !== undefined) cancelAnimationFrame(this.#scrolling);
    this.#scrolling = undefined;
    if (by === 0 || !this.#lifted) return;
    this.#scrolling = requestAnimationFrame(() => {
      this.#host.scrollBy(0, by);
      if (this.#pressed) this.#lift(this.#pressed.room, y);
      this.#scrollAt(y);
    });
  }

  readonly #onUp = (): void => {
    const lifted = this.#lifted;
    this.#end();
    if (!lifted) return;
    // the click that ends a drag is none
    const swallow = (event: Event): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }));
    this.#dropped(lifted.room, lifted.to);
  };

  readonly #onCancel = (): void => this.#end();

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#lifted) return;
    event.stopPropagation();
    this.#end();
  };

  #end(): void {
    removeEventListener('pointermove', this.#onMove);
    removeEventListener('pointerup', this.#onUp);
    removeEventListener('pointercancel', this.#onCancel);
    removeEventListener('keydown', this.#onKey, true);
    if (this.#scrolling !== undefined) cancelAnimationFrame(this.#scrolling);
    this.#scrolling = undefined;
    this.#pressed = undefined;
    if (!this.#lifted) return;
    this.#lifted = undefined;
    this.#host.requestUpdate();
  }
}
