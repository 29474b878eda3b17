import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import { joinText } from '../state/join-text.ts';
import type { InvitationText } from '../state/people-api.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import { fileName } from './download.ts';
import './copy-field.ts';
import './weir-made-invitations.ts';
import './weir-qr-code.ts';

/**
 * An invitation for one person: as a link, a code, a picture, and a whole message; another one for the next person. What is taken
 * along in any of these ways is remembered, and listed below.
 */
@customElement('weir-invite-dialog')
export class WeirInviteDialog extends WeirDialog {
  @property() room: RoomKey | undefined;
  @property() roomName = '';

  @state() private invitation: InvitationText | undefined;
  @state() private messageCopied = false;
  @state() private showsQr = false;

  /** The codes that have been noted, so that each is noted once. */
  readonly #kept = new Set<string>();

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      .qr {
        margin-top: 0.75rem;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .ways .button {
        min-height: 2.75rem;
      }
      .lasts {
        margin-top: 1rem;
      }
      weir-made-invitations {
        margin-top: 1.25rem;
      }
    `,
  ];

  override render(): TemplateResult {
    const { invite } = peopleText;
    const { invitation } = this;
    return this.frame(
      invite.title(this.roomName),
      html`<p class="warning">${invite.onePerson}</p>
        ${invitation?.warning === undefined ? nothing : html`<p class="warning odd">${invitation.warning}</p>`}
        ${invitation ? this.#carriers(invitation) : nothing} ${this.problemLine()}
        <p class="quiet lasts">${joinText.invite.lasts}</p>
        <p class="quiet lasts">${joinText.invite.byMessage}</p>
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
        </div>
        <weir-made-invitations .weir=${this.weir} .room=${this.room}></weir-made-invitations>`,
    );
  }

  #carriers(invitation: InvitationText): TemplateResult {
    const { invite } = peopleText;
    const { qr } = joinText;
    return html`<div class="field carriers" @weir-taken=${() => void this.#keep(invitation)}>
      <weir-copy-field .label=${invite.link} .value=${invitation.link}></weir-copy-field>
      <weir-copy-field .label=${invite.code} .value=${invitation.code}></weir-copy-field>
      <div class="ways">
        <button class="button" type="button" @click=${() => void this.#copyMessage(invitation)}>
          ${this.messageCopied ? peopleText.dialogs.copied : joinText.invite.message}
        </button>
        <button
          class="button"
          type="button"
          aria-expanded=${this.showsQr}
          @click=${() => this.#toggleQr(invitation)}
        >
          ${qr.show}
        </button>
      </div>
      <p class="hush" role="status">
        ${this.messageCopied ? joinText.invite.messageCopied : nothing}
      </p>
      ${
        this.showsQr
          ? html`<weir-qr-code
              class="qr"
              .value=${invitation.link}
              .label=${qr.label(this.roomName)}
              .file=${fileName('invitation', this.roomName, 'png')}
            ></weir-qr-code>`
          : nothing
      }
    </div>`;
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
    this.messageCopied = false;
    this.showsQr = false;
    return undefined;
  }

  async #copyMessage(invitation: InvitationText): Promise<void> {
    try {
      await navigator.clipboard.writeText(joinText.invite.wholeMessage(this.roomName, invitation));
    } catch {
      this.problem = text.actions.notCopied;
      return;
    }
    this.messageCopied = true;
    await this.#keep(invitation);
  }

  /** A code on screen can be photographed: showing it is passing it on. */
  #toggleQr(invitation: InvitationText): void {
    this.showsQr = !this.showsQr;
    if (this.showsQr) void this.#keep(invitation);
  }

  async #keep({ code }: InvitationText): Promise<void> {
    if (this.#kept.has(code)) return;
    this.#kept.add(code);
    const kept = await this.weir?.people.keepInvitation(code);
    if (!kept || kept.ok) return;
    this.#kept.delete(code);
    this.problem = joinText.invite.notKept(text.editError(kept.error));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-invite-dialog': WeirInviteDialog;
  }
}
