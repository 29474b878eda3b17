import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Sideways movement in px that makes a swipe, and from which on it is one when the finger leaves. */
const BEGIN_PX = 12;
const REPLY_PX = 56;
const MOST_PX = 72;

/**
 * A finger that moves a message towards the page's end answers it; up and down stays scrolling, and a mouse selects. Without motion,
 * where the person wants none, the message stays in its place.
 */
export class SwipeReply implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #canReply: () => boolean;
  readonly #reply: () => void;
  #from: { readonly id: number; readonly x: number; readonly y: number } | undefined;
  #moved = 0;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    canReply: () => boolean,
    reply: () => void,
  ) {
    this.#host = host;
    this.#canReply = canReply;
    this.#reply = reply;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('touchstart', this.#onStart, { passive: true });
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('touchstart', this.#onStart);
    this.#onCancel();
  }

  readonly #onStart = (event: TouchEvent): void => {
    const [touch, another] = event.touches;
    const scrolls = event.composedPath().some((each) => each instanceof HTMLElement && wide(each));
    this.#from =
      touch && !another && !scrolls && this.#canReply()
        ? { id: touch.identifier, x: touch.clientX, y: touch.clientY }
        : undefined;
    this.#shift(0);
    if (!this.#from) return;
    this.#host.addEventListener('touchmove', this.#onMove, { passive: true });
    this.#host.addEventListener('touchend', this.#onEnd);
    this.#host.addEventListener('touchcancel', this.#onCancel);
  };

  readonly #onMove = (event: TouchEvent): void => {
    const from = this.#from;
    const touch = [...event.touches].find(({ identifier }) => identifier === from?.id);
    if (!from || !touch) return;
    const isRtl = getComputedStyle(this.#host).direction === 'rtl';
    const across = (touch.clientX - from.x) * (isRtl ? -1 : 1);
    if (Math.abs(touch.clientY - from.y) > Math.max(BEGIN_PX, Math.abs(across))) {
      this.#onCancel(); // the page is being scrolled
      return;
    }
    this.#shift(across > BEGIN_PX ? Math.min(MOST_PX, across - BEGIN_PX) : 0);
  };

  readonly #onEnd = (): void => {
    const isReply = this.#from !== undefined && this.#moved >= REPLY_PX - BEGIN_PX;
    this.#onCancel();
    if (isReply) this.#reply();
  };

  readonly #onCancel = (): void => {
    if (!this.#from) return;
    this.#from = undefined;
    this.#shift(0);
    this.#host.removeEventListener('touchmove', this.#onMove);
    this.#host.removeEventListener('touchend', this.#onEnd);
    this.#host.removeEventListener('touchcancel', this.#onCancel);
  };

  /** What follows the finger is told to the styles. */
  #shift(px: number): void {
    if (px === this.#moved) return;
    this.#moved = px;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#host.style.setProperty('--swiped', `${still ? 0 : px}px`);
    this.#host.toggleAttribute('data-swiping', px > 0); // else no line has a layer of its own
    this.#host.toggleAttribute('data-swiped', px >= REPLY_PX - BEGIN_PX);
  }
}

/** Something that the finger scrolls sideways instead. */
const wide = (element: HTMLElement): boolean =>
  element.scrollWidth > element.clientWidth + 1 &&
  /auto|scroll/.test(getComputedStyle(element).overflowX);
