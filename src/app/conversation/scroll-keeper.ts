/** Within this many pixels of the end, a reader is at the end. */
const NEAR_END_PX = 64;

/** What the view holds on to while its content changes. `free`: the reader's own place, kept by the browser's scroll anchoring. */
type Hold =
  | { readonly type: 'end' }
  | { readonly type: 'element'; readonly element: Element; readonly block: 'start' | 'center' }
  | { readonly type: 'free' };

/**
 * Keeps the place in a history whose lines change height, arrive at the end and are added at the top.
 *
 * Being at the end is an intention: it lasts through arrivals, resizes and an opening keyboard, and ends only when the
 * reader scrolls up.
 */
export class ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #content: HTMLElement;
  readonly #onAtEnd: (atEnd: boolean) => void;
  readonly #resizes: ResizeObserver;
  #hold: Hold = { type: 'end' };
  #atEnd = true;
  #lastTop = 0;
  #height: number;
  #ownTop: number | undefined;

  /** @param onAtEnd called when the reader leaves or reaches the end */
  constructor(scroller: HTMLElement, content: HTMLElement, onAtEnd: (atEnd: boolean) => void) {
    this.#scroller = scroller;
    this.#content = content;
    this.#onAtEnd = onAtEnd;
    this.#height = scroller.clientHeight;
    this.#resizes = new ResizeObserver(() => this.#onResize());
    this.#resizes.observe(scroller);
    this.#resizes.observe(content);
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  stop(): void {
    this.#resizes.disconnect();
    this.#scroller.removeEventListener('scroll', this.#onScroll);
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  toEnd(smooth = false): void {
    this.#hold = { type: 'end' };
    if (smooth) {
      this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior: 'smooth' });
    } else {
      this.settle();
    }
  }

  toElement(element: Element, block: 'start' | 'center'): void {
    this.#hold = { type: 'element', element, block };
    this.settle();
  }

  /** Puts the view where it is held, after a layout change. */
  settle(): void {
    const hold = this.#hold;
    if (hold.type === 'end') this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else if (hold.type === 'element') hold.element.scrollIntoView({ block: hold.block });
    this.#ownTop = this.#lastTop = this.#scroller.scrollTop;
    this.#tell();
  }

  /** Runs a change that adds lines at the top, and puts the line that was first in view where it was. */
  async keepPlace(change: () => Promise<unknown>): Promise<void> {
    const anchor = this.#firstInView();
    const before = anchor?.getBoundingClientRect().top;
    this.#scroller.classList.add('growing'); // its own anchoring rests meanwhile, or the place would be moved twice
    await change();
    if (anchor?.isConnected && before !== undefined) {
      this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
      this.#ownTop = this.#lastTop = this.#scroller.scrollTop;
    }
    this.#scroller.classList.remove('growing');
  }

  #firstInView(): Element | undefined {
    const top = this.#scroller.getBoundingClientRect().top;
    return [...this.#content.children].find(
      (line) => line.role === 'article' && line.getBoundingClientRect().bottom > top,
    );
  }

  #onResize(): void {
    const height = this.#scroller.clientHeight;
    // the window or the composer has changed, and the reader was at the end: there they stay
    if (height !== this.#height && this.#atEnd) this.#hold = { type: 'end' };
    this.#height = height;
    this.settle();
  }

  readonly #onScroll = (): void => {
    const top = this.#scroller.scrollTop;
    const own = this.#ownTop !== undefined && Math.abs(top - this.#ownTop) < 2;
    const up = top < this.#lastTop;
    this.#ownTop = undefined;
    this.#lastTop = top;
    if (!own) {
      if (this.#distance() <= NEAR_END_PX) this.#hold = { type: 'end' };
      else if (up || this.#hold.type === 'element') this.#hold = { type: 'free' };
    }
    this.#tell();
  };

  #distance(): number {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #tell(): void {
    const atEnd = this.#hold.type === 'end' || this.#distance() <= NEAR_END_PX;
    if (atEnd === this.#atEnd) return;
    this.#atEnd = atEnd;
    this.#onAtEnd(atEnd);
  }
}
