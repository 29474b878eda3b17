import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { unreachable } from '../../shared/result.ts';
import type { MessageItem } from '../state/api.ts';
import { clockTime } from '../state/format.ts';
import { text } from '../state/text.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { downIcon } from '../theme/icons.ts';
import { arrivals } from './arrivals.ts';
import { historyRows, type Row } from './rows.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import type { QuoteChosenEvent } from './weir-message.ts';
import './weir-message.ts';

/** The reader leaves the feed by keyboard (Ctrl+Home, Ctrl+End). */
export class FeedLeftEvent extends Event {
  static readonly type = 'weir-feed-left';
  readonly towards: 'before' | 'after';

  constructor(towards: 'before' | 'after') {
    super(FeedLeftEvent.type, { bubbles: true, composed: true });
    this.towards = towards;
  }
}

const WINDOW = 80;
/** With more lines than this in the page, a reader at the end loses the oldest of them again. */
const MAX_LINES = 240;
const CONTEXT_ABOVE_UNREAD = 20;
const FOUND_MS = 2_200;
const ANNOUNCED = 3;

/**
 * One room's messages as a feed. A new element per room: it opens at the first unread message or at the end, shows the newest
 * part and grows towards older ones, and keeps the reader's place.
 *
 * Keyboard as in the ARIA feed pattern: Page Up and Page Down between messages, Ctrl+Home and Ctrl+End leave it.
 */
@customElement('weir-history')
export class WeirHistory extends LitElement {
  @property({ attribute: false }) messages: readonly MessageItem[] = [];
  @property() firstUnreadId: string | undefined;
  @property() roomName = '';
  /** The person may write in the room. */
  @property({ type: Boolean }) writable = false;

  @state() private atEnd = true;
  /** Messages of others that came while the reader was elsewhere. */
  @state() private missed = 0;
  @state() private announced: readonly MessageItem[] = [];
  /** The first message that is rendered; everything is, when it is gone. */
  @state() private startId: string | undefined;
  @state() private reachedId: string | undefined;
  @state() private foundId: string | undefined;
  /** Stays where it was when the room was opened, also when its messages have been read. */
  @state() private dividerId: string | undefined;

  @query('.scroller') private readonly scroller!: HTMLElement;
  @query('.feed') private readonly feed!: HTMLElement;
  @query('.older') private readonly older!: HTMLElement;

  readonly #ticker = new Ticker(this, 60_000);
  #keeper: ScrollKeeper | undefined;
  #olderSeen: IntersectionObserver | undefined;
  #opened = false;
  #known: readonly MessageItem[] = [];
  #growing = false;
  #foundTimer: ReturnType<typeof setTimeout> | undefined;

