import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PersonChosenEvent } from '../markdown/mention-chip.ts';
import type { Conversation } from '../state/api.ts';
import { membersText } from '../state/members-text.ts';
import type { MemberItem } from '../state/people-api.ts';
import { base } from '../theme/base.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import { legend, memberTagStyles, tagList } from './member-tags.ts';
import type { MemberDone } from './weir-member-info.ts';
import { peopleDialogStyles } from './weir-people-dialog.styles.ts';
import './weir-ban-list.ts';
import './weir-member-info.ts';

/** The person wants to invite somebody to the room that is open. */
export class InviteChosenEvent extends Event {
  static readonly type = 'weir-invite-chosen';

  constructor() {
    super(InviteChosenEvent.type, { bubbles: true, composed: true });
  }
}

/** Deeper branches of the tree are not moved further in: the names need the width. */
const MAX_INDENT = 5;
/** From so many on a list is searched rather than read. */
const SEARCHED_FROM = 8;

/**
 * Everybody in the room, the person first, then the tree of invitations; below, the room's bans. One entry at a time is open:
 * one's own has the name to change, another's who invited them and what the person may do.
 */
@customElement('weir-people-dialog')
export class WeirPeopleDialog extends WeirDialog {
  @property({ attribute: false }) conversation: Conversation | undefined;
  /** Whose entry is open from the start: a member id. */
  @property() member: string | undefined;

  @state() private openId: string | undefined;
  @state() private wanted = '';
  @state() private told = '';

  static override readonly styles = [
    base,
    dialogStyles,
    pebbleStyles,
    memberTagStyles,
    peopleDialogStyles,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('member')) this.openId = this.member;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    if (this.openId !== undefined) void this.#open(this.openId);
  }

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room) return nothing;
    const { maxMembers } = room.details.limits;
    // the owner takes no place
    const places = room.memberCount - 1;
    return this.frame(
      membersText.title(room.name),
      html`${
          room.readOnlyReason === undefined
            ? html`<button
                class="button strong"
                type="button"
                autofocus
                @click=${() => this.dispatchEvent(new InviteChosenEvent())}
              >
                ${membersText.invite}
              </button>`
            : html`<p class="quiet">${room.readOnlyReason}</p>`
        }
        ${
          room.isAwaiting
            ? nothing
            : html`<p class="quiet places">${membersText.count(places, maxMembers)}</p>
                ${places >= maxMembers ? html`<p class="warning">${membersText.full}</p>` : nothing}`
        }
        ${room.members.length >= SEARCHED_FROM ? this.#search() : nothing}
        <p class="told" role="status">${this.told}</p>
        ${guard([room.members, room.details, room.readOnlyReason, this.openId, this.wanted], () => this.#list(room))}
        <weir-ban-list .weir=${this.weir} .conversation=${room}></weir-ban-list>
        ${legend()}`,
    );
  }

  #search(): TemplateResult {
    return html`<input
      id="find"
      type="search"
      dir="auto"
      autocomplete="off"
      aria-label=${membersText.find}
      placeholder=${membersText.find}
      @input=${this.#onSearch}
    />`;
  }

  #list(room: Conversation): TemplateResult {
    const found = matching(room.members, this.wanted);
    if (found.length === 0 && this.wanted !== '') {
      return html`<p class="quiet">${membersText.nobodyFound}</p>`;
    }
    return html`<ul
      aria-label=${membersText.list}
      @weir-person-chosen=${(event: PersonChosenEvent) => void this.#open(event.id)}
    >
      ${repeat(
        found,
        (member) => member.id,
        (member) => this.#member(member, room),
      )}
    </ul>`;
  }

  #member(member: MemberItem, room: Conversation): TemplateResult {
    const isOpen = member.id === this.openId;
    const isTree = this.wanted === '' && !member.isSelf;
    const indent = isTree ? Math.min(MAX_INDENT, member.depth) - 1 : 0;
    return html`<li>
      <button
        class="who"
        type="button"
        aria-expanded=${isOpen}
        data-member=${member.id}
        title=${membersText.id(member.label)}
        @click=${() => this.#toggle(member.id)}
      >
        ${indent > 0 ? html`<span class="deeper d${indent}" aria-hidden="true"></span>` : nothing}
        ${pebble(member.id, member.name)}
        <span class="names">
          <bdi class="name">${member.name}</bdi>
          ${tagList(member)}
        </span>
      </button>
      ${
        isOpen
          ? html`<weir-member-info
              class="more"
              .weir=${this.weir}
              .conversation=${room}
              .member=${member}
              .done=${this.#onDone}
            ></weir-member-info>`
          : nothing
      }
    </li>`;
  }

  #toggle(id: string): void {
    this.openId = this.openId === id ? undefined : id;
    this.told = '';
  }

  /** Goes to somebody's entry, also when the search hides it. */
  async #open(id: string): Promise<void> {
    this.openId = id;
    this.wanted = '';
    const field = this.renderRoot.querySelector<HTMLInputElement>('#find');
    if (field) field.value = '';
    await this.updateComplete;
    const entry = this.renderRoot.querySelector<HTMLElement>(`[data-member="${CSS.escape(id)}"]`);
    entry?.scrollIntoView({ block: 'center' });
    entry?.focus();
  }

  readonly #onSearch = (event: Event): void => {
    this.wanted = (event.target as HTMLInputElement).value.trim();
    const found = matching(this.conversation?.members ?? [], this.wanted).length;
    this.told = this.wanted === '' || found === 0 ? '' : membersText.found(found);
  };

  readonly #onDone: MemberDone = (told, isOver) => {
    this.told = told;
    if (!isOver) return;
    const { renderRoot } = this;
    const entry = renderRoot.querySelector<HTMLElement>('[aria-expanded="true"]');
    this.openId = undefined;
    (entry ?? renderRoot.querySelector<HTMLElement>('.who'))?.focus();
  };
}

/** By any part of the name, or the beginning of the id. */
function matching(members: readonly MemberItem[], wanted: string): readonly MemberItem[] {
  if (wanted === '') return members;
  const word = wanted.toLocaleLowerCase();
  return members.filter(
    ({ name, label }) =>
      name.toLocaleLowerCase().includes(word) || label.toLocaleLowerCase().startsWith(word),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-people-dialog': WeirPeopleDialog;
  }
  interface HTMLElementEventMap {
    'weir-invite-chosen': InviteChosenEvent;
  }
}
