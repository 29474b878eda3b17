import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, queryAll, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { HistoryWish, MessageItem } from '../state/api.ts';
import type { ReadingPlace } from '../state/reading-places.ts';
import { text } from '../state/text.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { arrivals, newsBehind } from './arrivals.ts';
import { FeedKeys } from './feed-keys.ts';
import { announcements, toLatestButton, toUnreadButton } from './history-buttons.ts';
import { FeedLeftEvent, ReadingPlaceEvent } from './history-events.ts';
import { label, today } from './line-labels.ts';
import { LocalWindow, MOST_LINES, type HistoryView } from './local-window.ts';
import { historyRows, type Row } from './rows.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import { historyStyles } from './weir-history.styles.ts';
import type { QuoteChosenEvent, WeirMessage } from './weir-message.ts';
import { wishAhead } from './wish-ahead.ts';
import { Wishes } from './wishes.ts';
import './weir-message.ts';

/** A line's height, until some have been measured, px. */
const LINE = 64;
const FOUND_MS = 2_200;
/** A reader who has not scrolled for this long is reading. */
const SETTLED_MS = 250;
const ANNOUNCED = 3;

/**
 * One room's messages as a feed. A new element per room: it opens at the first unread message, where the person was reading, or at the
 * end, and keeps the reader's place.
 *
 * It draws a window of the messages and asks for more as the reader comes near its edges. Space above and below stands for the
 * others, so that the scrollbar is one of the whole room and can be dragged anywhere.
 *
 * Keyboard as in the ARIA feed pattern: Page Up and Page Down between messages, Home and End to the first and last, Ctrl+Home and
 * Ctrl+End leave it.
 */
@customElement('weir-history')
export class WeirHistory extends LitElement {
  /** All of them, or with `show` those of a window. */
  @property({ attribute: false }) messages: readonly MessageItem[] = [];
  @property({ attribute: false }) around: Omit<HistoryView, 'messages'> | undefined;
  /** Moves the window; absent where all messages are here. */
  @property({ attribute: false }) show: ((wish: HistoryWish) => Promise<void>) | undefined;
  @property() firstUnreadId: string | undefined;
  /** How many were unread when the room was opened. */
  @property({ type: Number }) unread = 0;
  @property({ attribute: false }) opensAt: ReadingPlace | undefined;
  @property() roomName = '';
  /** The person may write in the room. */
  @property({ type: Boolean }) writable = false;

  @state() private atEnd = true;
  /** Messages of others that came while the reader was elsewhere. */
  @state() private missed = 0;
  @state() private announced: readonly MessageItem[] = [];
  @state() private reachedId: string | undefined;
  @state() private foundId: string | undefined;
  /** Stays where it was when the room was opened, also when its messages have been read. */
  @state() private dividerId: string | undefined;
  @state() private dividerAbove = false;

  @query('.scroller') private readonly scroller!: HTMLElement;
  @query('.feed') private readonly feed!: HTMLElement;
  @queryAll('.space') private readonly spaces!: NodeListOf<HTMLElement>;

