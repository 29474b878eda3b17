import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Conversation } from '../state/api.ts';
import { DmsChosenEvent } from '../dms/dm-events.ts';
import { RoomActEvent } from '../rooms/room-events.ts';
import { BackChosenEvent } from '../shell/back-event.ts';
import { listText } from '../state/list-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import {
  alertIcon,
  backIcon,
  envelopeIcon,
  infoIcon,
  lockIcon,
  peopleIcon,
  pencilIcon,
  searchIcon,
  storedIcon,
} from '../theme/icons.ts';
import '../markdown/weir-text.ts';
import '../rooms/weir-bell.ts';

/** The person wants to rename the room. */
export class RenameChosenEvent extends Event {
  static readonly type = 'weir-rename-chosen';

  constructor() {
    super(RenameChosenEvent.type, { bubbles: true, composed: true });
  }
}

/** The person wants to see who is in the room, or all about it. */
export class AboutChosenEvent extends Event {
  static readonly type = 'weir-about-chosen';
  readonly what: 'people' | 'room';

  constructor(what: 'people' | 'room') {
    super(AboutChosenEvent.type, { bubbles: true, composed: true });
    this.what = what;
  }
}

/** What room this is: name, members, description, where its edits are. */
@customElement('weir-conversation-header')
export class WeirConversationHeader extends LitElement {
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private unfolded = false;
  @state() private truncated = false;

