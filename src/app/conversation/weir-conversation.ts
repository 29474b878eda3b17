import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { RoomKey } from '../../shared/brand.ts';
import type {
  Conversation,
  ConversationHandle,
  HistoryWish,
  MessageItem,
  RoomListItem,
  RoomsPhase,
  WeirApi,
} from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { HandleController } from '../state/handle-controller.ts';
import { Drafts } from '../state/drafts.ts';
import { LiveController } from '../state/live-controller.ts';
import { ReadingPlaces } from '../state/reading-places.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { havePart } from '../shell/have-part.ts';
import { notice, noticeStyles } from '../shell/notice.ts';
import { ToastEvent } from '../shell/toast-events.ts';
import { aboutDialog, aboutPart, type About } from './about-dialogs.ts';
import { historyText } from './history-text.ts';
import { actOn } from './message-actions.ts';
import { emptyRoom } from './empty-room.ts';
import type { PersonChosenEvent } from '../markdown/mention-chip.ts';
import type { FeedLeftEvent, ReadingPlaceEvent } from './history-events.ts';
import type { MessageActEvent } from './message-events.ts';
import type { WeirHistory } from './weir-history.ts';
import type { WeirMessageMenu } from './weir-message-menu.ts';
import type { AboutChosenEvent, WeirConversationHeader } from './weir-conversation-header.ts';
import type { WeirComposer } from '../composer/weir-composer.ts';
import { ownKey, ownKeyStyles } from './own-key.ts';
import '../composer/weir-composer.ts';
import '../sync-status/weir-sync-status.ts';
import './weir-conversation-header.ts';
import './weir-history.ts';

/** One room: who and what it is, its messages, and where to write. Draws loading, unknown, failed, empty and ready. */
@customElement('weir-conversation')
export class WeirConversation extends LitElement {
  @property() room: RoomKey | undefined;
  @property({ attribute: false }) drafts = new Drafts();
  /** Where in the room the person wants to be: another object each time. */
  @property({ attribute: false }) place: { readonly message?: string } | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** The dialog that is open over the room. */
  @state() private about: About | undefined;
  /** The message whose actions are open. */
  @state() private acting:
    | { readonly item: MessageItem; readonly mode: 'menu' | 'emoji' }
    | undefined;

  /** The message that one wants to know all about. */
  @state() private detailed: MessageItem | undefined;

  @query('weir-conversation-header') private readonly header!: WeirConversationHeader;
  @query('weir-history') private readonly history!: WeirHistory | null;
  @query('weir-composer') readonly composer!: WeirComposer | null;
  @query('weir-message-menu') private readonly menu!: WeirMessageMenu | null;

  /** The message that the person wants to see, until it is shown. */
  #wanted: string | undefined;
  readonly #conversation = new HandleController<Conversation, ConversationHandle>(this);
  readonly #places = new ReadingPlaces();
  readonly #phase = new LiveController<RoomsPhase>(this);
  readonly #list = new LiveController<readonly RoomListItem[]>(this);

  /** The room was gone to before it could be shown: where in it the focus goes then. */
  #entering: { readonly toComposer: boolean } | undefined;