  readonly #ticker = new Ticker(this, 60_000);
  readonly #local = new LocalWindow();
  #view: HistoryView = { ...ALL, messages: [] };
  #keeper: ScrollKeeper | undefined;
  #opened = false;
  #lineHeight = LINE;
  #mark: ReturnType<ScrollKeeper['mark']>;
  #isMarked = false;
  #hadFocus = false;
  #isPlaced = false;
  readonly #wishes = new Wishes(
    (wish) => this.#fulfil(wish),
    (busy) => (this.feed.ariaBusy = String(busy)),
  );
  readonly #keys = new FeedKeys({
    lines: () => this.#lines(),
    reachedId: () => this.reachedId,
    view: () => this.#view,
    ask: (wish, arrive) => this.#wishes.ask(wish, arrive),
    leave: (towards) => void this.dispatchEvent(new FeedLeftEvent(towards)),
  });
  #dividerAt = 0;
  /** What was asked for since the reader has scrolled. */
  #asked: HistoryWish['type'] | undefined;
  #foundTimer: ReturnType<typeof setTimeout> | undefined;
  #settledTimer: ReturnType<typeof setTimeout> | undefined;

  static override readonly styles = [base, historyStyles];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('messages') && !changed.has('around')) return;
    if (!this.#opened && this.messages.length > 0) this.#open();
    else if (this.#opened && !this.show) this.#local.update(this.messages);
    this.#look();
  }

  override render(): TemplateResult {
    const { messages, before, after, exact } = this.#view;
    const rows = historyRows(messages, this.dividerId);
    const places = new Map(messages.map((item, index) => [item.id, before + index + 1]));
    const size = exact ? before + messages.length + after : -1;
    // Tab reaches one message: where the reader was, or the newest
    const reached = (rows.find((row) => row.key === this.reachedId) ?? rows.at(-1))?.key;
    return html`
      <div class="scroller" @scroll=${this.#onScroll}>
        <div class="space" aria-hidden="true"></div>
        <div
          class="feed"
          role="feed"
          aria-label=${text.conversation.history(this.roomName)}
          @keydown=${this.#keys.onKey}
          @focusin=${this.#onFocus}
          @weir-quote-chosen=${(event: QuoteChosenEvent) => void this.goTo(event.id)}
        >
          ${repeat(
            rows,
            (row) => row.key,
            (row) => this.#line(row, row.key === reached, places, size),
          )}
        </div>
        <div class="space" aria-hidden="true"></div>
      </div>
      ${this.dividerAbove ? toUnreadButton(this.unread, this.#toUnread) : nothing}
      ${this.atEnd ? nothing : toLatestButton(this.missed, this.toEnd)}
      ${announcements(this.announced)}
    `;
  }

  protected override updated(): void {
    const { before, after } = this.#view;
    const [above, below] = this.spaces;
    above?.style.setProperty('height', `${before * this.#lineHeight}px`);
    below?.style.setProperty('height', `${after * this.#lineHeight}px`);
    this.#drawn = this.#draw();
  }

  /** Shows a message in the middle, with focus, and lights it up for a moment. @returns whether it is in the room */
  async goTo(id: string): Promise<boolean> {
    if (!this.#isPlaced) await this.#settled(); // a room that was just opened is put where it opens first
    await this.#goTo(id, 'center');
    if (!this.#view.messages.some((item) => item.id === id)) return false;
    clearTimeout(this.#foundTimer);
    this.foundId = id;
    this.#foundTimer = setTimeout(() => (this.foundId = undefined), FOUND_MS);
    return true;
  }

  async #goTo(id: string, block: 'start' | 'center'): Promise<void> {
    const arrive = (): boolean => {
      const line = this.#lineOf(id);
      if (!line) return false;
      line.focus({ preventScroll: true });
      this.#keeper?.toElement(line, block);
      return true;
    };
    if (!arrive()) await this.#wishes.ask({ type: 'message', id }, arrive);
  }

  readonly toEnd = async (): Promise<void> => {
    this.missed = 0;
    if (this.#view.after === 0) {
      this.#keeper?.toEnd(!matchMedia('(prefers-reduced-motion: reduce)').matches);
      return;
    }
    await this.#wishes.ask({ type: 'end' }, () => {
      if (this.#view.after > 0) return false;
      this.#keeper?.toEnd();
      return true;
    });
  };

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#foundTimer);
    clearTimeout(this.#settledTimer);
    this.#keeper?.stop();
  }

  protected override firstUpdated(): void {
    this.#watch();
  }

  #watch(): void {
    this.#keeper = new ScrollKeeper(this.scroller, this.feed, (atEnd) => {
      this.atEnd = atEnd && this.#view.after === 0;
      if (this.atEnd) this.missed = 0;
    });
  }

  #open(): void {
    this.#opened = true;
    this.dividerId = this.firstUnreadId;
    if (!this.show) this.#local.open(this.messages, this.firstUnreadId);
  }

  /** Takes what there is to be seen now, and says what of it is news. */
  #look(): void {
    const before = this.#view;
    const next = this.show
      ? { ...(this.around ?? ALL), messages: this.messages }
      : this.#local.view;
    this.#markPlace();
    this.#view = next;
    const divider = next.messages.find((item) => item.id === this.dividerId);
    if (divider) this.#dividerAt = divider.at;
    if (!this.#isPlaced) return;
    if (before.after === 0) this.#receive(arrivals(before.messages, next.messages));
    else if (next.after === 0 && this.#wishes.current === undefined) this.#keeper?.toEnd(); // an own message shows itself
    else this.missed += newsBehind(before, next);
  }

  #receive(news: readonly MessageItem[]): void {
    if (news.length === 0) return;
    const fromOthers = news.filter((item) => !item.mine);
    if (fromOthers.length < news.length || this.#keeper?.atEnd) {
      this.#keeper?.toEnd(); // an own message always shows itself
    } else {
      this.missed += fromOthers.length;
    }
    this.announced = [...this.announced, ...fromOthers].slice(-ANNOUNCED);
    // a page that was out of sight has unread messages again; in sight, the divider stays where it is
    if (document.visibilityState === 'hidden' && this.firstUnreadId !== undefined) {
      this.dividerId = this.firstUnreadId;
    }
  }

  #markPlace(): void {
    if (this.#isMarked || !this.#keeper || !this.#isPlaced) return;
    this.#isMarked = true;
    this.#mark = this.#keeper.mark();
    this.#hadFocus = this.shadowRoot?.activeElement?.localName === 'weir-message';
  }

  #drawn: Promise<void> = Promise.resolve();

  /** When all lines have drawn themselves, and before the browser paints them, the reader is put where they were. */
  async #draw(): Promise<void> {
    await Promise.all(this.#lines().map((line) => line.updateComplete));
    if (!this.isConnected || !this.#keeper || this.#view.messages.length === 0) return;
    if (!this.#isPlaced) this.#placeFirst(this.#keeper);
    else if (!this.#wishes.arrive() && this.#isMarked) this.#keeper.restore(this.#mark);
    this.#isMarked = false;
    if (this.#hadFocus && !this.shadowRoot?.activeElement)
      this.#lines()
        .find((line) => line.tabIndex === 0)
        ?.focus({ preventScroll: true });
    this.#hadFocus = false;
    this.#askAhead();
  }

  #placeFirst(keeper: ScrollKeeper): void {
    this.#isPlaced = true;
    const lines = this.#lines();
    const [first, last] = [lines[0], lines.at(-1)];
    if (first && last && lines.length >= 10) {
      const height = last.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
      this.#lineHeight = Math.round(height / lines.length);
      this.updated();
    }
    const divider = this.dividerId === undefined ? undefined : this.#lineOf(this.dividerId);
    const left = this.opensAt && this.#lineOf(this.opensAt.id);
    if (divider) keeper.toElement(divider, 'start');
    else if (left && this.opensAt) keeper.toPlace(left, this.opensAt.top);
    else keeper.toEnd();
  }

  async #settled(): Promise<void> {
    await this.updateComplete;
    await this.#drawn;
  }

  async #fulfil(wish: HistoryWish): Promise<void> {
    if (this.show) {
      await this.show(wish);
    } else {
      this.#local.show(wish);
      this.#look();
      this.requestUpdate();
    }
    await this.#settled();
  }

  /** Asks for the lines that the reader is about to see. */
  #askAhead(): void {
    if (this.#wishes.current || !this.#isPlaced || !this.isConnected) return;
    const wish = this.#wishAhead();
    // in a window too small for what is asked for at both its ends, they would take turns for ever
    if (!wish || (this.#asked && this.#asked !== wish.type)) return;
    this.#asked = wish.type;
    const before = this.#view;
    void this.#wishes.ask(wish).then(() => {
      if (this.#view !== before) this.#askAhead(); // else there was nothing to be had
    });
  }

  #wishAhead(): HistoryWish | undefined {
    const wish = wishAhead(this.scroller, this.feed, this.#view, this.#lineHeight);
    const { messages, after } = this.#view;
    if (wish || after > 0 || messages.length <= MOST_LINES) return wish;
    // a page that stays open for days keeps no more lines than one that was just opened
    const inUse = this.#hadFocus || this.shadowRoot?.activeElement;
    return this.#keeper?.atEnd && !inUse ? { type: 'end' } : undefined;
  }

  readonly #onScroll = (): void => {
    this.#asked = undefined;
    this.#askAhead();
    this.dividerAbove = this.#isDividerAbove();
    clearTimeout(this.#settledTimer);
    this.#settledTimer = setTimeout(() => this.#tellPlace(), SETTLED_MS);
  };

  #isDividerAbove(): boolean {
    if (this.dividerId === undefined) return false;
    const line = this.#lineOf(this.dividerId);
    if (line) {
      return line.getBoundingClientRect().bottom < this.scroller.getBoundingClientRect().top;
    }
    return this.#dividerAt < (this.#view.messages[0]?.at ?? 0);
  }

  #tellPlace(): void {
    const place = this.atEnd ? undefined : this.#keeper?.place;
    const id = (place?.line as HTMLElement | undefined)?.dataset['id'];
    const item = this.#view.messages.find((each) => each.id === id);
    this.dispatchEvent(
      new ReadingPlaceEvent(
        place && item && { id: item.id, top: Math.round(place.top), at: item.at },
      ),
    );
  }

  #line(
    row: Row,
    reachable: boolean,
    places: ReadonlyMap<string, number>,
    size: number,
  ): TemplateResult {
    const item = row.type === 'message' ? row.item : undefined;
    return html`<weir-message
      role="article"
      data-id=${row.key}
      class=${classMap({ found: row.key === this.foundId })}
      tabindex=${reachable ? 0 : -1}
      aria-posinset=${places.get(row.key) ?? 0}
      aria-setsize=${size}
      aria-label=${label(row)}
      .row=${row}
      .today=${today(this.#ticker.now)}
      .writable=${this.writable}
      .quoteHere=${item?.replyTo !== undefined && this.#canGoTo(item.replyTo.id)}
    ></weir-message>`;
  }

  readonly #toUnread = async (): Promise<void> => {
    if (this.dividerId !== undefined) await this.#goTo(this.dividerId, 'start');
  };

  /** Of a room that is read in parts, what is quoted may be anywhere. */
  #canGoTo(id: string): boolean {
    return this.show !== undefined || this.messages.some((item) => item.id === id);
  }

  #lines(): WeirMessage[] {
    return [...this.feed.querySelectorAll('weir-message')];
  }

  #lineOf(id: string): WeirMessage | undefined {
    return this.#lines().find((line) => line.dataset['id'] === id);
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const line = (event.target as Element).closest<HTMLElement>('weir-message');
    if (line) this.reachedId = line.dataset['id'];
  };
}

const ALL = { before: 0, after: 0, exact: true };

declare global {
  interface HTMLElementTagNameMap {
    'weir-history': WeirHistory;
  }
}
