import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import { notificationText } from '../state/notification-text.ts';
import type { NotificationAccess } from '../state/notifications-api.ts';
import { base } from '../theme/base.ts';
import { alertIcon, bellIcon, mutedIcon } from '../theme/icons.ts';
import { RoomActEvent } from './room-events.ts';

/** What a room may tell of, at a glance, and the way to change it. It says so where the browser lets nothing through. */
@customElement('weir-bell')
export class WeirBell extends LitElement {
  @property({ attribute: false }) room: RoomKey | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #access = new LiveController<NotificationAccess>(this);

  static override readonly styles = [
    base,
    css`
      :host {
        display: inline-grid;
      }
      button {
        position: relative;
      }
      .blocked {
        position: absolute;
        inset-block-start: 0.375rem;
        inset-inline-end: 0.25rem;
        border-radius: 50%;
        background: var(--mist);
        color: var(--rust);
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#list.watch(this.weir?.rooms.list);
    this.#access.watch(this.weir?.notifications.permission);
  }

  override render(): TemplateResult | typeof nothing {
    const { room } = this;
    const item = this.#list.value?.find((each) => each.room === room);
    if (!item) return nothing;
    const isBlocked = this.#access.value === 'denied' && item.mode !== 'Muted';
    const label = notificationText.bell(item.mode, isBlocked);
    return html`<button
      class="icon-button"
      type="button"
      aria-label=${label}
      title=${label}
      aria-haspopup="dialog"
      @click=${() => this.dispatchEvent(new RoomActEvent(item.room, item.name, 'notifications'))}
    >
      ${item.mode === 'Muted' ? mutedIcon(20) : bellIcon()}
      ${isBlocked ? html`<span class="blocked">${alertIcon(12)}</span>` : nothing}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-bell': WeirBell;
  }
}