  static override readonly styles = [
    base,
    noticeStyles,
    ownKeyStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      weir-history {
        flex: 1;
      }
      weir-composer {
        flex: none;
        padding-top: 0.5rem;
      }
      weir-sync-status {
        display: none;
      }
      .skeleton {
        flex: 1;
        width: 100%;
        max-width: var(--measure);
        margin: 0 auto;
        padding: 2rem 1.5rem;
        overflow: hidden;
      }
      .skeleton i {
        display: block;
        width: 46%;
        height: 2.5rem;
        margin-bottom: 1rem;
        border-radius: var(--round-l);
        background: var(--line);
        animation: breathe 2.4s ease-in-out infinite;
      }
      .skeleton i:nth-child(2n) {
        width: 62%;
        height: 4rem;
      }
      .skeleton i:nth-child(3n) {
        width: 36%;
        margin-inline-start: auto;
      }
      @keyframes breathe {
        50% {
          opacity: 0.45;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .skeleton i {
          animation: none;
        }
      }
      @media (max-width: 767.98px) {
        weir-sync-status {
          display: block;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room')) {
      this.about = undefined;
      this.acting = undefined;
      this.detailed = undefined;
      this.#entering = undefined;
    }
    if (changed.has('place')) this.#wanted = this.place?.message;
    const { weir, room } = this;
    this.#conversation.show([weir, room], () =>
      room === undefined ? undefined : weir?.rooms.open(room),
    );
    this.#phase.watch(this.weir?.rooms.phase);
    this.#list.watch(this.weir?.rooms.list);
  }

  protected override updated(): void {
    const entering = this.#entering;
    if (entering && this.#conversation.value) {
      this.#entering = undefined;
      void this.#enter(entering.toComposer);
    }
    void this.#goToWanted();
  }

  override render(): TemplateResult {
    const conversation = this.#conversation.value;
    return html`
      <weir-conversation-header
        .conversation=${conversation}
        @weir-rename-chosen=${() => void this.#openAbout({ type: 'rename' })}
        @weir-about-chosen=${(event: AboutChosenEvent) => void this.#openAbout({ type: event.what })}
      ></weir-conversation-header>
      <weir-sync-status bar .weir=${this.weir}></weir-sync-status>
      ${conversation ? this.#ready(conversation) : this.#waiting()}
    `;
  }

  /** After the person has opened the room: to the field with a keyboard at hand, else to the name of the room. */
  async enter(toComposer: boolean): Promise<void> {
    await this.updateComplete;
    if (this.#conversation.value) return this.#enter(toComposer);
    this.header.focus();
    this.#entering = { toComposer }; // the field is not there yet
  }

  async #enter(toComposer: boolean): Promise<void> {
    await this.updateComplete;
    await this.header.updateComplete;
    await this.composer?.updateComplete;
    if (toComposer && this.composer && this.#conversation.value?.readOnlyReason === undefined) {
      this.composer.focus();
    } else {
      this.header.focus();
    }
  }

  /** All about the room, as soon as it is here. */
  async showDetails(): Promise<void> {
    await this.updateComplete;
    await this.#openAbout({ type: 'room' });
  }

  #ready(room: Conversation): TemplateResult {
    const empty = room.messages.length === 0;
    return html`
      ${
        empty
          ? emptyRoom(room, this.weir, () => void this.#openAbout({ type: 'invite' }))
          : keyed(
              room.room,
              html`<weir-history
                .messages=${room.messages}
                .around=${room.around}
                .show=${room.around && this.#show}
                .firstUnreadId=${room.firstUnreadId}
                .unread=${room.unread ?? 0}
                .opensAt=${room.opensAt}
                .roomName=${room.name}
                .writable=${room.readOnlyReason === undefined}
                @weir-feed-left=${this.#onFeedLeft}
                @weir-reading-place=${(event: ReadingPlaceEvent) => this.#places.set(room.room, event.place)}
                @weir-person-chosen=${(event: PersonChosenEvent) => void this.#openAbout({ type: 'people', member: event.id })}
                @weir-message-act=${(event: MessageActEvent) => void this.#act(event, room)}
              ></weir-history>`,
            )
      }
      <weir-composer
        .weir=${this.weir}
        .room=${room.room}
        .roomName=${room.name}
        .maxTextBytes=${room.maxTextBytes}
        .members=${room.members}
        .readOnlyReason=${room.readOnlyReason}
        .drafts=${this.drafts}
        @weir-edit-last=${() => this.#editLast(room)}
      ></weir-composer>
      ${ownKey(room)}
      ${
        this.acting
          ? html`<weir-message-menu
              .item=${this.acting.item}
              .mode=${this.acting.mode}
              .writable=${room.readOnlyReason === undefined}
              linkable
              @weir-message-act=${(event: MessageActEvent) => void this.#act(event, room)}
            ></weir-message-menu>`
          : nothing
      }
      ${
        this.detailed
          ? html`<weir-message-details
              .item=${this.detailed}
              @weir-dialog-closed=${() => (this.detailed = undefined)}
            ></weir-message-details>`
          : nothing
      }
      ${aboutDialog(this.about, room, this.weir, (about) => void this.#openAbout(about))}
    `;
  }

  /** No conversation yet. Only a list that is ready can say that the room will never come. */
  #waiting(): TemplateResult {
    const phase = this.#phase.value ?? { type: 'loading' };
    const known = this.#list.value?.some((item) => item.room === this.room);
    if (!known && phase.type === 'ready' && this.#list.value !== undefined) {
      return notice({
        flow: 'dry',
        title: text.conversation.unknownTitle,
        body: text.conversation.unknownBody,
      });
    }
    if (!known && phase.type === 'failed') {
      return notice({
        flow: 'shut',
        title: text.rooms.failedTitle,
        body: phase.reason,
        alert: true,
        action: html`<button class="button" type="button" @click=${() => this.weir?.sync.retry()}>
          ${text.rooms.retry}
        </button>`,
      });
    }
    return html`<p class="hush" role="status">${text.conversation.loading}</p>
      <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`;
  }

  async #act({ id, act, from }: MessageActEvent, room: Conversation): Promise<void> {
    const item = room.messages.find((each) => each.id === id);
    if (!item) return;
    switch (act.type) {
      case 'menu':
      case 'emoji':
        if (!(await havePart(this, () => import('./weir-message-menu.ts')))) return;
        this.acting = { item, mode: act.type };
        await this.updateComplete;
        await this.menu?.open(from);
        return;
      case 'details':
        if (await havePart(this, () => import('./weir-message-details.ts'))) this.detailed = item;
        return;
      default:
        await actOn(this, room.room, item, act);
    }
  }

  #editLast(room: Conversation): void {
    const last = room.messages.findLast(
      (item) => item.mine && !item.refused && (item.kind === 'text' || item.kind === 'reply'),
    );
    if (last) this.composer?.edit(last.id, last.text);
  }

  async #openAbout(about: About | undefined): Promise<void> {
    if (about === undefined || (await havePart(this, aboutPart(about)))) this.about = about;
  }

  /** The message that the address names, as soon as the room is here; once for each time that it is gone to. */
  async #goToWanted(): Promise<void> {
    const id = this.#wanted;
    const conversation = this.#conversation.value;
    if (id === undefined || !conversation || conversation.isAwaiting) return;
    this.#wanted = undefined;
    const isHere = (await this.history?.goTo(id)) ?? false;
    if (!isHere && this.isConnected) this.dispatchEvent(new ToastEvent(historyText.notHere));
  }

  readonly #show = async (wish: HistoryWish): Promise<void> => {
    await this.#conversation.handle?.show(wish);
  };

  readonly #onFeedLeft = (event: FeedLeftEvent): void => {
    if (event.towards === 'after' && this.#conversation.value?.readOnlyReason === undefined) {
      this.composer?.focus();
    } else {
      this.header.focus();
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-conversation': WeirConversation;
  }
}