  readonly #resizes = new ResizeObserver(() => {
    // not inside the observer: showing the button changes what is observed
    requestAnimationFrame(() => this.#measure());
  });

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        border-bottom: 1px solid var(--line);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 4rem;
        padding: 0.5rem 0.75rem 0.5rem 1.5rem;
      }
      .back {
        display: none;
      }
      .dms {
        position: relative;
      }
      .badge {
        position: absolute;
        inset-block-start: 0.125rem;
        inset-inline-end: 0;
        min-width: 1.125rem;
        height: 1.125rem;
        padding: 0 0.3125rem;
        border-radius: 0.5625rem;
        background: var(--water);
        color: var(--on-water);
        font-size: var(--size-xs);
        font-weight: 700;
        line-height: 1.125rem;
      }
      .title {
        flex: 1;
        min-width: 0;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        font-family: var(--serif);
        font-size: var(--size-l);
        line-height: 1.25;
        letter-spacing: -0.005em;
      }
      h2:focus {
        outline: none;
      }
      h2 bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .lock {
        flex: none;
        color: var(--ink-soft);
      }
      .facts {
        display: flex;
        align-items: center;
        gap: 0.375rem;
        font-size: var(--size-s);
        line-height: 1.4;
        color: var(--ink-soft);
      }
      .facts > * {
        flex: none;
      }
      .sync {
        display: flex;
        flex: 0 1 auto;
        align-items: center;
        gap: 0.25rem;
        min-width: 0;
        color: var(--amber);
      }
      .sync span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .sync.refused {
        color: var(--rust);
      }
      .about {
        display: flex;
        gap: 1rem;
        align-items: flex-start;
        justify-content: space-between;
        padding: 0 1.5rem 0.625rem;
        font-size: var(--size-s);
        line-height: 1.45;
        color: var(--ink-soft);
      }
      .words {
        min-width: 0;
        max-width: var(--measure);
        overflow-wrap: anywhere;
        text-align: start;
      }
      .open .words {
        max-height: 30vh;
        overflow-y: auto;
      }
      .more {
        flex: none;
        color: var(--water);
        font-weight: 600;
      }
      @media (max-width: 767.98px) {
        /* with large letters the buttons go below the name, which would have no room beside them */
        .bar {
          flex-wrap: wrap;
          padding: 0.25rem 0.5rem;
          gap: 0.125rem;
          min-height: 3.5rem;
        }
        .back {
          display: inline-grid;
        }
        .title {
          flex-basis: 4.5rem;
        }
        /* the room's own dialog has the name too, its menu in the list the search */
        .rename,
        .search {
          display: none;
        }
        .about {
          padding-inline: 1rem;
        }
      }
    `,
  ];

  /** The name takes the focus, so that a screen reader says where one is. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus(options);
  }

  override render(): TemplateResult {
    const room = this.conversation;
    return html`
      <div class="bar">
        <button
          class="icon-button back"
          type="button"
          aria-label=${text.conversation.back}
          @click=${() => this.dispatchEvent(new BackChosenEvent())}
        >
          ${backIcon()}
        </button>
        <div class="title">${room ? title(room) : nothing}</div>
        ${
          room
            ? html`<button
                  class="icon-button search"
                  type="button"
                  aria-label=${listText.menu.search}
                  title=${listText.menu.search}
                  @click=${() => this.dispatchEvent(new RoomActEvent(room.room, room.name, 'search'))}
                >
                  ${searchIcon(20)}</button
                ><weir-bell .room=${room.room}></weir-bell>
                ${this.#dms(room)}${this.#aboutButtons()}`
            : nothing
        }
        ${
          room?.canRename
            ? html`<button
                class="icon-button rename"
                type="button"
                aria-label=${text.conversation.rename}
                title=${text.conversation.rename}
                @click=${() => this.dispatchEvent(new RenameChosenEvent())}
              >
                ${pencilIcon()}
              </button>`
            : nothing
        }
      </div>
      ${room?.description ? this.#about(room.description) : nothing}
    `;
  }

  #dms({ room, unreadDms }: Conversation): TemplateResult {
    const label = text.conversation.dms(unreadDms);
    return html`<button
      class="icon-button dms"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${() => this.dispatchEvent(new DmsChosenEvent(room))}
    >
      ${envelopeIcon()}${
        unreadDms > 0
          ? html`<span class="badge" aria-hidden="true">${text.rooms.unreadShort(unreadDms)}</span>`
          : nothing
      }
    </button>`;
  }

  #aboutButtons(): TemplateResult {
    const button = (what: 'people' | 'room', label: string, icon: TemplateResult): TemplateResult =>
      html`<button
        class="icon-button"
        type="button"
        aria-label=${label}
        title=${label}
        aria-haspopup="dialog"
        @click=${() => this.dispatchEvent(new AboutChosenEvent(what))}
      >
        ${icon}
      </button>`;
    return html`${button('people', text.conversation.people, peopleIcon())}
    ${button('room', text.conversation.about, infoIcon())}`;
  }

  #about(description: string): TemplateResult {
    return html`<div class="about ${this.unfolded ? 'open' : 'folded'}">
      <weir-text class="words" ?line=${!this.unfolded} .text=${description}></weir-text>
      ${
        this.truncated || this.unfolded
          ? html`<button
              class="more"
              type="button"
              aria-expanded=${this.unfolded}
              @click=${() => (this.unfolded = !this.unfolded)}
            >
              ${this.unfolded ? text.conversation.less : text.conversation.more}
            </button>`
          : nothing
      }
    </div>`;
  }

  protected override updated(): void {
    this.#resizes.disconnect();
    const words = this.#words();
    if (words) this.#resizes.observe(words);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  #words(): Element | null {
    return this.renderRoot.querySelector('.words');
  }

  /** Whether the one line hides something: only then is there more to show. */
  #measure(): void {
    const words = this.#words();
    this.truncated = words !== null && (this.unfolded || words.scrollWidth > words.clientWidth);
  }
}

function title(room: Conversation): TemplateResult {
  const sync = text.sync.room(room.sync);
  const refused = room.sync.type === 'refused';
  return html`
    <h2 tabindex="-1">
      <bdi title=${room.name}>${room.name}</bdi>
      ${
        room.isPrivate
          ? html`<span class="lock" title=${text.rooms.privateHint}
              >${lockIcon(16)}<span class="hush">${text.rooms.isPrivate}</span></span
            >`
          : nothing
      }
    </h2>
    <p class="facts">
      <span
        >${room.isAwaiting ? text.conversation.awaiting : text.conversation.members(room.memberCount)}</span
      >
      ${
        sync === undefined
          ? nothing
          : html`<span aria-hidden="true">·</span>
              <span class="sync ${refused ? 'refused' : ''}" title=${sync}
                >${refused ? alertIcon(14) : storedIcon()}<span>${sync}</span></span
              >`
      }
    </p>
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-conversation-header': WeirConversationHeader;
  }
  interface HTMLElementEventMap {
    'weir-rename-chosen': RenameChosenEvent;
    'weir-about-chosen': AboutChosenEvent;
  }
}
