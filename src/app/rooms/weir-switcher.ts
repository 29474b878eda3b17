import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dialogStyles } from '../dialogs/dialog.styles.ts';
import { WeirDialog } from '../dialogs/dialog.ts';
import { DmsChosenEvent } from '../dms/dm-events.ts';
import type { RoomListItem } from '../state/api.ts';
import type { DmOverviewItem } from '../state/dm-api.ts';
import { listText } from '../state/list-text.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { listRow } from '../theme/list-row.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { placesNamed, placesOf, type Place } from './places.ts';

/** Goes to a room or a conversation by a few letters of its name: a combobox whose list is always there. */
@customElement('weir-switcher')
export class WeirSwitcher extends WeirDialog {
  @state() private words = '';
  @state() private at = 0;

  readonly #list = new LiveController<readonly RoomListItem[]>(this);
  readonly #dms = new LiveController<readonly DmOverviewItem[]>(this);

  static override readonly styles = [
    base,
    dialogStyles,
    pebbleStyles,
    listRow,
    css`
      dialog {
        width: min(32rem, calc(100vw - 1.5rem));
        margin-top: min(12vh, 6rem);
        padding: 1rem;
      }
      header {
        margin: -0.25rem -0.25rem 0.25rem 0.5rem;
      }
      h2 {
        font-size: var(--size-m);
      }
      ul {
        max-height: min(24rem, 50dvh);
        margin-top: 0.5rem;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .row {
        grid-template-columns: auto minmax(0, 1fr) auto;
        grid-template-areas: 'mark name badge' 'mark preview badge';
        min-height: 3.25rem;
        cursor: pointer;
      }
      .row .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row[aria-selected='true'] {
        background: var(--chosen);
      }
      .badge {
        grid-area: badge;
      }
      .none {
        padding: 1rem 0.625rem;
        color: var(--ink-soft);
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#list.watch(this.weir?.rooms.list);
    this.#dms.watch(this.weir?.dms.overview);
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  override render(): TemplateResult {
    const { switcher } = listText;
    const found = this.#found();
    const chosen = found[Math.min(this.at, found.length - 1)];
    return this.frame(
      switcher.title,
      html`<input
          type="text"
          role="combobox"
          aria-label=${switcher.label}
          aria-expanded="true"
          aria-controls="options"
          aria-autocomplete="list"
          aria-activedescendant=${chosen ? `option-${found.indexOf(chosen)}` : nothing}
          autocomplete="off"
          spellcheck="false"
          autofocus
          .value=${this.words}
          @input=${this.#onInput}
          @keydown=${(event: KeyboardEvent) => this.#onKey(event, found)}
        />
        <p class="hush" role="status">
          ${found.length > 0 ? switcher.found(found.length) : nothing}
        </p>
        <ul id="options" role="listbox" aria-label=${switcher.options}>
          ${found.map((place, i) => this.#option(place, i, place === chosen))}
        </ul>
        ${
          found.length === 0
            ? html`<p class="none" role="status">${switcher.none(this.words.trim())}</p>`
            : nothing
        }`,
    );
  }

  #found(): readonly Place[] {
    return placesNamed(placesOf(this.#list.value ?? [], this.#dms.value ?? []), this.words);
  }

  #option(place: Place, i: number, isChosen: boolean): TemplateResult {
    const { switcher } = listText;
    return html`<li
      class="row"
      id="option-${i}"
      role="option"
      aria-selected=${isChosen}
      @click=${() => this.#go(place)}
    >
      ${pebble(place.peer ?? place.room, place.name)}
      <span class="name"><bdi>${place.name}</bdi></span>
      <span class="preview" dir="auto"
        >${place.roomName === undefined ? switcher.room : switcher.in(place.roomName)}</span
      >
      ${
        place.unread > 0
          ? html`<span class="badge"
              ><span aria-hidden="true">${text.rooms.unreadShort(place.unread)}</span
              ><span class="hush">${text.rooms.unread(place.unread)}</span></span
            >`
          : nothing
      }
    </li>`;
  }

  readonly #onInput = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
    this.at = 0;
  };

  #onKey(event: KeyboardEvent, found: readonly Place[]): void {
    if (event.isComposing || found.length === 0) return;
    const at = Math.min(this.at, found.length - 1);
    switch (event.key) {
      case 'ArrowDown':
        this.at = (at + 1) % found.length;
        break;
      case 'ArrowUp':
        this.at = (at + found.length - 1) % found.length;
        break;
      case 'Enter':
        this.#go(found[at]);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  #go(place: Place | undefined): void {
    if (!place) return;
    if (place.peer === undefined) {
      this.close(place.room);
      return;
    }
    this.close();
    this.dispatchEvent(new DmsChosenEvent(place.room, place.peer));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-switcher': WeirSwitcher;
  }
}
