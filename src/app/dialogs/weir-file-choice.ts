import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { joinText } from '../state/join-text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';

/** The person has chosen a file. */
export class FileChosenEvent extends Event {
  static readonly type = 'weir-file-chosen';
  readonly file: Blob;

  constructor(file: Blob) {
    super(FileChosenEvent.type, { bubbles: true, composed: true });
    this.file = file;
  }
}

/** A button for a picture or a text file; the browser's own field behind it opens the choice. */
@customElement('weir-file-choice')
export class WeirFileChoice extends LitElement {
  @property({ type: Boolean }) disabled = false;

  @query('input') private readonly field!: HTMLInputElement;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.75rem;
        margin: 0.75rem 0;
      }
      .hint {
        flex: 1;
        min-width: 12rem;
        margin: 0;
      }
      .button {
        min-height: 2.75rem;
      }
    `,
  ];

  override render(): TemplateResult {
    const { join } = joinText;
    return html`<button
        class="button"
        type="button"
        aria-describedby="hint"
        ?disabled=${this.disabled}
        @click=${() => this.field.click()}
      >
        ${join.file}
      </button>
      <p class="hint" id="hint">${join.fileHint}</p>
      <input type="file" accept="image/*,text/plain,.txt" hidden @change=${this.#onChange} />`;
  }

  readonly #onChange = (): void => {
    const [file] = this.field.files ?? [];
    if (!file) return;
    this.dispatchEvent(new FileChosenEvent(file));
    this.field.value = ''; // the same file can be chosen again
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-file-choice': WeirFileChoice;
  }
  interface HTMLElementEventMap {
    'weir-file-chosen': FileChosenEvent;
  }
}
