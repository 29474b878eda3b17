import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Conversation, WeirApi } from '../state/api.ts';
import { fullTime } from '../state/format.ts';
import type { BanItem } from '../state/members-api.ts';
import { membersText } from '../state/members-text.ts';
import { base } from '../theme/base.ts';
import { memberTagStyles } from './member-tags.ts';

/** The bans of a room: of whom, by whom, when, and whether they work. Nothing where there is none. */
@customElement('weir-ban-list')
export class WeirBanList extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private bans: readonly BanItem[] = [];

  static override readonly styles = [
    base,
    memberTagStyles,
    css`
      :host {
        display: block;
      }
      li {
        padding: 0.5rem 0;
        font-size: var(--size-s);
        border-top: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      bdi {
        font-weight: 600;
      }
      p {
        color: var(--ink-soft);
      }
      .idle {
        color: var(--amber);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversation') || changed.has('weir')) void this.#read();
  }

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room || this.bans.length === 0) return nothing;
    const held = this.bans.filter(({ state: how }) => how !== 'ended').length;
    return html`<details>
      <summary>${membersText.bans(held, room.details.limits.maxUserBans)}</summary>
      <ul>
        ${this.bans.map(
          ({ member, by, at, state: how }) =>
            html`<li>
              <bdi>${member.name}</bdi>
              <p>${membersText.bannedBy(by.name, fullTime(at))}</p>
              <p class=${how === 'in-force' ? '' : 'idle'}>${membersText.banState(how)}</p>
            </li>`,
        )}
      </ul>
    </details>`;
  }

  async #read(): Promise<void> {
    const { weir, conversation } = this;
    if (!weir || !conversation) return;
    const bans = await weir.members.bans(conversation.room);
    if (this.conversation?.room === conversation.room) this.bans = bans;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-ban-list': WeirBanList;
  }
}
