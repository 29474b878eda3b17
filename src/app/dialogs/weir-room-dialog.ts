import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Conversation } from '../state/api.ts';
import { peopleText } from '../state/people-text.ts';
import { roomText } from '../state/room-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import type { WeirRoomForm } from './weir-room-form.ts';
import { RoomLeftEvent } from './room-left-event.ts';
import '../sync-status/weir-room-search.ts';
import './copy-field.ts';
import './weir-identity-export.ts';
import './weir-room-form.ts';
import './weir-room-secret.ts';

/** All about one room: its texts and limits (the owner changes them), its keys, the person's identity in it, and the way out. */
@customElement('weir-room-dialog')
export class WeirRoomDialog extends WeirDialog {
  @property({ attribute: false }) conversation: Conversation | undefined;

  @query('weir-room-form') private readonly form!: WeirRoomForm | null;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      weir-room-search + section {
        margin-top: 1.25rem;
        padding-top: 1.25rem;
        border-top: 1px solid var(--line);
      }
      .quiet + .warning {
        margin-top: 0.5rem;
      }
      section > .button {
        margin-top: 0.75rem;
      }
      weir-identity-export {
        margin-top: 0.75rem;
      }
    `,
  ];

  /** The owner mostly comes for the name. */
  protected override firstUpdated(): void {
    super.firstUpdated();
    const { form } = this;
    void form?.updateComplete.then(() => form.focus());
  }

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room) return nothing;
    const { details } = peopleText;
    return this.frame(
      details.title,
      html`<section>
          <weir-room-form .weir=${this.weir} .conversation=${room}></weir-room-form>
        </section>
        <weir-room-search .weir=${this.weir} .room=${room.room}></weir-room-search>
        ${
          room.isAwaiting
            ? nothing
            : html`<section>
                <h3>${roomText.privacy}</h3>
                <weir-room-secret .weir=${this.weir} .conversation=${room}></weir-room-secret>
              </section>`
        }
        <section>
          <weir-copy-field .label=${details.roomKey} .value=${room.room}></weir-copy-field>
          <weir-copy-field
            .label=${details.contractId}
            .value=${room.details.contractId}
          ></weir-copy-field>
        </section>
        <section>
          <h3>${details.identity}</h3>
          <p class="quiet">${details.identityHint}</p>
          <weir-identity-export
            .weir=${this.weir}
            .room=${room.room}
            .roomName=${room.name}
          ></weir-identity-export>
        </section>
        <section>
          <h3>${details.leave}</h3>
          <p class="quiet">${details.leaveHint}</p>
          ${room.canRename ? html`<p class="warning">${roomText.leaveOwner}</p>` : nothing}
          <button
            class="button danger"
            type="button"
            ?disabled=${this.busy}
            @click=${() => void this.work(() => this.#leave(room))}
          >
            ${details.leave}
          </button>
        </section>`,
    );
  }

  /** No question is asked: leaving keeps everything, and can be taken back at once and later. */
  async #leave(room: Conversation): Promise<string | undefined> {
    const { weir } = this;
    if (!weir) return undefined;
    const left = await weir.people.leave(room.room);
    if (!left.ok) return text.editError(left.error);
    this.close();
    this.dispatchEvent(new RoomLeftEvent(room.room, room.name));
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-dialog': WeirRoomDialog;
  }
}
