import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { MessageItem } from '../state/api.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import type { EmojiChosenEvent, WeirEmojiPicker } from '../composer/weir-emoji-picker.ts';
import { havePart } from '../shell/have-part.ts';
import {
  binIcon,
  closeIcon,
  copyIcon,
  infoIcon,
  linkIcon,
  pencilIcon,
  plusIcon,
  replyIcon,
} from '../theme/icons.ts';
import { placeBeside, popoverMenuStyles } from '../theme/popover-menu.ts';
import { actingText } from './acting-text.ts';
import { MessageActEvent, type MessageAct } from './message-events.ts';

/** The reactions that River's own picker offers. */
const EMOJI = [
  '👍',
  '❤️',
  '😂',
  '👀',
  '🔥',
  '😮',
  '😢',
  '😡',
  '🎉',
  '🤔',
  '👋',
  '✅',
  '💯',
  '🙏',
  '😍',
  '👏',
];
const COLUMNS = 6;

/**
 * The actions of one message, or only the reactions, beside what was pressed; on phones a sheet at the bottom. Loaded when it
 * is first opened. Arrow keys move in it, Escape and a press elsewhere close it, and the focus goes back.
 */
@customElement('weir-message-menu')
export class WeirMessageMenu extends LitElement {
  @property({ attribute: false }) item: MessageItem | undefined;
  @property() mode: 'menu' | 'emoji' = 'menu';
  /** The person may write in the room. */
  @property({ type: Boolean }) writable = false;

  /** It is a message of a room, with an address of its own; a direct message is not. */
  @property({ type: Boolean }) linkable = false;

  /** Asks before a delete. */
  @state() private confirming = false;
  @state() private picking = false;

  @query('.menu') private readonly menu!: HTMLElement;
  @query('weir-emoji-picker') private readonly picker!: WeirEmojiPicker | null;

  #from: HTMLElement | undefined;

