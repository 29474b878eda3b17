import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem, WeirApi } from '../state/api.ts';
import { joinText } from '../state/join-text.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';

const SHOWN_CHARACTERS = 8;

/** Rooms that were joined and have not arrived: each can be looked for again, or given up with its key kept. */
@customElement('weir-waiting-rooms')
export class WeirWaitingRooms extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;

  @state() private problem = '';

  readonly #list = new LiveController<readonly RoomListItem[]>(this);

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
      }
      section {
        margin-top: 1.25rem;
        padding-top: 1.25rem;
        border-top: 1px solid var(--line);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.25rem 1rem;
        padding: 0.375rem 0;
      }
      .ways {
        display: flex;
        gap: 0.5rem;
      }
      .button {
        min-height: 2.75rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#list.watch(this.weir?.rooms.list);
  }

  override render(): TemplateResult | typeof nothing {
    const waiting = (this.#list.value ?? []).filter(({ isAwaiting }) => isAwaiting);
    if (waiting.length === 0) return nothing;
    const { join } = joinText;
    return html`<section>
      <h3 id="waiting">${join.waiting}</h3>
      <p class="hint">${join.waitingHint}</p>
      <ul aria-labelledby="waiting">
        ${waiting.map(({ room }) => this.#row(room))}
      </ul>
      <p class="problem" role="alert">${this.problem}</p>
    </section>`;
  }

  #row(room: RoomKey): TemplateResult {
    const { join } = joinText;
    const key = room.slice(0, SHOWN_CHARACTERS);
    return html`<li>
      <span>${join.waitingRoom(key)}</span>
      <span class="ways">
        <button class="button" type="button" @click=${() => this.weir?.sync.retry()}>
          ${join.retry}<span class="hush">: ${join.waitingRoom(key)}</span>
        </button>
        <button
          class="button danger"
          type="button"
          aria-label=${join.cancelOf(key)}
          @click=${() => void this.#cancel(room)}
        >
          ${join.cancel}
        </button>
      </span>
    </li>`;
  }

  async #cancel(room: RoomKey): Promise<void> {
    const left = await this.weir?.people.leave(room);
    this.problem = left && !left.ok ? text.editError(left.error) : '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-waiting-rooms': WeirWaitingRooms;
  }
}
