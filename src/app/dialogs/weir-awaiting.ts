import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { joinText } from '../state/join-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { RoomLeftEvent } from './room-left-event.ts';

/** What can be done about a room that was joined and has not arrived: look again, or give it up with its key kept. */
@customElement('weir-awaiting')
export class WeirAwaiting extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property({ attribute: false }) room: RoomKey | undefined;
  @property() roomName = '';

  @state() private problem = '';

  static override readonly styles = [
    base,
    css`
      :host {
        z-index: 1;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
      .button {
        min-height: 2.75rem;
        background: var(--paper);
      }
      .problem {
        margin-top: 0.5rem;
        font-size: var(--size-s);
        color: var(--rust);
      }
      .problem:empty {
        display: none;
      }
    `,
  ];

  override render(): TemplateResult {
    const { awaiting } = joinText;
    return html`<div class="ways">
        <button class="button" type="button" @click=${() => this.weir?.sync.retry()}>
          ${awaiting.retry}
        </button>
        <button class="button" type="button" @click=${() => void this.#cancel()}>
          ${awaiting.cancel}
        </button>
      </div>
      <p class="problem" role="alert">${this.problem}</p>`;
  }

  /** As leaving: the key stays, and the toast takes it back. */
  async #cancel(): Promise<void> {
    const { weir, room, roomName } = this;
    if (!weir || room === undefined) return;
    const left = await weir.people.leave(room);
    if (left.ok) this.dispatchEvent(new RoomLeftEvent(room, roomName));
    else this.problem = text.editError(left.error);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-awaiting': WeirAwaiting;
  }
}
