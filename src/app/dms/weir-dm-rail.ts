import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import type { DmOverviewItem } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { LiveController } from '../state/live-controller.ts';
import { isPlainClick } from '../state/plain-click.ts';
import { dmsPath } from '../state/router.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { archiveIcon } from '../theme/icons.ts';
import { listRow } from '../theme/list-row.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { archive, unarchive } from './archive.ts';
import { DmsChosenEvent } from './dm-events.ts';
import { dmFoldStyles, dmRowStyles } from './dm-row.styles.ts';

/** The conversations of all rooms, below the rooms; the archived ones folded. Nothing at all where there is none. */
@customElement('weir-dm-rail')
export class WeirDmRail extends LitElement {
  /** The conversation that is on screen. */
  @property({ attribute: false }) chosen: { room: RoomKey; peer: string } | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  readonly #all = new LiveController<readonly DmOverviewItem[]>(this);
  readonly #ticker = new Ticker(this, 60_000);

  static override readonly styles = [
    base,
    pebbleStyles,
    listRow,
    dmRowStyles,
    dmFoldStyles,
    css`
      :host {
        display: block;
      }
      section {
        padding: 0.5rem;
        border-top: 1px solid var(--line);
      }
      h3 {
        padding: 0.25rem 0.625rem;
        color: var(--ink-soft);
        font-size: var(--size-s);
        font-weight: 600;
      }
      li {
        display: flex;
        align-items: center;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#all.watch(this.weir?.dms.overview);
  }

  override render(): TemplateResult | typeof nothing {
    const all = this.#all.value ?? [];
    if (all.length === 0) return nothing;
    const shown = all.filter(({ isHidden }) => !isHidden);
    const archived = all
      .filter(({ isHidden }) => isHidden)
      .toSorted((a, b) => a.roomName.localeCompare(b.roomName) || a.name.localeCompare(b.name));
    return html`<section aria-labelledby="title">
      <h3 id="title">${dmText.list.title}</h3>
      ${shown.length > 0 ? this.#list(shown, dmText.list.label) : nothing}
      ${
        archived.length > 0
          ? html`<details>
              <summary>${dmText.list.archived(archived.length)}</summary>
              ${this.#list(archived, dmText.list.archivedLabel)}
            </details>`
          : nothing
      }
    </section>`;
  }

  #list(items: readonly DmOverviewItem[], label: string): TemplateResult {
    return html`<ul aria-label=${label}>
      ${repeat(
        items,
        ({ room, peer }) => `${room} ${peer}`,
        (item) => this.#row(item),
      )}
    </ul>`;
  }

  #row(item: DmOverviewItem): TemplateResult {
    const { room, peer, name, roomName, unread, isHidden, lastAt } = item;
    const isChosen = this.chosen?.room === room && this.chosen.peer === peer;
    const move = isHidden ? dmText.list.unarchiveOf(name) : dmText.list.archiveOf(name);
    return html`<li>
      <a
        class="row ${unread > 0 ? 'unread' : ''}"
        href=${dmsPath(room, peer)}
        aria-current=${ifDefined(isChosen ? 'page' : undefined)}
        @click=${(event: MouseEvent) => this.#open(event, item)}
      >
        ${pebble(peer, name)}
        <span class="name"><bdi>${name}</bdi></span>
        ${
          lastAt === undefined
            ? nothing
            : html`<time datetime=${ifDefined(machineTime(lastAt))} title=${fullTime(lastAt)}
                >${listTime(lastAt, this.#ticker.now)}</time
              >`
        }
        <span class="preview" dir="auto">${dmText.list.in(roomName)}</span>
        ${
          unread > 0
            ? html`<span class="badge"
                ><span aria-hidden="true">${dmText.list.unreadShort(unread)}</span
                ><span class="hush">${dmText.list.unread(unread)}</span></span
              >`
            : nothing
        }
      </a>
      <button
        class="icon-button"
        type="button"
        aria-label=${move}
        title=${move}
        aria-pressed=${isHidden}
        @click=${() => void this.#archive(item)}
      >
        ${archiveIcon(18)}
      </button>
    </li>`;
  }

  #open(event: MouseEvent, { room, peer }: DmOverviewItem): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.dispatchEvent(new DmsChosenEvent(room, peer));
  }

  #archive(item: DmOverviewItem): Promise<boolean> {
    const { room, peer, isHidden } = item;
    const dms = this.weir?.dms;
    return isHidden ? unarchive(this, dms, room, peer) : archive(this, dms, room, item);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-dm-rail': WeirDmRail;
  }
}