  static override readonly styles = [
    base,
    popoverMenuStyles,
    css`
      .emoji {
        display: grid;
        grid-template-columns: repeat(6, 2.75rem);
      }
      .emoji button {
        width: 2.75rem;
        height: 2.75rem;
        border-radius: var(--round-s);
        font-size: 1.25rem;
        line-height: 1;
      }
      .emoji [aria-pressed='true'] {
        background: var(--own);
        box-shadow: inset 0 0 0 1.5px var(--water);
      }
      .emoji .more-emoji {
        display: grid;
        place-items: center;
        color: var(--ink-soft);
      }
      .question {
        max-width: 18rem;
        padding: 0.5rem 0.75rem;
      }
      hr {
        margin: 0.375rem 0;
        border: 0;
        border-top: 1px solid var(--line);
      }
      @media (max-width: 767.98px) {
        .emoji {
          grid-template-columns: repeat(6, minmax(0, 1fr));
        }
        .emoji button {
          width: auto;
          height: 2.75rem;
        }
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { item } = this;
    if (!item) return nothing;
    return html`<div
        class="menu"
        popover
        role="group"
        aria-label=${text.actions.label(item.mine ? text.message.you : item.author)}
        @keydown=${this.#onKey}
      >
        ${this.writable && !this.confirming ? this.#emoji(item) : nothing}
        ${this.mode === 'menu' ? this.#acts(item) : nothing}
      </div>
      ${
        this.picking
          ? html`<weir-emoji-picker
              @weir-emoji-chosen=${(event: EmojiChosenEvent) => {
                event.stopPropagation();
                this.dispatchEvent(
                  new MessageActEvent(
                    item.id,
                    { type: 'react', emoji: event.emoji },
                    this.#from ?? this,
                  ),
                );
              }}
            ></weir-emoji-picker>`
          : nothing
      }`;
  }

  /** Opens beside `from`, or at the bottom of a phone. */
  async open(from: HTMLElement): Promise<void> {
    this.#from = from;
    this.confirming = false;
    await this.updateComplete;
    this.menu.showPopover();
    placeBeside(this.menu, from);
    this.#buttons()[0]?.focus();
  }

  #emoji(item: MessageItem): TemplateResult {
    const mine = new Set(item.reactions.filter((each) => each.mine).map((each) => each.emoji));
    return html`<div class="emoji">
      ${EMOJI.map((emoji) => {
        const label = mine.has(emoji)
          ? text.actions.takeBack(emoji)
          : text.actions.reactWith(emoji);
        return html`<button
          type="button"
          aria-label=${label}
          aria-pressed=${mine.has(emoji)}
          @click=${() => this.#choose({ type: 'react', emoji })}
        >
          ${emoji}
        </button>`;
      })}
      <button
        class="more-emoji"
        type="button"
        aria-label=${actingText.moreEmoji}
        title=${actingText.moreEmoji}
        @click=${() => void this.#pick()}
      >
        ${plusIcon()}
      </button>
    </div>`;
  }

  #acts(item: MessageItem): TemplateResult {
    const own = this.writable && item.mine;
    if (this.confirming) return this.#confirm();
    return html`${this.writable ? html`<hr />` : nothing}
    ${this.writable ? this.#act('reply', text.actions.reply, replyIcon()) : nothing}
    ${own ? this.#act('edit', text.actions.edit, pencilIcon()) : nothing}
    ${this.#act('copy', text.actions.copy, copyIcon())}
    ${this.linkable ? this.#act('link', actingText.link, linkIcon()) : nothing}
    ${this.linkable ? this.#act('details', actingText.details, infoIcon(18)) : nothing}
    ${own ? this.#act('delete', text.actions.delete, binIcon()) : nothing}`;
  }

  /** The safe answer has the focus. */
  #confirm(): TemplateResult {
    return html`<p class="question">${actingText.confirmDelete}</p>
      <button class="act keep" type="button" @click=${() => this.menu.hidePopover()}>
        ${closeIcon()} ${actingText.keep}
      </button>
      <button class="act danger" type="button" @click=${() => this.#choose({ type: 'delete' })}>
        ${binIcon()} ${actingText.reallyDelete}
      </button>`;
  }

  async #ask(): Promise<void> {
    this.confirming = true;
    await this.updateComplete;
    if (this.#from) placeBeside(this.menu, this.#from);
    this.renderRoot.querySelector<HTMLElement>('.keep')?.focus();
  }

  #act(
    type: 'reply' | 'edit' | 'copy' | 'link' | 'details' | 'delete',
    label: string,
    icon: TemplateResult,
  ): TemplateResult {
    return html`<button
      class="act ${type === 'delete' ? 'danger' : ''}"
      type="button"
      @click=${() => (type === 'delete' ? void this.#ask() : this.#choose({ type }))}
    >
      ${icon} ${label}
    </button>`;
  }

  /** Any emoji; the list opens where this one was. */
  async #pick(): Promise<void> {
    const from = this.#from ?? this;
    if (!(await havePart(this, () => import('../composer/weir-emoji-picker.ts')))) return;
    this.picking = true;
    await this.updateComplete;
    this.menu.hidePopover();
    await this.picker?.open(from);
  }

  #choose(act: MessageAct): void {
    const { item } = this;
    const from = this.#from ?? this;
    this.menu.hidePopover();
    if (item) this.dispatchEvent(new MessageActEvent(item.id, act, from));
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.menu.querySelectorAll('button')];
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const buttons = this.#buttons();
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const emoji = buttons.filter((button) => button.closest('.emoji')).length;
    const to = destination(event.key, at, emoji, buttons.length);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[to]?.focus();
  };
}

/** Where an arrow leads: the emoji are a grid, the actions under it a column. */
function destination(key: string, at: number, emoji: number, all: number): number | undefined {
  const inGrid = at < emoji;
  switch (key) {
    case 'ArrowRight':
      return inGrid ? Math.min(at + 1, emoji - 1) : undefined;
    case 'ArrowLeft':
      return inGrid ? Math.max(at - 1, 0) : undefined;
    case 'ArrowDown':
      if (!inGrid) return Math.min(at + 1, all - 1);
      return at + COLUMNS < emoji ? at + COLUMNS : Math.min(emoji, all - 1);
    case 'ArrowUp':
      return inGrid ? Math.max(at - COLUMNS, at % COLUMNS) : Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return all - 1;
    default:
      return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-message-menu': WeirMessageMenu;
  }
}
