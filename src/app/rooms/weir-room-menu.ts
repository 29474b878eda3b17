import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RoomListItem } from '../state/api.ts';
import { listText } from '../state/list-text.ts';
import { base } from '../theme/base.ts';
import { bellIcon, checkIcon, closeIcon, infoIcon, searchIcon } from '../theme/icons.ts';
import { placeBeside, popoverMenuStyles } from '../theme/popover-menu.ts';
import { RoomActEvent, type RoomAct } from './room-events.ts';

/**
 * What can be done with a room of the list, beside what was pressed; on phones a sheet at the bottom. Loaded when it is first
 * opened. Arrow keys move in it, Escape and a press elsewhere close it, and the focus goes back.
 */
@customElement('weir-room-menu')
export class WeirRoomMenu extends LitElement {
  @property({ attribute: false }) item: RoomListItem | undefined;

  @query('.menu') private readonly menu!: HTMLElement;

  #from: HTMLElement | undefined;

  static override readonly styles = [
    base,
    popoverMenuStyles,
    css`
      .menu {
        min-width: 13rem;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { item } = this;
    if (!item) return nothing;
    return html`<div
      class="menu"
      popover
      role="menu"
      aria-label=${listText.menu.open(item.name)}
      @keydown=${this.#onKey}
      @beforetoggle=${this.#onToggle}
    >
      ${this.#act(item, 'read', checkIcon(18))} ${this.#act(item, 'search', searchIcon(18))}
      ${this.#act(item, 'notifications', bellIcon(18))} ${this.#act(item, 'details', infoIcon(18))}
      ${this.#act(item, 'leave', closeIcon(18))}
    </div>`;
  }

  /**
   * @param beside what it opens beside
   * @param from where the focus goes back to
   */
  async open(beside: HTMLElement, from: HTMLElement): Promise<void> {
    this.#from = from;
    await this.updateComplete;
    this.menu.showPopover();
    placeBeside(this.menu, beside);
    this.#buttons()[0]?.focus();
  }

  #act({ room, name }: RoomListItem, act: RoomAct, icon: TemplateResult): TemplateResult {
    return html`<button
      class="act ${act === 'leave' ? 'danger' : ''}"
      type="button"
      role="menuitem"
      tabindex="-1"
      @click=${() => {
        this.menu.hidePopover();
        this.dispatchEvent(new RoomActEvent(room, name, act));
      }}
    >
      ${icon} ${listText.menu[act]}
    </button>`;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.menu.querySelectorAll('button')];
  }

  /** A press elsewhere has the focus already; otherwise it goes back. */
  readonly #onToggle = (event: Event): void => {
    const isLeft = (event as ToggleEvent).newState === 'closed';
    if (isLeft && this.shadowRoot?.activeElement) this.#from?.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const buttons = this.#buttons();
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % buttons.length,
      ArrowUp: (at + buttons.length - 1) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    };
    if (event.key === 'Tab') {
      event.preventDefault(); // a menu is left by Escape, or by choosing
      return;
    }
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[to]?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-menu': WeirRoomMenu;
  }
}
