import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Millis } from '../../shared/brand.ts';
import { invitationCard, invitationCardStyles } from '../dms/invitation-card.ts';
import type { MessageItem } from '../state/api.ts';
import { dayLabel, fullTime } from '../state/format.ts';
import { text } from '../state/text.ts';
import { markdownStyles } from '../markdown/markdown.styles.ts';
import { PersonChosenEvent } from '../markdown/mention-chip.ts';
import { base } from '../theme/base.ts';
import { moreIcon, onNodeIcon, replyIcon, smileIcon, storedIcon } from '../theme/icons.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { messageAuthor, messageAuthorStyles } from './message-author.ts';
import { messageBodyStyles, messageText, reactions } from './message-body.ts';
import { MessageActEvent, type MessageAct } from './message-events.ts';
import { messageTime, messageTimeStyles, timeInFull } from './message-time.ts';
import { refusedNote, refusedStyles } from './refused-note.ts';
import type { EventRow, MessageRow, Row } from './rows.ts';
import { SwipeReply } from './swipe-reply.ts';
import { messageLayout } from './weir-message.styles.ts';

/** Written without white space between its tags, which would be a third of a line's nodes; the formatter puts it into `html`. */
const tight = html;

/** Lines that are scrolled through under a pointer get no buttons. */
const RESTS_MS = 60;

/** The person wants to see the message that a reply quotes. */
export class QuoteChosenEvent extends Event {
  static readonly type = 'weir-quote-chosen';
  readonly id: string;

  constructor(id: string) {
    super(QuoteChosenEvent.type, { bubbles: true, composed: true });
    this.id = id;
  }
}

/** One line of the history: a message or merged events, with the day and the unread divider that begin at it. */
@customElement('weir-message')
export class WeirMessage extends LitElement {
  @property({ attribute: false, hasChanged: rowChanged }) row: Row | undefined;
  /** The moment that "Today" is relative to; a day's precision is enough. */
  @property({ attribute: false }) today: Millis = 0;
  /** The quoted message can be gone to. */
  @property({ type: Boolean }) quoteHere = false;

  /** The person may write in the room. */
  @property({ type: Boolean }) writable = false;

  @state() private whole = false;
  /** The pointer or the focus is here: only then the message has buttons. */
  @state() private near = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** One sheet: every line has a tree of its own, and takes each of its sheets in turn. */
  static override readonly styles = css`
    ${base}
    ${pebbleStyles}
    ${markdownStyles}
    ${messageBodyStyles}
    ${messageLayout}
    ${messageAuthorStyles}
    ${messageTimeStyles}
    ${invitationCardStyles}
    ${refusedStyles}
  `;

  constructor() {
    super();
    this.addEventListener('pointerenter', () => {
      this.#resting = setTimeout(() => (this.near = true), RESTS_MS);
    });
    this.addEventListener('pointerleave', () => {
      clearTimeout(this.#resting);
      this.near = this.matches(':focus-within');
    });
    this.addEventListener('focusin', () => (this.near = true));
    this.addEventListener('focusout', () => (this.near = this.matches(':hover')));
    this.addEventListener('contextmenu', this.#onContextMenu);
    new SwipeReply(
      this,
      () => this.writable && this.row?.type === 'message' && isActable(this.row.item),
      () => this.#act({ type: 'reply' }, this),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#resting);
  }

  override render(): TemplateResult | typeof nothing {
    const { row } = this;
    if (!row) return nothing;
    return html`${this.#head(row)}${row.type === 'event' ? eventLine(row) : this.#message(row)}`;
  }

  #head({ day, unreadStart }: Row): TemplateResult | typeof nothing {
    if (day === undefined && !unreadStart) return nothing;
    return html`
      ${
        day === undefined
          ? nothing
          : html`<p class="day"><span>${dayLabel(day, this.today)}</span></p>`
      }
      ${
        unreadStart
          ? html`<p class="divider"><span>${text.conversation.unreadDivider}</span></p>`
          : nothing
      }
    `;
  }

  #message({ item, opens, closes }: MessageRow): TemplateResult {
    const side = item.mine ? 'mine' : 'theirs';
    const look = `${opens ? 'opens' : ''} ${closes ? 'closes' : ''} ${item.refused ? 'not-there' : ''}`;
    const author = !item.mine && opens;
    return tight`<div class="line ${side} ${look}"
      >${author ? pebble(item.authorId, item.author) : nothing}<div class="stack"
        >${author ? this.#who(item) : nothing}<div class="row"
          ><div class="bubble" title=${this.near ? timeInFull(item) : nothing}
            >${item.kind === 'reply' ? this.#quote(item) : nothing}${this.#words(item)}</div
          >${isActable(item) ? this.#actions(item) : nothing}</div
        >${this.#below(item, closes)}</div
      ></div>`;
  }

  #who(item: MessageItem): TemplateResult {
    return html`<p class="who">
      ${messageAuthor(item, () => this.#askAuthor(item))} ${messageTime(item)}
    </p>`;
  }