  static override readonly styles = [
    base,
    css`
      :host {
        position: relative;
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .scroller {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .scroller.growing {
        overflow-anchor: none;
      }
      .feed {
        display: flex;
        flex-direction: column;
        justify-content: flex-end; /* a short history rests on the composer */
        max-width: var(--measure);
        min-height: calc(100% - 1px);
        margin: 0 auto;
        padding-bottom: 1rem;
      }
      .older {
        height: 1px;
      }
      .latest {
        position: absolute;
        right: max(1rem, calc((100% - var(--measure)) / 2));
        bottom: 0.75rem;
        display: flex;
        align-items: center;
        gap: 0.375rem;
        min-width: 2.75rem;
        height: 2.75rem;
        padding: 0 0.75rem;
        border-radius: 1.375rem;
        background: var(--raised);
        color: var(--water);
        box-shadow: var(--shadow);
        font-size: var(--size-s);
        font-weight: 700;
        font-variant-numeric: tabular-nums;
      }
      .latest.news {
        background: var(--water);
        color: var(--on-water);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('messages')) return;
    if (!this.#opened && this.messages.length > 0) this.#open();
    else if (this.#opened) this.#receive(arrivals(this.#known, this.messages));
    this.#known = this.messages;
  }

  override render(): TemplateResult {
    const { messages } = this;
    const start = this.#start();
    const rows = historyRows(start === 0 ? messages : messages.slice(start), this.dividerId);
    const places = new Map(messages.map((item, index) => [item.id, index + 1]));
    const reached = this.#reached(rows);
    return html`
      <div class="scroller">
        <div class="older" aria-hidden="true"></div>
        <div
          class="feed"
          role="feed"
          aria-label=${text.conversation.history(this.roomName)}
          aria-busy=${this.#growing}
          @keydown=${this.#onKey}
          @focusin=${this.#onFocus}
          @weir-quote-chosen=${(event: QuoteChosenEvent) => void this.goTo(event.id)}
        >
          ${repeat(
            rows,
            (row) => row.key,
            (row) => this.#line(row, row.key === reached, places),
          )}
        </div>
      </div>
      ${this.atEnd ? nothing : this.#latestButton()}
      <div class="hush" role="log" aria-live="polite" aria-label=${text.conversation.arrivals}>
        ${repeat(
          this.announced,
          (item) => item.id,
          (item) => html`<p>${text.message.announce(item.author, announcement(item))}</p>`,
        )}
      </div>
    `;
  }

  /** Shows a message in the middle, with focus, and lights it up for a moment. Nothing when it is not here. */
  async goTo(id: string): Promise<void> {
    const index = this.messages.findIndex((item) => item.id === id);
    if (index < 0) return;
    if (index < this.#start()) this.startId = this.messages[Math.max(0, index - 10)]?.id;
    clearTimeout(this.#foundTimer);
    this.foundId = id;
    this.#foundTimer = setTimeout(() => (this.foundId = undefined), FOUND_MS);
    await this.updateComplete;
    const line = this.#lineOf(id);
    if (!line) return;
    line.focus({ preventScroll: true });
    this.#keeper?.toElement(line, 'center');
  }

  readonly toEnd = (): void => {
    this.missed = 0;
    this.#keeper?.toEnd(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#foundTimer);
    this.#keeper?.stop();
    this.#olderSeen?.disconnect();
  }

  protected override firstUpdated(): void {
    this.#watch();
  }

  #watch(): void {
    this.#keeper = new ScrollKeeper(this.scroller, this.feed, (atEnd) => {
      this.atEnd = atEnd;
      if (atEnd) this.missed = 0;
    });
    const divider = this.dividerId === undefined ? undefined : this.#lineOf(this.dividerId);
    if (divider) this.#keeper.toElement(divider, 'start');
    else this.#keeper.toEnd();
    this.#olderSeen = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && void this.#grow(),
      { root: this.scroller, rootMargin: '800px 0px 0px' },
    );
    this.#olderSeen.observe(this.older);
  }

  #open(): void {
    this.#opened = true;
    this.dividerId = this.firstUnreadId;
    const unread = this.messages.findIndex((item) => item.id === this.dividerId);
    const newest = this.messages.length - WINDOW;
    const start = unread < 0 ? newest : Math.min(newest, unread - CONTEXT_ABOVE_UNREAD);
    this.startId = this.messages[Math.max(0, start)]?.id;
    if (this.#keeper) void this.updateComplete.then(() => this.#openAtDivider());
  }

  /** The messages came after the element: the place to open at is only known now. */
  #openAtDivider(): void {
    const divider = this.dividerId === undefined ? undefined : this.#lineOf(this.dividerId);
    if (divider) this.#keeper?.toElement(divider, 'start');
    else this.#keeper?.toEnd();
  }

  #receive(news: readonly MessageItem[]): void {
    if (news.length === 0) return;
    const fromOthers = news.filter((item) => !item.mine);
    if (fromOthers.length < news.length || this.#keeper?.atEnd) {
      void this.updateComplete.then(() => this.#keeper?.toEnd()); // an own message always shows itself
      this.#trim();
    } else {
      this.missed += fromOthers.length;
    }
    this.announced = [...this.announced, ...fromOthers].slice(-ANNOUNCED);
    // a page that was out of sight has unread messages again; in sight, the divider stays where it is
    if (document.visibilityState === 'hidden' && this.firstUnreadId !== undefined) {
      this.dividerId = this.firstUnreadId;
    }
  }

  /** A page that stays open for days keeps no more lines than one that was just opened. */
  #trim(): void {
    const inUse = Boolean(this.shadowRoot?.activeElement);
    if (inUse || this.messages.length - this.#start() <= MAX_LINES) return;
    this.startId = this.messages[this.messages.length - WINDOW]?.id;
  }

  #start(): number {
    const start = this.messages.findIndex((item) => item.id === this.startId);
    return Math.max(0, start);
  }

  async #grow(): Promise<void> {
    const start = this.#start();
    if (start === 0 || this.#growing || !this.#keeper) return;
    this.#growing = true;
    await this.#keeper.keepPlace(() => {
      this.startId = this.messages[Math.max(0, start - WINDOW)]?.id;
      return this.updateComplete;
    });
    this.#growing = false;
    // still in sight: the observer reports only changes
    this.#olderSeen?.unobserve(this.older);
    this.#olderSeen?.observe(this.older);
  }

  #line(row: Row, reachable: boolean, places: ReadonlyMap<string, number>): TemplateResult {
    const item = row.type === 'message' ? row.item : undefined;
    const quoted = item?.replyTo?.id;
    return html`<weir-message
      role="article"
      data-id=${row.key}
      class=${classMap({ found: row.key === this.foundId })}
      tabindex=${reachable ? 0 : -1}
      aria-posinset=${places.get(row.key) ?? 0}
      aria-setsize=${this.messages.length}
      aria-label=${label(row)}
      .row=${row}
      .today=${today(this.#ticker.now)}
      .writable=${this.writable}
      .quoteHere=${quoted !== undefined && places.has(quoted)}
    ></weir-message>`;
  }

  #latestButton(): TemplateResult {
    return html`<button
      class="latest ${this.missed > 0 ? 'news' : ''}"
      type="button"
      aria-label=${text.conversation.latest(this.missed)}
      @click=${this.toEnd}
    >
      ${this.missed > 0 ? html`<span aria-hidden="true">${this.missed}</span>` : nothing}
      ${downIcon()}
    </button>`;
  }

  /** Tab reaches one message: where the reader was, or the newest. */
  #reached(rows: readonly Row[]): string | undefined {
    return (rows.find((row) => row.key === this.reachedId) ?? rows.at(-1))?.key;
  }

  #lineOf(id: string): HTMLElement | undefined {
    const lines = [...this.feed.querySelectorAll<HTMLElement>('weir-message')];
    return lines.find((line) => line.dataset['id'] === id);
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const line = (event.target as Element).closest<HTMLElement>('weir-message');
    if (line) this.reachedId = line.dataset['id'];
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && (event.key === 'Home' || event.key === 'End')) {
      event.preventDefault();
      this.dispatchEvent(new FeedLeftEvent(event.key === 'Home' ? 'before' : 'after'));
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const step = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
    if (step === 0) return;
    const lines = [...this.feed.querySelectorAll<HTMLElement>('weir-message')];
    const at = lines.findIndex((line) => line.dataset['id'] === this.reachedId);
    const next = lines[at + step];
    event.preventDefault();
    next?.focus();
  };
}

/** The day's first millisecond: the same value all day, so that lines are not rendered again each minute. */
const today = (now: number): number => new Date(now).setHours(0, 0, 0, 0);

function label(row: Row): string {
  if (row.type === 'event') return text.message.joined(row.names);
  const { item } = row;
  return text.message.label(item.mine ? text.message.you : item.author, clockTime(item.at));
}

function announcement(item: MessageItem): string {
  switch (item.kind) {
    case 'event':
      return text.message.joined([item.author]);
    case 'unsupported':
      return text.message.unsupported;
    case 'unreadable':
      return text.message.unreadable;
    case 'text':
    case 'reply':
      return item.text.slice(0, 500);
    default:
      return unreachable(item.kind);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-history': WeirHistory;
  }
  interface HTMLElementEventMap {
    'weir-feed-left': FeedLeftEvent;
  }
}
