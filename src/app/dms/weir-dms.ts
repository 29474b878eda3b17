import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirComposer } from '../composer/weir-composer.ts';
import { copyMessage } from '../conversation/copy-message.ts';
import type { FeedLeftEvent } from '../conversation/history-events.ts';
import type { MessageActEvent } from '../conversation/message-events.ts';
import type { WeirMessageMenu } from '../conversation/weir-message-menu.ts';
import { BackChosenEvent } from '../shell/back-event.ts';
import { havePart } from '../shell/have-part.ts';
import { notice, noticeStyles } from '../shell/notice.ts';
import type { MessageItem, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import type { DmThread, RoomDms } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { Drafts } from '../state/drafts.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { archiveIcon, backIcon, binIcon, lockIcon, ticketIcon } from '../theme/icons.ts';
import { paneHeader } from '../theme/pane-header.ts';
import { HandleController } from '../state/handle-controller.ts';
import { archive, unarchive } from './archive.ts';
import { dmsStyles } from './weir-dms.styles.ts';
import '../composer/weir-composer.ts';
import '../conversation/weir-history.ts';
import '../sync-status/weir-sync-status.ts';
import './weir-dm-list.ts';

/**
 * The direct messages of a room: the list of conversations, or with `peer` one of them. Escape and the arrow lead back to where
 * one came from.
 */
@customElement('weir-dms')
export class WeirDms extends LitElement {
  @property() room: RoomKey | undefined;
  @property() peer: string | undefined;
  @property({ attribute: false }) drafts = new Drafts();

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** The message whose actions are open. */
  @state() private acting: MessageItem | undefined;
  @state() private asking: 'purge' | 'invite' | undefined;

  @query('weir-composer') private readonly composer!: WeirComposer | null;
  @query('weir-message-menu') private readonly menu!: WeirMessageMenu | null;

  readonly #dms = new HandleController<RoomDms>(this);
  /** The focus is to be taken as soon as there is something to have it. */
  #entering = false;

  static override readonly styles = [base, noticeStyles, paneHeader, dmsStyles];

  constructor() {
    super();
    this.addEventListener('keydown', this.#onKey);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room') || changed.has('peer')) {
      this.acting = undefined;
      this.asking = undefined;
      this.#entering = true;
    }
    const { weir, room, peer } = this;
    this.#dms.show([weir, room, peer], () =>
      room === undefined ? undefined : weir?.dms.open(room, peer),
    );
  }

  protected override updated(): void {
    if (!this.#entering || !this.#dms.value) return;
    this.#entering = false;
    void this.#enter();
  }

  /** To the field with a keyboard at hand, else to the name: a phone's keyboard would cover what one wants to read. */
  async #enter(): Promise<void> {
    const { composer } = this;
    const thread = this.#thread();
    await composer?.updateComplete;
    const hasKeyboard = matchMedia('(hover: hover) and (min-width: 768px)').matches;
    if (hasKeyboard && composer && thread && thread.readOnlyReason === undefined) composer.focus();
    else this.#focusName();
  }

  #focusName(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  #thread(): DmThread | undefined {
    return this.#dms.value?.threads.find(({ peer }) => peer === this.peer);
  }

  override render(): TemplateResult {
    const dms = this.#dms.value;
    const thread = this.#thread();
    return html`
      <header>
        <button
          class="icon-button"
          type="button"
          aria-label=${this.peer === undefined ? dmText.list.back : dmText.thread.back}
          @click=${this.#back}
        >
          ${backIcon()}
        </button>
        <div class="title">
          <h2 tabindex="-1">
            <bdi
              >${thread ? thread.name : this.peer === undefined ? dmText.list.title : nothing}</bdi
            >
          </h2>
          ${dms ? html`<p class="facts"><bdi>${dmText.list.in(dms.roomName)}</bdi></p>` : nothing}
        </div>
        ${dms && thread ? this.#actions(dms, thread) : nothing}
      </header>
      <weir-sync-status bar .weir=${this.weir}></weir-sync-status>
      ${dms ? this.#ready(dms, thread) : html`<p class="hush" role="status">${text.conversation.dmsLoading}</p>`}
    `;
  }

  #ready(dms: RoomDms, thread: DmThread | undefined): TemplateResult {
    if (this.peer === undefined) {
      return html`<weir-dm-list .weir=${this.weir} .dms=${dms}></weir-dm-list>`;
    }
    if (!thread) {
      return notice({ flow: 'dry', title: dmText.thread.gone, body: dmText.thread.goneBody });
    }
    return html`${keyed(`${dms.room} ${thread.peer}`, this.#conversation(dms, thread))}
    ${
      this.acting
        ? html`<weir-message-menu
            .item=${this.acting}
            @weir-message-act=${(event: MessageActEvent) => void this.#act(event, thread)}
          ></weir-message-menu>`
        : nothing
    }
    ${this.#dialog(dms, thread)}`;
  }

  #dialog({ room }: RoomDms, thread: DmThread): TemplateResult | typeof nothing {
    const closed = (): void => {
      this.asking = undefined;
    };
    switch (this.asking) {
      case undefined:
        return nothing;
      case 'purge':
        return html`<weir-purge-dialog
          .weir=${this.weir}
          .room=${room}
          .thread=${thread}
          @weir-dialog-closed=${closed}
        ></weir-purge-dialog>`;
      case 'invite':
        return html`<weir-dm-invite-dialog
          .weir=${this.weir}
          .room=${room}
          .thread=${thread}
          @weir-dialog-closed=${closed}
        ></weir-dm-invite-dialog>`;
    }
  }

  #conversation(dms: RoomDms, thread: DmThread): TemplateResult {
    const { name, messages, warning } = thread;
    return html`<p class="private">${lockIcon()}<span>${dmText.thread.private(name)}</span></p>
      ${
        messages.length === 0
          ? notice({
              flow: 'level',
              title: dmText.thread.emptyTitle,
              ...(thread.readOnlyReason === undefined && { body: dmText.thread.emptyBody }),
            })
          : html`<weir-history
              .messages=${messages}
              .firstUnreadId=${thread.firstUnreadId}
              .roomName=${name}
              @weir-feed-left=${this.#onFeedLeft}
              @weir-message-act=${(event: MessageActEvent) => void this.#act(event, thread)}
            ></weir-history>`
      }
      ${warning === undefined ? nothing : html`<p class="warning">${warning}</p>`}
      <weir-composer
        .weir=${this.weir}
        .room=${dms.room}
        .peer=${thread.peer}
        .roomName=${name}
        .maxTextBytes=${thread.maxTextBytes}
        .readOnlyReason=${thread.readOnlyReason}
        .drafts=${this.drafts}
      ></weir-composer>`;
  }

  #actions(dms: RoomDms, thread: DmThread): TemplateResult {
    const move = thread.isHidden ? dmText.thread.unarchive : dmText.thread.archive;
    return html`${
      thread.readOnlyReason === undefined
        ? html`<button
            class="icon-button"
            type="button"
            aria-label=${dmText.thread.invite}
            title=${dmText.thread.invite}
            aria-haspopup="dialog"
            @click=${() => void this.#ask('invite')}
          >
            ${ticketIcon(20)}
          </button>`
        : nothing
    }${
      thread.received > 0 && thread.readOnlyReason === undefined
        ? html`<button
            class="icon-button"
            type="button"
            aria-label=${dmText.thread.purge}
            title=${dmText.thread.purge}
            aria-haspopup="dialog"
            @click=${() => void this.#ask('purge')}
          >
            ${binIcon(20)}
          </button>`
        : nothing
    }${
      thread.messages.length > 0
        ? html`<button
            class="icon-button"
            type="button"
            aria-label=${move}
            title=${move}
            aria-pressed=${thread.isHidden}
            @click=${() => void this.#archive(dms, thread)}
          >
            ${archiveIcon()}
          </button>`
        : nothing
    }`;
  }

  readonly #back = (): void => {
    this.dispatchEvent(new BackChosenEvent());
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || this.asking) return;
    event.preventDefault();
    this.#back();
  };

  readonly #onFeedLeft = (event: FeedLeftEvent): void => {
    if (event.towards === 'after' && this.#thread()?.readOnlyReason === undefined) {
      this.composer?.focus();
    } else this.#focusName();
  };

  async #act({ id, act, from }: MessageActEvent, { messages }: DmThread): Promise<void> {
    const item = messages.find((each) => each.id === id);
    if (!item) return;
    if (act.type === 'copy') await copyMessage(this, item.text);
    if (act.type !== 'menu') return;
    if (!(await havePart(this, () => import('../conversation/weir-message-menu.ts')))) return;
    this.acting = item;
    await this.updateComplete;
    await this.menu?.open(from);
  }

  async #ask(what: 'purge' | 'invite'): Promise<void> {
    if (await havePart(this, DIALOGS[what])) this.asking = what;
  }

  /** A conversation that was put away is left. */
  async #archive({ room }: RoomDms, thread: DmThread): Promise<void> {
    if (thread.isHidden) await unarchive(this, this.weir?.dms, room, thread.peer);
    else if (await archive(this, this.weir?.dms, room, thread)) this.#back();
  }
}

/** Fetched when first opened. */
const DIALOGS = {
  purge: () => import('./weir-purge-dialog.ts'),
  invite: () => import('./weir-dm-invite-dialog.ts'),
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'weir-dms': WeirDms;
  }
}