  #words(item: MessageItem): TemplateResult {
    if (item.invitation) return invitationCard(item.invitation);
    const showAll = (): void => void (this.whole = true);
    return messageText(item, this.whole, showAll, () => this.requestUpdate());
  }

  #below(item: MessageItem, closes: boolean): TemplateResult | typeof nothing {
    const onReact = (emoji: string): void => this.#act({ type: 'react', emoji }, this);
    const felt = reactions(item, this.writable ? onReact : undefined);
    const note = item.refused
      ? refusedNote(item, this.writable, (act) => this.#act(act, this))
      : ownMeta(item, closes);
    return felt === nothing && note === nothing ? nothing : html`${felt}${note}`;
  }

  /** Beside the bubble under a pointer or the focus; a finger has one button that is always there, and the long press. */
  #actions(item: MessageItem): TemplateResult {
    const label = text.actions.label(item.mine ? text.message.you : item.author);
    return tight`<div class="acts" role="group" aria-label=${label}
      >${this.near ? this.#buttons() : nothing}${withoutHover.matches ? this.#kebab() : nothing}</div>`;
  }

  #buttons(): TemplateResult {
    return html`<span class="swipe" aria-hidden="true">${replyIcon(20)}</span> ${
        this.writable
          ? html`${this.#actButton('emoji', text.actions.react, smileIcon())}
            ${this.#actButton('reply', text.actions.reply, replyIcon())}`
          : nothing
      }
      ${this.#actButton('menu', text.actions.more, moreIcon())}`;
  }

  #kebab(): TemplateResult {
    return html`<button
      class="kebab"
      type="button"
      tabindex="-1"
      aria-label=${text.actions.more}
      @click=${(event: Event) => this.#act({ type: 'menu' }, event.currentTarget as HTMLElement)}
    >
      ${moreIcon()}
    </button>`;
  }

  #actButton(
    type: 'emoji' | 'reply' | 'menu',
    label: string,
    icon: TemplateResult,
  ): TemplateResult {
    return html`<button
      class="act"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${(event: Event) => this.#act({ type }, event.currentTarget as HTMLElement)}
    >
      ${icon}
    </button>`;
  }

  #askAuthor({ authorId }: MessageItem): void {
    this.dispatchEvent(new PersonChosenEvent(authorId));
  }

  #act(act: MessageAct, from: HTMLElement): void {
    if (this.row?.type !== 'message') return;
    this.dispatchEvent(new MessageActEvent(this.row.item.id, act, from));
  }

  /** A long press or the menu key; the mouse keeps the browser's own menu, and so does a link or a selection. */
  readonly #onContextMenu = (event: MouseEvent): void => {
    const { row } = this;
    const byMouse = (event as PointerEvent).pointerType === 'mouse';
    const onLink = event.composedPath().some((each) => each instanceof HTMLAnchorElement);
    const selecting = getSelection()?.isCollapsed === false;
    if (byMouse || onLink || selecting || row?.type !== 'message' || !isActable(row.item)) return;
    event.preventDefault();
    this.#act({ type: 'menu' }, this.renderRoot.querySelector<HTMLElement>('.bubble') ?? this);
  };

  /** Only what the live target says is shown: a quote inside the reply could be forged (river#482). */
  #quote({ replyTo }: MessageItem): TemplateResult {
    if (!replyTo) return html`<p class="quote gone">${text.message.replyGone}</p>`;
    const words = html`<span class="hush">${text.message.inReplyTo}</span
      ><bdi class="quoted-author">${replyTo.author}</bdi
      ><span class="quoted" dir="auto">${replyTo.text.slice(0, 200)}</span>`;
    return this.quoteHere
      ? html`<button
          class="quote"
          type="button"
          @click=${() => this.dispatchEvent(new QuoteChosenEvent(replyTo.id))}
        >
          ${words}
        </button>`
      : html`<div class="quote">${words}</div>`;
  }
}

/** Fingers only: what is under a pointer can't be known. */
const withoutHover = matchMedia('(hover: none)');

/** What can't be read can't be answered or copied either; what is in no room has actions of its own. */
const isActable = ({ kind, refused }: MessageItem): boolean =>
  (kind === 'text' || kind === 'reply') && refused?.isHere !== false;

/** Time and place of an own message: under the last of a group, and under each that is only stored here. */
function ownMeta(item: MessageItem, closes: boolean): TemplateResult | typeof nothing {
  const { delivery } = item;
  if (!item.mine || !(closes || delivery === 'stored-here')) return nothing;
  return html`<p class="meta">
    ${messageTime(item)}
    ${
      delivery
        ? html`<span class="delivery ${delivery}"
            >${delivery === 'stored-here' ? storedIcon() : onNodeIcon()}
            ${text.message.delivery(delivery)}</span
          >`
        : nothing
    }
  </p>`;
}

const eventLine = (row: EventRow): TemplateResult =>
  html`<p class="event" dir="auto" title=${fullTime(row.at)}>${text.message.joined(row.names)}</p>`;

/** Rows are made anew with every change of a room; most say the same again. */
function rowChanged(next: Row | undefined, before: Row | undefined): boolean {
  if (next === before || !next || !before) return next !== before;
  if (next.day !== before.day || next.unreadStart !== before.unreadStart) return true;
  if (next.type === 'message' && before.type === 'message') {
    return (
      next.item !== before.item || next.opens !== before.opens || next.closes !== before.closes
    );
  }
  return (
    next.type !== before.type ||
    (next.type === 'event' &&
      before.type === 'event' &&
      String(next.names) !== String(before.names))
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-message': WeirMessage;
  }
  interface HTMLElementEventMap {
    'weir-quote-chosen': QuoteChosenEvent;
  }
}
