import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { InvitationText } from '../state/people-api.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { WeirDialog } from './dialog.ts';
import './copy-field.ts';

/** An invitation for one person, as a link and as a code; another one for the next person. */
@customElement('weir-invite-dialog')
export class WeirInviteDialog extends WeirDialog {
  @property() room: RoomKey | undefined;
  @property() roomName = '';

  @state() private invitation: InvitationText | undefined;

  override render(): TemplateResult {
    const { invite } = peopleText;
    const { invitation } = this;
    return this.frame(
      invite.title(this.roomName),
      html`<p class="warning">${invite.onePerson}</p>
        ${
          invitation
            ? html`<div class="field carriers">
                <weir-copy-field .label=${invite.link} .value=${invitation.link}></weir-copy-field>
                <weir-copy-field .label=${invite.code} .value=${invitation.code}></weir-copy-field>
              </div>`
            : nothing
        }
        ${this.problemLine()}
        <p class="quiet">${invite.lasts}</p>
        <div class="actions">
          <button
            class="button"
            type="button"
            ?disabled=${this.busy}
            @click=${() => void this.work(() => this.#make())}
          >
            ${invite.another}
          </button>
          <button class="button strong" type="button" @click=${() => this.close()}>
            ${peopleText.dialogs.done}
          </button>
        </div>`,
    );
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    void this.work(() => this.#make());
  }

  async #make(): Promise<string | undefined> {
    if (!this.weir || this.room === undefined) return undefined;
    const made = await this.weir.people.invite(this.room);
    if (!made.ok) return text.editError(made.error);
    this.invitation = made.value;
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-invite-dialog': WeirInviteDialog;
  }
}
