import { provide } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import { unreachable } from '../../shared/result.ts';
import type { WeirConversation } from '../conversation/weir-conversation.ts';
import type { DialogClosedEvent } from '../dialogs/dialog.ts';
import type { DoctorApi } from '../doctor/doctor-api.ts';
import type { RoomLeftEvent } from '../dialogs/room-left-event.ts';
import type { HitChosenEvent, SearchTypedEvent } from '../search/weir-search.ts';
import { railActions, railActionsStyles, type RoomWantedEvent } from '../rooms/rail-actions.ts';
import type { RoomActEvent, RoomChosenEvent } from '../rooms/room-events.ts';
import type { WeirRoomList } from '../rooms/weir-room-list.ts';
import type { RoomListItem, RoomsPhase, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import type { DmOverviewItem } from '../state/dm-api.ts';
import type { SearchHit } from '../state/search-api.ts';
import type { DeletedStorage } from '../state/deleted-storage.ts';
import { Drafts } from '../state/drafts.ts';
import { LiveController } from '../state/live-controller.ts';
import type { DmsChosenEvent } from '../dms/dm-events.ts';
import { browserAddressBar, Router, type Route } from '../state/router.ts';
import { part } from '../state/part.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { adoptTheme } from '../theme/tokens.ts';
import { incomplete } from './incomplete.ts';
import { notice, noticeStyles } from './notice.ts';
import { nextUnread } from './next-unread.ts';
import { notifyOffer } from './notify-offer.ts';
import { havePart } from './have-part.ts';
import { dialogOver, overPart, type Over } from './over.ts';
import { ownLink } from './own-link.ts';
import { railEndsStyles, railFoot, railHead } from './rail-ends.ts';
import { fetchRoute } from './route-parts.ts';
import { tellRefusal } from './tell-refusal.ts';
import { ToastEvent } from './toast-events.ts';
import { appStyles } from './weir-app.styles.ts';
import type { WeirToast } from './weir-toast.ts';
import { welcome, welcomeStyles } from './welcome.ts';
import { WindowTies } from './window-ties.ts';
import '../rooms/weir-room-list.ts';
import '../sync-status/weir-sync-status.ts';
import '../theme/weir-glyph.ts';
import './weir-toast.ts';

/** Below this width one pane is shown at a time. */
const ONE_PANE = '(max-width: 767.98px)';

/**
 * The whole window: the rail with rooms and sync status, and the conversation. On phones one of the two, by the address.
 *
 * Everything it shows comes from `weir`, which the composition root sets; until then it draws the loading screens.
 */
@customElement('weir-app')
export class WeirApp extends LitElement {
  @provide({ context: weirContext })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** A sentence when nothing can work, such as a database of a newer version; shown instead of everything. */
  @property() failure: string | undefined;

  /** What finds out how saving stands; its code comes when it is first asked for. */
  @property({ attribute: false }) openDoctor: (() => Promise<DoctorApi>) | undefined;

  /** Set when the browser has deleted what was stored here, until the person has taken note. */
  @property({ attribute: false }) deleted: DeletedStorage | undefined;

  @property({ attribute: false }) router: Router | undefined;

  /** Unsent texts: in memory alone until the composition root says where they are kept. */
  @property({ attribute: false }) drafts = new Drafts();

  /** A part of the app could not be fetched; the rooms and edits are untouched by that. */
  @property({ type: Boolean }) incomplete = false;

  @state() private dialog: Over | undefined;

  @query('weir-room-list') private readonly rooms!: WeirRoomList | null;
  @query('weir-conversation') private readonly conversation!: WeirConversation | null;

  @query('weir-toast') private readonly toast!: WeirToast | null;

  readonly #route = new LiveController<Route>(this);
  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #phase = new LiveController<RoomsPhase>(this);
  readonly #dms = new LiveController<readonly DmOverviewItem[]>(this);
  readonly #offered = new LiveController<boolean>(this);
  readonly #window = new WindowTies(this, {
    openRoom: (room) => void this.#openRoom(room),
    switchRoom: () => this.#openFirst({ type: 'switcher' }),
    search: () => this.router?.openSearch(''),
    nextUnread: (step) => this.#openUnread(step),
    help: () => this.#openFirst({ type: 'help' }),
  });
  #hasDmRail = false;
  #shown: Route | undefined;

  static override readonly styles = [
    base,
    noticeStyles,
    railActionsStyles,
    railEndsStyles,
    welcomeStyles,
    appStyles,
  ];

  constructor() {
    super();
    this.addEventListener('weir-toast', (event: ToastEvent) => this.toast?.tell(event));
    this.addEventListener('weir-room-wanted', ({ how }: RoomWantedEvent) => {
      this.#want(how);
    });
    this.addEventListener('weir-dms-chosen', ({ room, peer }: DmsChosenEvent) => {
      this.router?.openDms(room, peer);
    });
    this.addEventListener('weir-room-act', (event: RoomActEvent) => void this.#act(event));
    this.addEventListener('weir-node-wanted', () => void this.#openDialog({ type: 'node' }));
    this.addEventListener('click', this.#onClick);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTheme(document);
    this.router ??= new Router(browserAddressBar(window));
  }

  protected override willUpdate(): void {
    this.#route.watch(this.router?.route);
    this.#list.watch(this.weir?.rooms.list);
    this.#phase.watch(this.weir?.rooms.phase);
    this.#dms.watch(this.weir?.dms.overview);
    this.#offered.watch(this.weir?.notifications.offered);
  }

  /** The list is usable without it, so it comes after the first paint; the worker's cache has it from the second visit on. */
  protected override firstUpdated(): void {
    void this.#need(part(() => import('../conversation/weir-conversation.ts')));
    const invitation = this.router?.invitation;
    if (invitation !== undefined) void this.#openDialog({ type: 'join', invitation });
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (changed.has('deleted') && this.deleted) {
      void this.#need(part(() => import('../doctor/weir-deleted-notice.ts')));
    }
    this.#markWindow();
    this.#followRoute();
    if (this.#dms.value?.length && !this.#hasDmRail) {
      this.#hasDmRail = true;
      // a list without it is none the worse, and the next visit has it from the worker
      part(() => import('../dms/weir-dm-rail.ts')).catch(() => undefined);
    }
  }

  override render(): TemplateResult {
    const route = this.#route.value ?? { type: 'home' };
    if (this.failure !== undefined) return this.#failed(this.failure, route);
    const room = route.type === 'room' || route.type === 'dms' ? route.room : undefined;
    return html`
      <main class="panes ${route.type === 'home' ? 'at-list' : 'at-room'}">
        <h1 class="hush">${text.app.name}</h1>
        <nav class="rail" aria-label=${text.rooms.heading}>
          ${railHead(() => this.router?.openSearch(''))}
          <h2 class="hush">${text.rooms.heading}</h2>
          <weir-room-list
            .chosen=${room}
            @weir-room-chosen=${(event: RoomChosenEvent) => void this.#openRoom(event.room)}
          ></weir-room-list>
          <weir-dm-rail .chosen=${route.type === 'dms' ? route : undefined}></weir-dm-rail>
          ${
            this.#hasNoRooms()
              ? nothing // the list itself offers the ways to a first room
              : railActions((how) => this.#want(how))
          }
          ${
            this.deleted
              ? html`<weir-deleted-notice .deleted=${this.deleted}></weir-deleted-notice>`
              : nothing
          }
          <weir-sync-status></weir-sync-status>
          ${railFoot(() => this.#openFirst({ type: 'help' }))}
        </nav>
        <div class="conversation">
          ${notifyOffer(this.weir, this.#offered.value)}${this.#main(route)}
        </div>
      </main>
      <weir-toast></weir-toast>
      ${dialogOver(this.dialog, this.weir, this.#onDialogClosed)}
    `;
  }

  /** Also where nothing else works one can look how saving stands. */
  #failed(failure: string, route: Route): TemplateResult {
    if (route.type === 'doctor') return html`<main class="whole">${this.#doctor()}</main>`;
    const action = html`<a class="button" href="/doctor">${text.sync.doctor}</a>`;
    return html`<main class="whole">
      <h1 class="hush">${text.app.name}</h1>
      ${notice({ flow: 'shut', title: text.app.failed, body: failure, alert: true, action })}
    </main>`;
  }

  #doctor(): TemplateResult {
    if (this.incomplete) return incomplete();
    return html`<weir-doctor
      .open=${this.openDoctor}
      @weir-back-chosen=${() => this.router?.leaveRoom()}
    ></weir-doctor>`;
  }

  #main(route: Route): TemplateResult {
    switch (route.type) {
      case 'room':
        if (this.incomplete) return incomplete();
        return html`<weir-conversation
          .room=${route.room}
          .place=${route}
          .drafts=${this.drafts}
          @weir-back-chosen=${() => void this.#backToList()}
          @weir-room-left=${(event: RoomLeftEvent) => void this.#onLeft(event)}
        ></weir-conversation>`;
      case 'dms':
        if (this.incomplete) return incomplete();
        return html`<weir-dms
          .room=${route.room}
          .peer=${route.peer}
          .drafts=${this.drafts}
          @weir-back-chosen=${() => this.router?.leaveDms(route.room)}
        ></weir-dms>`;
      case 'search': {
        if (this.incomplete) return incomplete();
        const from = this.#list.value?.find(({ room }) => room === route.room);
        return html`<weir-search
          .words=${route.words}
          .room=${from?.room}
          .roomName=${from?.name ?? ''}
          @weir-search-typed=${({ words, room }: SearchTypedEvent) => this.router?.typeSearch(words, room)}
          @weir-hit-chosen=${({ hit }: HitChosenEvent) => this.#openHit(hit)}
          @weir-back-chosen=${() => this.router?.leaveRoom()}
        ></weir-search>`;
      }
      case 'doctor':
        return this.#doctor();
      case 'lost':
        return notice({
          flow: 'dry',
          title: text.conversation.lostTitle,
          body: text.conversation.lostBody,
          action: html`<button class="button" type="button" @click=${() => void this.#backToList()}>
            ${text.conversation.back}
          </button>`,
        });
      case 'home':
        if (this.#hasNoRooms()) return welcome((how) => this.#want(how));
        return notice({
          flow: 'level',
          title: this.#list.value?.length ? text.conversation.chooseTitle : text.app.name,
          body: text.conversation.welcomeBody,
        });
      default:
        return unreachable(route);
    }
  }

  #openHit({ room, where }: SearchHit): void {
    if (where.type === 'dm') this.router?.openDms(room, where.peer);
    else this.router?.openMessage(room, where.id);
  }

  /** Direct messages are a part of the app that comes when it is first gone to; coming back from them the room has the focus. */
  #followRoute(): void {
    const route = this.#route.value;
    const before = this.#shown;
    this.#shown = route;
    if (route?.type === 'room' && before?.type === 'dms' && route.room === before.room) {
      void this.conversation?.enter(false);
    }
    if (!route || route.type === before?.type) return;
    void this.#need(fetchRoute(route));
  }

  /** Without a part that a screen is made of, that is said in its place. */
  async #need(fetched: Promise<unknown>): Promise<void> {
    try {
      await fetched;
    } catch {
      this.incomplete = true;
    }
  }

  #hasNoRooms(): boolean {
    return this.#phase.value?.type === 'ready' && this.#list.value?.length === 0;
  }

  #want(how: RoomWantedEvent['how']): void {
    void this.#openDialog(how === 'import' ? { type: 'join', wanted: 'identity' } : { type: how });
  }

  /** By a key: nothing when another one is open. */
  #openFirst(dialog: Over): void {
    if (!this.dialog) void this.#openDialog(dialog);
  }

  #openUnread(step: -1 | 1): void {
    const route = this.#route.value;
    const open = route?.type === 'room' ? route.room : undefined;
    const next = nextUnread(this.#list.value ?? [], open, step);
    if (next !== undefined) void this.#openRoom(next);
  }

  async #openDialog(dialog: Over): Promise<void> {
    if (await havePart(this, overPart(dialog))) this.dialog = dialog;
  }

  readonly #onDialogClosed = (event: DialogClosedEvent): void => {
    this.dialog = undefined;
    this.router?.forgetInvitation();
    if (event.room !== undefined) void this.#openRoom(event.room);
  };

  /** A link to a room, or with an invitation, that somebody has posted opens here, without leaving the page. */
  readonly #onClick = (event: MouseEvent): void => {
    const to = ownLink(event);
    if (!to) return;
    event.preventDefault();
    if (to.type === 'invitation') void this.#openDialog({ type: 'join', invitation: to.code });
    else if (to.type === 'doctor') this.router?.openDoctor();
    else if (to.type === 'dms') this.router?.openDms(to.room, to.peer);
    else if (to.message === undefined) void this.#openRoom(to.room);
    else this.router?.openMessage(to.room, to.message);
  };

  async #openRoom(room: RoomKey): Promise<void> {
    this.router?.openRoom(room);
    await this.updateComplete;
    await customElements.whenDefined('weir-conversation');
    // a phone's keyboard would cover the conversation that one wants to read
    await this.conversation?.enter(
      !matchMedia(ONE_PANE).matches && matchMedia('(hover: hover)').matches,
    );
  }

  async #backToList(): Promise<void> {
    const route = this.#route.value;
    this.router?.leaveRoom();
    await this.updateComplete;
    await this.rooms?.focusRoom(route?.type === 'room' ? route.room : undefined);
  }

  /** A leave is durable at once and can be taken back: the toast is only the nearest way. */
  async #onLeft({ room, roomName }: Pick<RoomLeftEvent, 'room' | 'roomName'>): Promise<void> {
    const route = this.#route.value;
    if (route?.type === 'room' && route.room === room) await this.#backToList();
    const run = (): void => void this.#comeBack(room);
    const action = { label: text.people.comeBack, run };
    this.dispatchEvent(new ToastEvent(text.people.left(roomName), action));
  }

  async #comeBack(room: RoomKey): Promise<void> {
    const back = await this.weir?.people.comeBack(room);
    if (back?.ok) await this.#openRoom(room);
    else tellRefusal(this, back);
  }

  /** What the menu of a room in the list asks for, or its head; `read` is the list's own. */
  async #act({ room, roomName, act }: RoomActEvent): Promise<void> {
    if (act === 'notifications') return this.#openDialog({ type: 'notifications', room });
    if (act === 'search') return this.router?.openSearch('', room);
    if (act === 'details') {
      await this.#openRoom(room);
      await this.conversation?.showDetails();
    } else if (act === 'leave') {
      const left = await this.weir?.people.leave(room);
      if (left?.ok) await this.#onLeft({ room, roomName });
      else tellRefusal(this, left);
    }
  }

  #markWindow(): void {
    const route = this.#route.value;
    const rooms = this.#list.value ?? [];
    const open = route?.type === 'room' || route?.type === 'dms' ? route.room : undefined;
    const dms = (this.#dms.value ?? []).filter(({ isHidden }) => !isHidden);
    const unread = [...rooms, ...dms].reduce((sum, item) => sum + item.unread, 0);
    const current = rooms.find(({ room }) => room === open);
    this.#window.show(current, unread);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-app': WeirApp;
  }
}
