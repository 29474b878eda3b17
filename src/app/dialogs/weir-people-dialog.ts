import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Conversation } from '../state/api.ts';
import type { BanPreview } from '../state/members-api.ts';
import type { MemberItem } from '../state/people-api.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { DmsChosenEvent } from '../dms/dm-events.ts';
import { base } from '../theme/base.ts';
import { envelopeIcon } from '../theme/icons.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import { nicknameProblem } from './nickname-problem.ts';

/** The person wants to invite somebody to the room that is open. */
export class InviteChosenEvent extends Event {
  static readonly type = 'weir-invite-chosen';

  constructor() {
    super(InviteChosenEvent.type, { bubbles: true, composed: true });
  }
}

/** Deeper branches of the tree are not moved further in: the names need the width. */
const MAX_INDENT = 5;

/**
 * Everybody in the room, the person first, then the tree of invitations. One entry at a time is open: one's own has the name to
 * change, another's who invited them and, where the person may, the ban with everything that it would take away.
 */
@customElement('weir-people-dialog')
export class WeirPeopleDialog extends WeirDialog {
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private openId: string | undefined;
  @state() private preview: BanPreview | undefined;
  @state() private confirming = false;
  @state() private saved = false;

  static override readonly styles = [
    base,
    dialogStyles,
    pebbleStyles,
    css`
      ul {
        margin: 0.75rem -0.5rem 0;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        width: 100%;
        min-height: 3rem;
        padding: 0.25rem 0.5rem;
        border-radius: var(--round-m);
        text-align: start;
      }
      .who:hover,
      .who[aria-expanded='true'] {
        background: var(--hover);
      }
      .names {
        flex: 1;
        min-width: 0;
      }
      .name {
        display: block;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .tags {
        font-size: var(--size-s);
        color: var(--ink-soft);
      }
      .more {
        padding: 0.5rem 0.5rem 1rem 3.5rem;
        font-size: var(--size-s);
      }
      .more > * + * {
        margin-top: 0.625rem;
      }
      .line {
        display: flex;
        gap: 0.5rem;
        align-items: flex-end;
      }
      .line > div {
        flex: 1;
        min-width: 0;
      }
      .deeper {
        flex: none;
        align-self: stretch;
        margin: -0.25rem 0;
        border-inline-end: 1px solid var(--line);
      }
      .deeper.d1 {
        width: 0.5rem;
      }
      .deeper.d2 {
        width: 1rem;
      }
      .deeper.d3 {
        width: 1.5rem;
      }
      .deeper.d4 {
        width: 2rem;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room) return nothing;
    const { members } = peopleText;
    return this.frame(
      members.title(room.name),
      html`${
          room.readOnlyReason === undefined
            ? html`<button
                class="button strong"
                type="button"
                autofocus
                @click=${() => this.dispatchEvent(new InviteChosenEvent())}
              >
                ${members.invite}
              </button>`
            : html`<p class="quiet">${room.readOnlyReason}</p>`
        }
        <ul aria-label=${members.list}>
          ${repeat(
            room.members,
            (member) => member.id,
            (member) => this.#member(member, room),
          )}
        </ul>
        <p class="hush" role="status">${this.saved ? members.saved : nothing}</p>`,
    );
  }

  #member(member: MemberItem, room: Conversation): TemplateResult {
    const isOpen = member.id === this.openId;
    const indent = member.isSelf ? 0 : Math.min(MAX_INDENT, member.depth) - 1;
    return html`<li>
      <button
        class="who"
        type="button"
        aria-expanded=${isOpen}
        title=${peopleText.members.id(member.label)}
        @click=${() => this.#toggle(member)}
      >
        ${indent > 0 ? html`<span class="deeper d${indent}" aria-hidden="true"></span>` : nothing}
        ${pebble(member.id, member.name)}
        <span class="names">
          <bdi class="name">${member.name}</bdi>
          <span class="tags">${tags(member)}</span>
        </span>
      </button>
      ${isOpen ? this.#more(member, room) : nothing}
    </li>`;
  }

  #more(member: MemberItem, room: Conversation): TemplateResult {
    const { members } = peopleText;
    return html`<div class="more">
      ${member.invitedBy ? html`<p>${members.invitedBy(member.invitedBy.name)}</p>` : nothing}
      <p class="quiet">${members.id(member.label)}</p>
      ${
        member.isSelf
          ? room.readOnlyReason === undefined
            ? this.#ownName(member, room)
            : nothing
          : html`<div class="line">
                <button
                  class="button"
                  type="button"
                  @click=${() => this.dispatchEvent(new DmsChosenEvent(room.room, member.id))}
                >
                  ${envelopeIcon(18)} ${members.message}
                </button>
              </div>
              ${this.#ban(member)}`
      }
      ${this.problemLine()}
    </div>`;
  }

  #ownName(member: MemberItem, room: Conversation): TemplateResult {
    const { members } = peopleText;
    return html`<form novalidate @submit=${(event: Event) => this.#onRename(event, room)}>
      <div class="line">
        <div>
          <label for="nickname">${members.rename}</label>
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
        <button class="button" type="submit" ?disabled=${this.busy}>${members.save}</button>
      </div>
      <p class="hint" id="nickname-hint">${members.renameHint}</p>
    </form>`;
  }

  #ban(member: MemberItem): TemplateResult | typeof nothing {
    const { preview } = this;
    if (!preview) return nothing;
    const { members } = peopleText;
    if (preview.refusal !== undefined) return html`<p class="quiet">${preview.refusal}</p>`;
    if (!this.confirming) {
      return html`<button class="button danger" type="button" @click=${() => void this.#askToBan()}>
        ${members.ban}
      </button>`;
    }
    return html`<p class="warning" role="alert">
        ${members.banRemoves(preview.removes, preview.messages)}
      </p>
      <div class="actions">
        <button class="button keep" type="button" @click=${() => (this.confirming = false)}>
          ${members.keep}
        </button>
        <button
          class="button danger"
          type="button"
          ?disabled=${this.busy}
          @click=${() => void this.work(() => this.#doBan(member))}
        >
          ${members.banConfirm}
        </button>
      </div>`;
  }

  #toggle(member: MemberItem): void {
    const opens = this.openId !== member.id;
    this.openId = opens ? member.id : undefined;
    this.preview = undefined;
    this.confirming = false;
    this.problem = undefined;
    this.saved = false;
    if (opens && !member.isSelf) void this.#learn(member);
  }

  /** Asked when an entry opens: what a ban would take away is counted from the room as it is now. */
  async #learn({ id }: MemberItem): Promise<void> {
    const room = this.conversation?.room;
    if (!this.weir || room === undefined) return;
    const preview = await this.weir.members.banPreview(room, id);
    if (this.openId === id) this.preview = preview;
  }

  /** The safe answer has the focus. */
  async #askToBan(): Promise<void> {
    this.confirming = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.keep')?.focus();
  }

  async #doBan({ id }: MemberItem): Promise<string | undefined> {
    const room = this.conversation?.room;
    if (!this.weir || room === undefined) return undefined;
    const banned = await this.weir.members.ban(room, id);
    if (!banned.ok) return text.editError(banned.error);
    this.openId = undefined;
    this.renderRoot.querySelector<HTMLElement>('.who')?.focus();
    return undefined;
  }

  #onRename(event: Event, { room, details }: Conversation): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLInputElement>('#nickname');
    const nickname = field?.value.trim() ?? '';
    void this.work(async () => {
      const refusal = nicknameProblem(nickname, details.limits.maxNicknameSize);
      if (refusal !== undefined) return refusal;
      const renamed = await this.weir?.members.setNickname(room, nickname);
      if (renamed && !renamed.ok) return text.editError(renamed.error);
      this.saved = true;
      this.openId = undefined;
      this.renderRoot.querySelector<HTMLElement>('.who')?.focus();
      return undefined;
    });
  }
}

function tags({ isSelf, isOwner, isDeputy, relation }: MemberItem): string {
  const { members } = peopleText;
  return [
    isSelf ? members.you : undefined,
    isOwner ? members.owner : undefined,
    isDeputy ? members.deputy : undefined,
    relation && members.relation[relation],
  ]
    .filter((tag) => tag !== undefined)
    .join(' · ');
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-people-dialog': WeirPeopleDialog;
  }
  interface HTMLElementEventMap {
    'weir-invite-chosen': InviteChosenEvent;
  }
}
