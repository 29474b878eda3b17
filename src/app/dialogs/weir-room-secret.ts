import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Conversation, WeirApi } from '../state/api.ts';
import { roomText } from '../state/room-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';

/** Who can read a room: in a private one which keys are here, what can be done about those that are not, and a new one. */
@customElement('weir-room-secret')
export class WeirRoomSecret extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private busy = false;
  @state() private problem: string | undefined;
  @state() private rotated = false;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
      }
      p + p,
      p + .warning,
      p + .button {
        margin-top: 0.5rem;
      }
      .told {
        font-size: var(--size-s);
        font-weight: 600;
        color: var(--water);
      }
      .told:empty {
        display: none;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { secretVersion, missingSecrets } = this.conversation?.details ?? {};
    if (!this.conversation) return nothing;
    if (secretVersion === undefined) return html`<p class="quiet">${roomText.public}</p>`;
    return html`<p class="quiet">${roomText.encrypted(secretVersion)}</p>
      <p class="quiet">${roomText.notEncrypted}</p>
      ${
        missingSecrets && missingSecrets.length > 0
          ? html`<div class="warning">
              <p>${roomText.missing(missingSecrets)}</p>
              ${this.conversation.canRename ? nothing : html`<p>${roomText.missingHelp}</p>`}
            </div>`
          : nothing
      }
      ${this.conversation.canRename ? this.#rotation(this.conversation) : nothing}
      <p class="told" role="status">${this.rotated ? roomText.rotated(secretVersion) : ''}</p>
      <p class="problem" role="alert">${this.problem ?? nothing}</p>`;
  }

  #rotation({ memberCount }: Conversation): TemplateResult {
    if (memberCount < 2) return html`<p class="hint">${roomText.rotateAlone}</p>`;
    return html`<button
        class="button"
        type="button"
        aria-describedby="hint"
        ?disabled=${this.busy}
        @click=${() => void this.#rotate()}
      >
        ${roomText.rotate}
      </button>
      <p class="hint" id="hint">${roomText.rotateHint}</p>`;
  }

  async #rotate(): Promise<void> {
    const { weir, conversation } = this;
    if (!weir || !conversation || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    const rotated = await weir.members.rotateSecret(conversation.room);
    this.busy = false;
    this.rotated = rotated.ok;
    if (!rotated.ok) this.problem = text.editError(rotated.error);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-secret': WeirRoomSecret;
  }
}
