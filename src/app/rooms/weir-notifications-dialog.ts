import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { dialogStyles } from '../dialogs/dialog.styles.ts';
import { WeirDialog } from '../dialogs/dialog.ts';
import type { RoomListItem } from '../state/api.ts';
import { LiveController } from '../state/live-controller.ts';
import { notificationText } from '../state/notification-text.ts';
import type { NotificationAccess } from '../state/notifications-api.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { checkIcon } from '../theme/icons.ts';

const MODES: readonly NotificationMode[] = ['All', 'MentionsAndReplies', 'Muted'];

/** What a room may tell the person of, one press each, and whether the browser shows anything at all. */
@customElement('weir-notifications-dialog')
export class WeirNotificationsDialog extends WeirDialog {
  @property({ attribute: false }) room: RoomKey | undefined;

  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #access = new LiveController<NotificationAccess>(this);

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      .mode {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        width: 100%;
        min-height: 3.25rem;
        padding: 0.375rem 0.75rem;
        border-radius: var(--round-m);
        text-align: start;
      }
      .mode:hover {
        background: var(--hover);
      }
      .mode[aria-pressed='true'] {
        background: var(--chosen);
      }
      .mode span {
        flex: 1;
      }
      .mode strong {
        display: block;
      }
      .mode + .mode {
        margin-top: 0.25rem;
      }
      .modes + .hint {
        margin-top: 0.75rem;
      }
      .access .button {
        margin-top: 0.75rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#list.watch(this.weir?.rooms.list);
    this.#access.watch(this.weir?.notifications.permission);
  }

  override render(): TemplateResult {
    const item = this.#list.value?.find(({ room }) => room === this.room);
    const { dialog } = notificationText;
    return this.frame(
      dialog.title,
      html`${
        item
          ? html`<section>
              <div class="modes" role="group" aria-label=${dialog.group(item.name)}>
                ${MODES.map((mode) => this.#mode(item, mode))}
              </div>
              <p class="hint">${dialog.hint}</p>
              ${this.problemLine()}
            </section>`
          : nothing
      }
      ${this.#permission(this.#access.value ?? 'unsupported')}`,
    );
  }

  #mode(item: RoomListItem, mode: NotificationMode): TemplateResult {
    const isChosen = item.mode === mode;
    return html`<button
      class="mode"
      type="button"
      aria-pressed=${isChosen}
      ?disabled=${this.busy}
      @click=${() => void this.work(() => this.#choose(item.room, mode))}
    >
      <span
        ><strong>${notificationText.mode(mode)}</strong
        ><span class="quiet">${notificationText.modeHint(mode)}</span></span
      >
      ${isChosen ? checkIcon(18) : nothing}
    </button>`;
  }

  #permission(access: NotificationAccess): TemplateResult {
    return html`<section class="access">
      <p class="quiet" role="status">${notificationText.access(access)}</p>
      ${
        access === 'default'
          ? html`<button
              class="button"
              type="button"
              @click=${() => void this.weir?.notifications.ask()}
            >
              ${notificationText.enable}
            </button>`
          : nothing
      }
    </section>`;
  }

  async #choose(room: RoomKey, mode: NotificationMode): Promise<string | undefined> {
    const chosen = await this.weir?.preferences.setMode(room, mode);
    if (chosen && !chosen.ok) return text.editError(chosen.error);
    this.close();
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-notifications-dialog': WeirNotificationsDialog;
  }
}
