import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Result } from '../../shared/result.ts';
import { DmsChosenEvent } from '../dms/dm-events.ts';
import { PersonChosenEvent } from '../markdown/mention-chip.ts';
import type { Conversation, EditError, WeirApi } from '../state/api.ts';
import type { BanPreview, MemberName } from '../state/members-api.ts';
import { membersText } from '../state/members-text.ts';
import type { MemberItem } from '../state/people-api.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { envelopeIcon } from '../theme/icons.ts';
import { dialogStyles } from './dialog.styles.ts';
import { nicknameProblem } from './nickname-problem.ts';
import './copy-field.ts';

/** The person wants to invite a member to another room. */
export class ShareChosenEvent extends Event {
  static readonly type = 'weir-share-chosen';
  readonly person: { readonly peer: string; readonly name: string };

  constructor({ id, name }: MemberName) {
    super(ShareChosenEvent.type, { bubbles: true, composed: true });
    this.person = { peer: id, name };
  }
}

/**
 * Told when something about a member has been done: a callback instead of an event, since a member who is banned has left the
 * list, and this element the page, before the answer comes.
 *
 * @param told to be shown
 * @param isOver nothing more is to be done in their entry
 */
export type MemberDone = (told: string, isOver: boolean) => void;

/** All about one member, and what the person may do: to themselves a name, to others a message, muting, deputyship, a ban. */
@customElement('weir-member-info')
export class WeirMemberInfo extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property({ attribute: false }) conversation: Conversation | undefined;
  @property({ attribute: false }) member: MemberItem | undefined;

  @property({ attribute: false }) done: MemberDone = () => {};

  @state() private preview: BanPreview | undefined;
  @state() private confirming = false;
  @state() private busy = false;
  @state() private problem: string | undefined;

  @query('#nickname') private readonly nickname!: HTMLInputElement | null;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
        font-size: var(--size-s);
      }
      :host > * + * {
        margin-top: 0.625rem;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: flex-end;
      }
      .line > div {
        flex: 1;
        min-width: 8rem;
      }
      .link {
        min-height: 1.5rem;
        padding: 0 0.125rem;
        font-weight: 600;
        color: var(--water);
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      weir-copy-field {
        margin-bottom: 0;
      }
      .warning p + p {
        margin-top: 0.5rem;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('member');
    if (changed.has('member') && before?.id !== this.member?.id) {
      this.confirming = false;
      this.problem = undefined;
      this.preview = undefined;
    }
    if (changed.has('member')) void this.#learn();
  }

  override render(): TemplateResult | typeof nothing {
    const { member, conversation: room } = this;
    if (!member || !room) return nothing;
    const mayWrite = room.readOnlyReason === undefined;
    return html`
      ${
        member.resembles
          ? html`<p class="warning">${membersText.resembles(member.resembles)}</p>`
          : nothing
      }
      ${member.isUnlisted ? html`<p class="quiet">${membersText.unlisted}</p>` : nothing}
      ${member.invitedBy ? invitedBy(member.invitedBy, this) : nothing} ${ties(member)}
      <weir-copy-field .label=${membersText.idLabel} .value=${member.label}></weir-copy-field>
      ${member.isSelf ? (mayWrite ? this.#ownName(member) : nothing) : this.#acts(member, room)}
      <p class="problem" id="problem" role="alert">${this.problem ?? nothing}</p>
    `;
  }

  #ownName(member: MemberItem): TemplateResult {
    return html`<form novalidate @submit=${this.#onRename}>
      <div class="line">
        <div>
          <label for="nickname">${membersText.rename}</label>
          <input
            id="nickname"
            dir="auto"
            autocomplete="nickname"
            value=${member.name}
            aria-describedby="nickname-hint problem"
            aria-invalid=${this.problem !== undefined}
            @input=${() => (this.problem = undefined)}
          />
        </div>
        <button class="button" type="submit" ?disabled=${this.busy}>${membersText.save}</button>
      </div>
      <p class="hint" id="nickname-hint">${membersText.renameHint}</p>
    </form>`;
  }

  #acts(member: MemberItem, room: Conversation): TemplateResult {
    const { isMuted, appointment } = member;
    return html`<div class="line">
        <button
          class="button"
          type="button"
          @click=${() => this.dispatchEvent(new DmsChosenEvent(room.room, member.id))}
        >
          ${envelopeIcon(18)} ${membersText.message}
        </button>
        ${
          room.readOnlyReason === undefined
            ? html`<button
                class="button"
                type="button"
                aria-haspopup="dialog"
                @click=${() => this.dispatchEvent(new ShareChosenEvent(member))}
              >
                ${membersText.share}
              </button>`
            : nothing
        }
        <button
          class="button"
          type="button"
          ?disabled=${this.busy}
          aria-describedby="mute-hint"
          @click=${() => void this.#mute(member)}
        >
          ${isMuted ? membersText.unmute : membersText.mute}
        </button>
        ${
          appointment
            ? html`<button
                class="button"
                type="button"
                ?disabled=${this.busy}
                aria-describedby="deputy-hint"
                @click=${() => void this.#appoint(member)}
              >
                ${appointment === 'made' ? membersText.revoke : membersText.appoint}
              </button>`
            : nothing
        }
        ${
          this.preview && this.preview.refusal === undefined && !this.confirming
            ? html`<button
                class="button danger"
                type="button"
                @click=${() => void this.#askToBan()}
              >
                ${membersText.ban}
              </button>`
            : nothing
        }
      </div>
      <p class="hint" id="mute-hint">${membersText.muteHint}</p>
      ${
        appointment
          ? html`<p class="hint" id="deputy-hint">${membersText.appointHint(room.canRename)}</p>`
          : nothing
      }
      ${this.#ban(member)}`;
  }

  #ban(member: MemberItem): TemplateResult | typeof nothing {
    const { preview } = this;
    if (preview?.refusal !== undefined) return html`<p class="quiet">${preview.refusal}</p>`;
    if (!preview || !this.confirming) return nothing;
    return html`<div class="warning" role="alert">
        ${membersText.banDoes(preview).map((sentence) => html`<p>${sentence}</p>`)}
      </div>
      <div class="actions">
        <button class="button keep" type="button" @click=${() => (this.confirming = false)}>
          ${membersText.keep}
        </button>
        <button
          class="button danger"
          type="button"
          ?disabled=${this.busy}
          @click=${() => void this.#doBan(member)}
        >
          ${membersText.banConfirm}
        </button>
      </div>`;
  }

  /** What a ban would take away is counted from the room as it is now. */
  async #learn(): Promise<void> {
    const { weir, member, conversation } = this;
    if (!weir || !member || !conversation || member.isSelf) return;
    const preview = await weir.members.banPreview(conversation.room, member.id);
    if (this.member?.id === member.id) this.preview = preview;
  }

  /** The safe answer has the focus. */
  async #askToBan(): Promise<void> {
    await this.#learn();
    this.confirming = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.keep')?.focus();
  }

  async #doBan({ id, name }: MemberItem): Promise<void> {
    const done = await this.#work((weir, { room }) => weir.members.ban(room, id));
    if (done) this.#tell(membersText.banned(name), true);
  }

  async #mute({ id, name, isMuted }: MemberItem): Promise<void> {
    const done = await this.#work((weir, { room }) => weir.members.setMuted(room, id, !isMuted));
    if (done) this.#tell(isMuted ? membersText.shownAgain(name) : membersText.mutedNow(name));
  }

  async #appoint({ id, name, appointment }: MemberItem): Promise<void> {
    const isMade = appointment === 'made';
    const done = await this.#work((weir, { room }) =>
      isMade ? weir.members.revokeDeputy(room, id) : weir.members.appointDeputy(room, id),
    );
    if (done) this.#tell(isMade ? membersText.revoked(name) : membersText.appointed(name));
  }

  readonly #onRename = (event: Event): void => {
    event.preventDefault();
    const nickname = this.nickname?.value.trim() ?? '';
    const most = this.conversation?.details.limits.maxNicknameSize;
    this.problem = nicknameProblem(nickname, most);
    if (this.problem === undefined) void this.#rename(nickname);
  };

  /** A name that is the same is not published again. */
  async #rename(nickname: string): Promise<void> {
    const isSame = nickname === this.member?.name;
    const done =
      isSame || (await this.#work((weir, { room }) => weir.members.setNickname(room, nickname)));
    if (done) this.#tell(membersText.saved, true);
  }

  #tell(told: string, isOver = false): void {
    this.done(told, isOver);
  }

  /** One thing at a time; its sentence is shown when it fails. @returns whether it is done */
  async #work(
    run: (weir: WeirApi, room: Conversation) => Promise<Result<unknown, EditError>>,
  ): Promise<boolean> {
    const { weir, conversation } = this;
    if (this.busy || !weir || !conversation) return false;
    this.busy = true;
    this.problem = undefined;
    const result = await run(weir, conversation);
    this.busy = false;
    if (!result.ok) this.problem = text.editError(result.error);
    return result.ok;
  }
}

const invitedBy = ({ id, name }: MemberName, from: EventTarget): TemplateResult =>
  html`<p>
    ${membersText.invitedBy}
    <button
      class="link"
      type="button"
      @click=${() => from.dispatchEvent(new PersonChosenEvent(id))}
    >
      <bdi>${name}</bdi>
    </button>
  </p>`;

/** Who made them a deputy, and whom they made one. */
function ties({ appointedBy, deputies, canBanYou, isSelf }: MemberItem): TemplateResult {
  const names = (people: readonly MemberName[]): readonly string[] =>
    people.map(({ name }) => name);
  const lines = [
    appointedBy.length > 0 ? membersText.deputyOf(names(appointedBy)) : undefined,
    canBanYou ? membersText.canBanYou : undefined,
    deputies.length === 0
      ? undefined
      : isSelf
        ? membersText.yourDeputies(names(deputies))
        : membersText.theirDeputies(names(deputies)),
  ].filter((line) => line !== undefined);
  return html`${lines.map((line) => html`<p>${line}</p>`)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-member-info': WeirMemberInfo;
  }
  interface HTMLElementEventMap {
    'weir-share-chosen': ShareChosenEvent;
  }
}
