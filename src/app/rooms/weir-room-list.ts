import { consume } from '@lit/context';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem, RoomsPhase, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { listRow } from '../theme/list-row.ts';
import { pebbleStyles } from '../theme/pebble.ts';
import { RoomWantedEvent } from './rail-actions.ts';
import { roomRow, roomRowStyles } from './room-row.ts';

/** The person chose a room in the list. */
export class RoomChosenEvent extends Event {
  static readonly type = 'weir-room-chosen';
  readonly room: RoomKey;

  constructor(room: RoomKey) {
    super(RoomChosenEvent.type, { bubbles: true, composed: true });
    this.room = room;
  }
}

const SKELETONS = [0, 1, 2, 3, 4, 5];

/**
 * The rooms of the person. A known room is always shown; without one, loading, empty and failed are three other screens.
 * Arrow keys, Home and End move through it, Enter opens.
 */
@customElement('weir-room-list')
export class WeirRoomList extends LitElement {
  @property({ attribute: false }) chosen: RoomKey | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** The row that Tab reaches, once the person has moved in the list. */
  @state() private reached: RoomKey | undefined;

  readonly #phase = new LiveController<RoomsPhase>(this);
  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #ticker = new Ticker(this, 60_000);
  #focused: string | undefined;

  static override readonly styles = [
    base,
    pebbleStyles,
    listRow,
    roomRowStyles,
    css`
      :host {
        display: block;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: 0.25rem 0.5rem 1rem;
      }
      .note {
        padding: 2rem 1rem;
        line-height: 1.5;
        color: var(--ink-soft);
        font-size: var(--size-m);
      }
      .note h3 {
        font-family: var(--serif);
        font-size: var(--size-l);
        line-height: 1.2;
        color: var(--ink);
        margin-bottom: 0.5rem;
      }
      .note .button {
        margin-top: 1rem;
      }
      .note .first {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.5rem;
      }
      .skeleton {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        padding: 0.625rem;
        animation: breathe 2.4s ease-in-out infinite;
      }
      .skeleton i {
        border-radius: 1rem;
        background: var(--line);
        height: 0.625rem;
        width: 62%;
      }
      .skeleton i:first-child {
        flex: none;
        width: 2.25rem;
        height: 2.25rem;
        border-radius: 50%;
      }
      .skeleton:nth-child(2n) {
        animation-delay: 200ms;
      }
      .skeleton:nth-child(2n) i:last-child {
        width: 44%;
      }
      @keyframes breathe {
        50% {
          opacity: 0.45;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .skeleton {
          animation: none;
        }
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#phase.watch(this.weir?.rooms.phase);
    this.#list.watch(this.weir?.rooms.list);
    this.#focused = this.#focusedRow()?.dataset['room'];
  }

  /** A row that moves in the list loses the focus in the browser; the person has not moved. */
  protected override updated(): void {
    if (this.#focused === undefined || this.#focusedRow()) return;
    const rows = this.renderRoot.querySelectorAll<HTMLElement>('a[data-room]');
    [...rows].find((row) => row.dataset['room'] === this.#focused)?.focus();
  }

  override render(): TemplateResult {
    const rooms = this.#list.value ?? [];
    if (rooms.length > 0) return this.#rows(rooms);
    const phase = this.#phase.value ?? { type: 'loading' };
    if (phase.type === 'failed') return this.#failed(phase.reason);
    // "no rooms" must be certain: the phase is ready and the list itself has been read
    if (phase.type === 'ready' && this.#list.value !== undefined) return this.#empty();
    return skeleton();
  }

  /** Focus to a room's row, as when coming back from it; to the reachable one without a room. */
  async focusRoom(room?: RoomKey): Promise<void> {
    if (room !== undefined) this.reached = room;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('a[tabindex="0"]')?.focus();
  }

  #rows(rooms: readonly RoomListItem[]): TemplateResult {
    const reach =
      rooms.find((item) => item.room === this.reached) ??
      rooms.find((item) => item.room === this.chosen) ??
      rooms[0];
    const now = this.#ticker.now;
    return html`<ul @keydown=${this.#move}>
      ${repeat(
        rooms,
        (item) => item.room,
        (item) =>
          roomRow(item, {
            now,
            chosen: item.room === this.chosen,
            reachable: item === reach,
            onOpen: (event) => this.#open(event, item.room),
          }),
      )}
    </ul>`;
  }

  #empty(): TemplateResult {
    const want = (how: RoomWantedEvent['how']) => (): void => {
      this.dispatchEvent(new RoomWantedEvent(how));
    };
    return html`<div class="note">
      <h3>${text.rooms.emptyTitle}</h3>
      <p>${text.rooms.emptyBody}</p>
      <div class="first">
        <button class="button strong" type="button" @click=${want('create')}>
          ${text.people.create}
        </button>
        <button class="button" type="button" @click=${want('join')}>${text.people.join}</button>
        <button class="button" type="button" @click=${want('import')}>${text.people.bring}</button>
      </div>
    </div>`;
  }

  #focusedRow(): HTMLElement | undefined {
    return this.shadowRoot?.activeElement?.closest<HTMLElement>('a[data-room]') ?? undefined;
  }

  #failed(reason: string): TemplateResult {
    return html`<div class="note" role="alert">
      <h3>${text.rooms.failedTitle}</h3>
      <p>${reason}</p>
      <button class="button" type="button" @click=${() => this.weir?.sync.retry()}>
        ${text.rooms.retry}
      </button>
    </div>`;
  }

  #open(event: MouseEvent, room: RoomKey): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // the browser's own: a new tab
    event.preventDefault();
    this.reached = room;
    this.dispatchEvent(new RoomChosenEvent(room));
  }

  readonly #move = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = [...this.renderRoot.querySelectorAll<HTMLAnchorElement>('a[data-room]')];
    const at = rows.findIndex((row) => row === this.#focusedRow());
    const to = destination(event.key, at, rows.length);
    const row = to === undefined ? undefined : rows[to];
    if (!row) return;
    event.preventDefault();
    this.reached = row.dataset['room'] as RoomKey;
    row.focus();
  };
}

function destination(key: string, at: number, length: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, length - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}

const skeleton = (): TemplateResult =>
  html`<p class="hush" role="status">${text.rooms.loading}</p>
    <div aria-hidden="true">
      ${SKELETONS.map(() => html`<div class="skeleton"><i></i><i></i></div>`)}
    </div>`;

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-list': WeirRoomList;
  }
  interface HTMLElementEventMap {
    'weir-room-chosen': RoomChosenEvent;
  }
}
