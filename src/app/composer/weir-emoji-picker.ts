import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import { placeBeside } from '../theme/popover-menu.ts';
import { allEmoji, foundEmoji, type Emoji } from './emoji-data.ts';
import { emojiText } from './emoji-text.ts';

/** The person has chosen an emoji. */
export class EmojiChosenEvent extends Event {
  static readonly type = 'weir-emoji-chosen';
  readonly emoji: string;

  constructor(emoji: string) {
    super(EmojiChosenEvent.type, { bubbles: true, composed: true });
    this.emoji = emoji;
  }
}

const MOST_FOUND = 120;

/**
 * All emoji, by groups or by words that are typed; beside what it was opened from, on phones a sheet at the bottom. Arrow keys move in
 * it, Escape and a press elsewhere close it.
 */
@customElement('weir-emoji-picker')
export class WeirEmojiPicker extends LitElement {
  @state() private all: readonly Emoji[] | undefined;
  @state() private failed = false;
  @state() private typed = '';

  @query('.picker') private readonly panel!: HTMLElement;
  @query('input') private readonly field!: HTMLInputElement;

  static override readonly styles = [
    base,
    css`
      .picker {
        position: fixed;
        flex-direction: column;
        width: 22.5rem;
        max-width: 100vw;
        height: 24rem;
        max-height: 60vh;
        margin: 0;
        padding: 0.5rem;
        border: 0;
        border-radius: var(--round-m);
        background: var(--raised);
        color: var(--ink);
        box-shadow: var(--shadow);
      }
      .picker:popover-open {
        display: flex;
      }
      input {
        flex: none;
        width: 100%;
        min-height: 2.75rem;
        padding: 0 0.75rem;
        border: 0;
        border-radius: var(--round-s);
        background: var(--mist);
        color: var(--ink);
        font: 1rem var(--sans);
      }
      ::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }
      .all {
        flex: 1;
        min-height: 0;
        margin-block-start: 0.5rem;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      section {
        content-visibility: auto;
        contain-intrinsic-size: auto 40rem;
      }
      h3 {
        padding: 0.375rem 0.25rem;
        font-size: var(--size-s);
        font-weight: 600;
        color: var(--ink-soft);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr));
      }
      .grid button {
        height: 2.75rem;
        border-radius: var(--round-s);
        font-size: 1.375rem;
        line-height: 1;
      }
      .grid button:hover,
      .grid button:focus-visible {
        background: var(--hover);
      }
      .none {
        padding: 1rem 0.5rem;
        color: var(--ink-soft);
        font-size: var(--size-m);
      }
      @media (max-width: 767.98px) {
        .picker {
          inset: auto 0 0;
          width: 100%;
          border-radius: var(--round-l) var(--round-l) 0 0;
          padding-block-end: max(0.5rem, env(safe-area-inset-bottom));
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div
      class="picker"
      popover
      role="dialog"
      aria-label=${emojiText.title}
      @keydown=${this.#onKey}
    >
      <input
        type="search"
        enterkeyhint="search"
        placeholder=${emojiText.search}
        aria-label=${emojiText.search}
        .value=${this.typed}
        @input=${() => (this.typed = this.field.value)}
      />
      <div class="all" tabindex="-1">${this.#content()}</div>
    </div>`;
  }

  /** Opens above `beside`, or at the bottom of a phone. */
  async open(beside: HTMLElement): Promise<void> {
    this.typed = '';
    this.failed = false;
    await this.updateComplete;
    this.panel.showPopover();
    placeBeside(this.panel, beside, 'above');
    this.field.focus();
    try {
      this.all = await allEmoji();
    } catch {
      this.failed = true;
    }
  }

  #content(): TemplateResult | typeof nothing {
    const { all, typed } = this;
    if (this.failed) return html`<p class="none" role="alert">${emojiText.failed}</p>`;
    if (!all) return html`<p class="none" role="status">${emojiText.loading}</p>`;
    if (typed.trim() === '')
      return html`${emojiText.groups.map((name, i) => this.#group(name, all, i))}`;
    const found = foundEmoji(all, typed).slice(0, MOST_FOUND);
    return found.length === 0
      ? html`<p class="none" role="status">${emojiText.none}</p>`
      : html`<p class="hush" role="status">${emojiText.found(found.length)}</p>
          ${this.#grid(found)}`;
  }

  #group(
    name: string | undefined,
    all: readonly Emoji[],
    group: number,
  ): TemplateResult | typeof nothing {
    if (name === undefined) return nothing;
    return html`<section>
      <h3>${name}</h3>
      ${this.#grid(all.filter((each) => each.group === group))}
    </section>`;
  }

  #grid(emoji: readonly Emoji[]): TemplateResult {
    return html`<div class="grid">
      ${emoji.map(
        (each) =>
          html`<button
            type="button"
            aria-label=${each.name}
            title=${each.name}
            @click=${() => this.#choose(each.emoji)}
          >
            ${each.emoji}
          </button>`,
      )}
    </div>`;
  }

  #choose(emoji: string): void {
    this.panel.hidePopover();
    this.dispatchEvent(new EmojiChosenEvent(emoji));
  }

  /** Down from the field into the grid, and from emoji to emoji as they lie. Enter in the field takes the first. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const buttons = [...this.panel.querySelectorAll('button')];
    const at = buttons.indexOf(this.renderRoot.querySelector(':focus') as HTMLButtonElement);
    if (event.key === 'Enter' && at < 0 && this.typed.trim() !== '' && !event.isComposing) {
      event.preventDefault();
      buttons[0]?.click();
      return;
    }
    const to = this.#destination(event.key, at, buttons);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to < 0) this.field.focus();
    else buttons[to]?.focus();
  };

  #destination(key: string, at: number, buttons: readonly HTMLElement[]): number | undefined {
    if (at < 0) return key === 'ArrowDown' ? 0 : undefined;
    if (key === 'ArrowRight') return Math.min(at + 1, buttons.length - 1);
    if (key === 'ArrowLeft') return at - 1;
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
    const from = buttons[at]?.getBoundingClientRect();
    if (!from) return undefined;
    const step = key === 'ArrowDown' ? 1 : -1;
    for (let i = at + step; i >= 0 && i < buttons.length; i += step) {
      const there = buttons[i]?.getBoundingClientRect();
      if (there && there.top !== from.top && Math.abs(there.left - from.left) < from.width / 2)
        return i;
    }
    return step < 0 ? -1 : at;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-emoji-picker': WeirEmojiPicker;
  }
  interface HTMLElementEventMap {
    'weir-emoji-chosen': EmojiChosenEvent;
  }
}
