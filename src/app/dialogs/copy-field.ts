import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';

const TOLD_MS = 2_000;

/** The person has taken a text along: it was copied, or kept as a file. */
export class TakenEvent extends Event {
  static readonly type = 'weir-taken';

  constructor() {
    super(TakenEvent.type, { bubbles: true, composed: true });
  }
}

/** A text to be taken along: read-only, selected when it has the focus, with a button that copies it. */
@customElement('weir-copy-field')
export class WeirCopyField extends LitElement {
  @property() label = '';
  @property() value = '';

  @state() private told: 'copied' | 'failed' | undefined;

  @query('input') private readonly field!: HTMLInputElement;

  #timer: ReturnType<typeof setTimeout> | undefined;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
        margin-bottom: 0.875rem;
      }
      .copy {
        margin-top: 0.25rem;
      }
    `,
  ];

  override render(): TemplateResult {
    const done = this.told === 'copied' ? peopleText.dialogs.copied : peopleText.dialogs.copy;
    return html`<label for="value">${this.label}</label>
      <div class="copy">
        <input
          id="value"
          class="code"
          readonly
          .value=${this.value}
          @focus=${() => this.field.select()}
          @copy=${() => this.dispatchEvent(new TakenEvent())}
        />
        <button
          class="button"
          type="button"
          aria-label=${`${done}: ${this.label}`}
          @click=${() => void this.#copy()}
        >
          ${done}
        </button>
      </div>
      <p class="hush" role="status">${this.told === 'copied' ? peopleText.dialogs.copied : ''}</p>
      <p class="problem" role="alert">${this.told === 'failed' ? text.actions.notCopied : ''}</p>`;
  }

  override focus(): void {
    this.field.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.value);
      this.told = 'copied';
      this.dispatchEvent(new TakenEvent());
    } catch {
      this.told = 'failed'; // no permission: the text is selected, so that the keyboard can
      this.field.focus();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.told = undefined), TOLD_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-copy-field': WeirCopyField;
  }
  interface HTMLElementEventMap {
    'weir-taken': TakenEvent;
  }
}
