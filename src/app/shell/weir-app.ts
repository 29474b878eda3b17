import { provide } from '@lit/context';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import { unreachable } from '../../shared/result.ts';
import type { WeirConversation } from '../conversation/weir-conversation.ts';
import type { RoomChosenEvent, WeirRoomList } from '../rooms/weir-room-list.ts';
import type { RoomListItem, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { Drafts } from '../state/drafts.ts';
import { LiveController } from '../state/live-controller.ts';
import { browserAddressBar, Router, type Route } from '../state/router.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { adoptTheme } from '../theme/tokens.ts';
import { notice, noticeStyles } from './notice.ts';
import type { ToastEvent } from './toast-events.ts';
import { appStyles } from './weir-app.styles.ts';
import type { WeirToast } from './weir-toast.ts';
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

  @property({ attribute: false }) router: Router | undefined;

  /** The code of the conversation could not be fetched: a first visit whose network went away. */
  @state() private conversationMissing = false;

  @query('weir-room-list') private readonly rooms!: WeirRoomList | null;
  @query('weir-conversation') private readonly conversation!: WeirConversation | null;

  @query('weir-toast') private readonly toast!: WeirToast | null;

  readonly #route = new LiveController<Route>(this);
  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #drafts = new Drafts();

  static override readonly styles = [base, noticeStyles, appStyles];

  constructor() {
    super();
    this.addEventListener('weir-toast', (event: ToastEvent) => this.toast?.tell(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTheme(document);
    this.router ??= new Router(browserAddressBar(window));
  }

  protected override willUpdate(): void {
    this.#route.watch(this.router?.route);
    this.#list.watch(this.weir?.rooms.list);
  }

  /** The list is usable without it, so it comes after the first paint; the worker's cache has it from the second visit on. */
  protected override firstUpdated(): void {
    import('../conversation/weir-conversation.ts').catch(() => {
      this.conversationMissing = true;
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    document.title = this.#title();
  }

  override render(): TemplateResult {
    if (this.failure !== undefined) {
      return html`<main class="whole">
        ${notice({ flow: 'shut', title: text.app.failed, body: this.failure, alert: true })}
      </main>`;
    }
    const route = this.#route.value ?? { type: 'home' };
    const room = route.type === 'room' ? route.room : undefined;
    return html`
      <h1 class="hush">${text.app.name}</h1>
      <div class="panes ${route.type === 'home' ? 'at-list' : 'at-room'}">
        <nav class="rail" aria-label=${text.rooms.heading}>
          <div class="brand">
            <weir-glyph></weir-glyph>
            <span>${text.app.name}</span>
          </div>
          <h2 class="hush">${text.rooms.heading}</h2>
          <weir-room-list
            .chosen=${room}
            @weir-room-chosen=${(event: RoomChosenEvent) => void this.#openRoom(event.room)}
          ></weir-room-list>
          <weir-sync-status></weir-sync-status>
        </nav>
        <main class="conversation">${this.#main(route)}</main>
      </div>
      <weir-toast></weir-toast>
    `;
  }

  #main(route: Route): TemplateResult {
    switch (route.type) {
      case 'room':
        if (this.conversationMissing) return incomplete();
        return html`<weir-conversation
          .room=${route.room}
          .drafts=${this.#drafts}
          @weir-back-chosen=${() => void this.#backToList()}
        ></weir-conversation>`;
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
        return notice({
          flow: 'level',
          title: this.#list.value?.length ? text.conversation.chooseTitle : text.app.name,
          body: text.conversation.welcomeBody,
        });
      default:
        return unreachable(route);
    }
  }

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

  #title(): string {
    const route = this.#route.value;
    const rooms = this.#list.value ?? [];
    const current = rooms.find((item) => route?.type === 'room' && item.room === route.room);
    const unread = rooms.reduce((sum, item) => sum + (item === current ? 0 : item.unread), 0);
    return text.app.title(current?.name, unread);
  }
}

/** Only a reload helps: browsers remember that a module could not be fetched. */
const incomplete = (): TemplateResult =>
  notice({
    flow: 'dry',
    title: text.app.incompleteTitle,
    body: text.app.incompleteBody,
    alert: true,
    action: html`<button class="button" type="button" @click=${() => location.reload()}>
      ${text.app.reload}
    </button>`,
  });

declare global {
  interface HTMLElementTagNameMap {
    'weir-app': WeirApp;
  }
}
