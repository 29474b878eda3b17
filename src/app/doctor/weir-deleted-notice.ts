import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DeletedStorage } from '../state/deleted-storage.ts';
import { base } from '../theme/base.ts';
import { deletedText } from './deleted-text.ts';

/** The person has taken note. */
export class DeletedNotedEvent extends Event {
  constructor() {
    super('weir-deleted-noted', { bubbles: true, composed: true });
  }
}

/** Says that the browser has deleted what was stored here, and what that means. It stays until the person has taken note. */
@customElement('weir-deleted-notice')
export class WeirDeletedNotice extends LitElement {
  @property({ attribute: false }) deleted: DeletedStorage | undefined;

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        font-size: var(--size-s);
        line-height: 1.45;
      }
      .notice {
        display: grid;
        gap: 0.375rem;
        padding: 0.75rem 1rem;
        background: var(--amber-soft);
        color: var(--ink);
      }
      h3 {
        font-weight: 600;
      }
      .button {
        justify-self: start;
        min-height: 2.75rem;
        margin-top: 0.25rem;
        font-size: var(--size-s);
        color: inherit;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { deleted } = this;
    if (!deleted) return nothing;
    return html`<section class="notice" role="alert" aria-label=${deletedText.title}>
      <h3>${deletedText.title}</h3>
      <p>${deletedText.body(deleted)}</p>
      <button
        class="button"
        type="button"
        @click=${() => this.dispatchEvent(new DeletedNotedEvent())}
      >
        ${deletedText.noted}
      </button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-deleted-notice': WeirDeletedNotice;
  }
}
