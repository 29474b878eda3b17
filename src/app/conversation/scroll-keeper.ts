/** Within this many pixels of the end, a reader is at the end. */
const NEAR_END_PX = 64;

/** What the view holds on to while its content changes. `free`: the reader's own place, kept by the browser's scroll anchoring. */
type Hold =
  | { readonly type: 'end' }
  | { readonly type: 'element'; readonly element: Element; readonly block: 'start' | 'center' }
  | { readonly type: 'free' };

type Mark = { readonly line: Element; readonly top: number } | undefined;

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
    // before others who listen: what they do about it must know where the reader is going
    scroller.addEventListener('scroll', this.#onScroll, { passive: true, capture: true });
  }

  stop(): void {
    this.#resizes.disconnect();
    this.#scroller.removeEventListener('scroll', this.#onScroll, { capture: true });
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

  /** Before lines come or go: remembers the line that is read, and where it is in view. */
  mark(): Mark {
    const line = this.#hold.type === 'free' ? this.firstInView() : undefined;
    // its own anchoring rests meanwhile, or the place would be moved twice
    this.#scroller.classList.add('growing');
    return line && { line, top: line.getBoundingClientRect().top };
  }

  /** After it: the line that was marked is where it was. One that is gone says that the reader has jumped. */
  restore(mark: Mark): void {
    if (mark?.line.isConnected) {
      const moved = mark.line.getBoundingClientRect().top - mark.top;
      if (moved !== 0) this.#scroller.scrollTop += moved;
      this.#ownTop = this.#lastTop = this.#scroller.scrollTop;
    } else if (this.#hold.type === 'end') {
      this.settle();
    } else if (this.#hold.type === 'element' && !this.#hold.element.isConnected) {
      this.#hold = { type: 'free' };
    }
    this.#scroller.classList.remove('growing');
    this.#tell();
  }

  /** Puts a line so far below the upper edge, and leaves it to the reader. */
  toPlace(line: Element, top: number): void {
    this.#hold = { type: 'free' };
    const { top: edge } = this.#scroller.getBoundingClientRect();
    this.#scroller.scrollTop += line.getBoundingClientRect().top - edge - top;
    this.#ownTop = this.#lastTop = this.#scroller.scrollTop;
    this.#tell();
  }

  /** The line that is read, and how far below the upper edge it begins. */
  get place(): { readonly line: Element; readonly top: number } | undefined {
    const line = this.firstInView();
    const { top } = this.#scroller.getBoundingClientRect();
    return line && { line, top: line.getBoundingClientRect().top - top };
  }

  /** The first line that is not above the upper edge. Lines are in order, so it is found by halving. */
  firstInView(): Element | undefined {
    const top = this.#scroller.getBoundingClientRect().top;
    const lines = this.#content.children;
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[middle] as Element).getBoundingClientRect().bottom > top) high = middle;
      else low = middle + 1;
    }
    return lines[low];
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
