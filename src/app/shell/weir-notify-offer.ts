import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { notificationText } from '../state/notification-text.ts';
import type { NotificationsApi } from '../state/notifications-api.ts';
import { base } from '../theme/base.ts';
import { bellIcon } from '../theme/icons.ts';

/** Says what notifications would be for, before the browser asks: once, after the first message that was written here. */
@customElement('weir-notify-offer')
export class WeirNotifyOffer extends LitElement {
  @property({ attribute: false }) notifications: NotificationsApi | undefined;

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
      }
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
        padding: 0.5rem 1rem;
        border-bottom: 1px solid var(--line);
        background: var(--bank);
        font-size: var(--size-s);
        line-height: 1.4;
      }
      p {
        flex: 1 1 16rem;
      }
      svg {
        color: var(--water);
      }
      .button {
        min-height: 2.75rem;
      }
    `,
  ];

  override render(): TemplateResult {
    const { offer } = notificationText;
    return html`<section aria-label=${offer.label}>
      ${bellIcon()}
      <p>${offer.body}</p>
      <button class="button" type="button" @click=${() => this.notifications?.decline()}>
        ${offer.no}
      </button>
      <button class="button strong" type="button" @click=${() => void this.notifications?.ask()}>
        ${offer.yes}
      </button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-notify-offer': WeirNotifyOffer;
  }
}
