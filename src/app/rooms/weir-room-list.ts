import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomKey } from '../../shared/brand.ts';
import { havePart } from '../shell/have-part.ts';
import { tellRefusal } from '../shell/tell-refusal.ts';
import { ToastEvent } from '../shell/toast-events.ts';
import type { RoomListItem, RoomsPhase, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import type { DmOverviewItem } from '../state/dm-api.ts';
import { listText } from '../state/list-text.ts';
import { LiveController } from '../state/live-controller.ts';
import { isPlainClick } from '../state/plain-click.ts';
import { steady, withMoved } from '../state/room-order.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { listRow } from '../theme/list-row.ts';
import { pebbleStyles } from '../theme/pebble.ts';
import { AtList } from './at-list.ts';
import { listScreensStyles, loadFailed, noRooms, skeleton } from './list-screens.ts';
import { RoomWantedEvent } from './rail-actions.ts';
import { RoomChosenEvent, type RoomActEvent } from './room-events.ts';
import { filtered, listTools, listToolsStyles } from './room-filter.ts';
import { roomRow, roomRowStyles } from './room-row.ts';
import { RowDrag } from './row-drag.ts';
import type { WeirRoomMenu } from './weir-room-menu.ts';

/**
 * The rooms of the person. A known room is always shown; without one, loading, empty and failed are three other screens.
 *
 * Arrow keys, Home and End move through it, Enter opens; with Alt the arrows move the room. It is put in order by dragging and by
 * buttons, too. While the person is at it, nothing moves away from under them.
 */
@customElement('weir-room-list')
export class WeirRoomList extends LitElement {
  @property({ attribute: false }) chosen: RoomKey | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** The row that Tab reaches, once the person has moved in the list. */
  @state() private reached: RoomKey | undefined;
  @state() private sorting = false;
  /** What the names of the rooms on screen have. */
  @state() private words = '';
  /** The room whose menu was opened. */
  @state() private menuOf: RoomKey | undefined;

  @query('weir-room-menu') private readonly menu!: WeirRoomMenu | null;

  readonly #phase = new LiveController<RoomsPhase>(this);
  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #dms = new LiveController<readonly DmOverviewItem[]>(this);
  readonly #ticker = new Ticker(this, 60_000);
  readonly #at = new AtList(this);
  readonly #drag = new RowDrag(this, (room, to) => void this.#put(room, to));
  /** The order on screen, kept while the person is at the list. */
  #held: readonly RoomKey[] = [];
  #focused: string | undefined;

  static override readonly styles = [
    base,
    pebbleStyles,
    listRow,
    roomRowStyles,
    listToolsStyles,
    listScreensStyles,
    css`
      :host {
        display: block;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: 0.25rem 0.5rem 1rem;
      }
      ul {
        user-select: none;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#phase.watch(this.weir?.rooms.phase);
    this.#list.watch(this.weir?.rooms.list);
    this.#dms.watch(this.weir?.dms.overview);
    this.#focused = this.#focusedRow()?.dataset['room'];
  }

  /** A row that moves in the list loses the focus in the browser; the person has not moved. */
  protected override updated(): void {
    if (this.#focused === undefined || this.#focusedRow()) return;
    this.#links()
      .find((row) => row.dataset['room'] === this.#focused)
      ?.focus();
  }

  override render(): TemplateResult {
    const rooms = this.#list.value ?? [];
    if (rooms.length > 0) return this.#rooms(rooms);
    const phase = this.#phase.value ?? { type: 'loading' };
    if (phase.type === 'failed') return loadFailed(phase.reason, () => this.weir?.sync.retry());
    // "no rooms" must be certain: the phase is ready and the list itself has been read
    if (phase.type === 'ready' && this.#list.value !== undefined) {
      return noRooms((how) => void this.dispatchEvent(new RoomWantedEvent(how)));
    }
    return skeleton();
  }

  /** Focus to a room's row, as when coming back from it; to the reachable one without a room. */
  async focusRoom(room?: RoomKey): Promise<void> {
    if (room !== undefined) this.reached = room;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('a[tabindex="0"]')?.focus();
  }

  /** The rows on screen, in their order. */
  rows(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('li')];
  }

  #rooms(rooms: readonly RoomListItem[]): TemplateResult {
    const shown = this.#inPlace(rooms);
    const found = this.sorting ? shown : filtered(shown, this.words);
    const isNarrowed = found.length < shown.length || this.words.trim() !== '';
    const item = rooms.find(({ room }) => room === this.menuOf);
    return html`${listTools({
        rooms: rooms.length,
        words: this.words,
        sorting: this.sorting,
        onWords: (words) => (this.words = words),
        onKey: (event) => this.#onFilterKey(event, found[0]?.room),
        onSort: () => this.#sort(),
      })}
      ${this.sorting ? html`<p class="hint">${listText.sortHint}</p>` : nothing}
      <p class="hush" role="status">
        ${isNarrowed && found.length > 0 ? listText.found(found.length) : nothing}
      </p>
      ${found.length > 0 ? this.#rows(found) : this.#noneFound()}
      ${
        item
          ? html`<weir-room-menu .item=${item} @weir-room-act=${this.#onAct}></weir-room-menu>`
          : nothing
      }`;
  }

  /** As the person sees them: held still while they are at the list, and with the room that they drag where it would be. */
  #inPlace(rooms: readonly RoomListItem[]): readonly RoomListItem[] {
    const stays = this.#at.value || this.sorting || this.#drag.lifted !== undefined;
    const shown = stays ? steady(rooms, this.#held) : rooms;
    this.#held = shown.map(({ room }) => room);
    const { lifted } = this.#drag;
    return lifted ? steady(shown, withMoved(this.#held, lifted.room, lifted.to)) : shown;
  }

  #rows(rooms: readonly RoomListItem[]): TemplateResult {
    const reach =
      rooms.find((item) => item.room === this.reached) ??
      rooms.find((item) => item.room === this.chosen) ??
      rooms[0];
    const now = this.#ticker.now;
    return html`<ul
      @keydown=${this.#move}
      @pointerdown=${(event: PointerEvent) => event.pointerType === 'mouse' && this.#press(event)}
    >
      ${repeat(
        rooms,
        (item) => item.room,
        (item, i) =>
          roomRow(item, {
            now,
            chosen: item.room === this.chosen,
            reachable: item === reach,
            unreadDms: this.#unreadDms(item.room),
            lifted: item.room === this.#drag.lifted?.room,
            sorting: this.sorting
              ? { isFirst: i === 0, isLast: i === rooms.length - 1 }
              : undefined,
            onOpen: (event) => this.#open(event, item.room),
            onMenu: (event) => void this.#openMenu(event, item.room),
            onMove: (by) => void this.#put(item.room, i + by),
            onGrip: (event) => this.#press(event),
          }),
      )}
    </ul>`;
  }

  #noneFound(): TemplateResult {
    return html`<div class="note" role="status">
      <p>${listText.noneFound(this.words.trim())}</p>
      <button class="button" type="button" @click=${() => (this.words = '')}>
        ${listText.clear}
      </button>
    </div>`;
  }

  #unreadDms(room: RoomKey): number {
    const here = (this.#dms.value ?? []).filter((each) => each.room === room && !each.isHidden);
    return here.reduce((sum, { unread }) => sum + unread, 0);
  }

  #sort(): void {
    this.sorting = !this.sorting;
    this.words = '';
  }

  #press(event: PointerEvent): void {
    const target = event.target as Element;
    if (target.closest('button') || this.words !== '') return;
    const room = target.closest('li')?.querySelector<HTMLElement>('[data-room]')?.dataset['room'];
    if (room !== undefined) this.#drag.press(room as RoomKey, event);
  }

  /** Puts a room in another place of what is on screen. It is durable at once, and can be taken back. */
  async #put(room: RoomKey, to: number): Promise<void> {
    const before = this.#held;
    if (this.words !== '' || to < 0 || to >= before.length || before[to] === room) return;
    const shown = withMoved(before, room, to);
    this.#held = shown;
    this.requestUpdate();
    const moved = await this.weir?.preferences.move(shown, room);
    if (!moved) return;
    if (!moved.ok) {
      this.#held = before;
      this.requestUpdate();
      tellRefusal(this, moved);
      return;
    }
    const name = this.#list.value?.find((item) => item.room === room)?.name ?? '';
    const run = (): void => void this.#putBack(moved.value, before);
    const action = { label: listText.undo, run };
    this.dispatchEvent(new ToastEvent(listText.moved(name, to + 1, shown.length), action));
  }

  async #putBack(order: readonly RoomKey[], before: readonly RoomKey[]): Promise<void> {
    this.#held = before;
    tellRefusal(this, await this.weir?.preferences.putBack(order));
    this.requestUpdate();
  }

  async #openMenu(event: Event, room: RoomKey): Promise<void> {
    event.preventDefault();
    const row = (event.currentTarget as Element).closest('li');
    const button = row?.querySelector<HTMLElement>('.kebab');
    const link = row?.querySelector('a');
    if (!button || !link || this.sorting) return;
    if (!(await havePart(this, () => import('./weir-room-menu.ts')))) return;
    this.menuOf = room;
    await this.updateComplete;
    await this.menu?.open(button, event.type === 'click' ? button : link);
  }

  readonly #onAct = async ({ room, act }: RoomActEvent): Promise<void> => {
    if (act !== 'read') return; // the others need more than the list
    tellRefusal(this, await this.weir?.preferences.markRead(room));
  };

  #links(): HTMLAnchorElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLAnchorElement>('a[data-room]')];
  }

  #focusedRow(): HTMLElement | undefined {
    return this.shadowRoot?.activeElement?.closest<HTMLElement>('a[data-room]') ?? undefined;
  }

  #open(event: MouseEvent, room: RoomKey): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.reached = room;
    this.dispatchEvent(new RoomChosenEvent(room));
  }

  #onFilterKey(event: KeyboardEvent, first: RoomKey | undefined): void {
    if (event.isComposing) return;
    if (event.key === 'Escape' && this.words !== '') {
      event.preventDefault();
      this.words = '';
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      void this.focusRoom(first);
    } else if (event.key === 'Enter' && first !== undefined) {
      this.reached = first;
      this.words = '';
      this.dispatchEvent(new RoomChosenEvent(first));
    }
  }

  readonly #move = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = this.#links();
    const at = rows.findIndex((row) => row === this.#focusedRow());
    const to = destination(event.key, at, rows.length);
    const row = to === undefined ? undefined : rows[to];
    if (at < 0 || to === undefined || !row) return;
    event.preventDefault();
    if (event.altKey) {
      void this.#put(rows[at]?.dataset['room'] as RoomKey, to);
      return;
    }
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

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-list': WeirRoomList;
  }
}
