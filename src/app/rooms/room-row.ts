import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Millis } from '../../shared/brand.ts';
import type { RoomListItem } from '../state/api.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { listText } from '../state/list-text.ts';
import { roomPath } from '../state/router.ts';
import { text } from '../state/text.ts';
import {
  alertIcon,
  downIcon,
  envelopeIcon,
  gripIcon,
  lockIcon,
  moreIcon,
  mutedIcon,
  storedIcon,
  upIcon,
} from '../theme/icons.ts';
import { pebble } from '../theme/pebble.ts';

export interface RowState {
  readonly now: Millis;
  readonly chosen: boolean;
  /** Tab leads to this row. */
  readonly reachable: boolean;
  /** Direct messages in it that were not read. */
  readonly unreadDms: number;
  /** Being dragged. */
  readonly lifted: boolean;
  /** Where it stands, while rooms are put in order. */
  readonly sorting: { readonly isFirst: boolean; readonly isLast: boolean } | undefined;
  readonly onOpen: (event: MouseEvent) => void;
  readonly onMenu: (event: Event) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onGrip: (event: PointerEvent) => void;
}

/** One room of the list: a link, so that it can be opened in a tab of its own, and beside it what can be done with it. */
export function roomRow(item: RoomListItem, row: RowState): TemplateResult {
  const unread = row.chosen ? 0 : item.unread; // what is on screen is being read
  return html`<li class=${row.lifted ? 'lifted' : ''} @contextmenu=${row.onMenu}>
    ${row.sorting ? grip(item, row) : nothing}
    <a
      class="row ${unread > 0 ? 'unread' : ''}"
      href=${roomPath(item.room)}
      data-room=${item.room}
      draggable="false"
      tabindex=${row.reachable ? 0 : -1}
      aria-current=${ifDefined(row.chosen ? 'page' : undefined)}
      @click=${row.onOpen}
    >
      ${pebble(item.room, item.name)}
      <span class="name">
        <bdi>${item.name}</bdi>
        ${
          item.isPrivate
            ? html`<span class="lock" title=${text.rooms.privateHint}
                >${lockIcon()}<span class="hush">${text.rooms.isPrivate}</span></span
              >`
            : nothing
        }
        ${
          item.mode === 'Muted'
            ? html`<span class="lock" title=${listText.muted}
                >${mutedIcon()}<span class="hush">${listText.muted}</span></span
              >`
            : nothing
        }
      </span>
      ${row.sorting ? nothing : lastTime(item, row.now)}
      <span class="preview" dir="auto">${preview(item)}</span>
      ${
        row.sorting
          ? nothing // the handle and the arrows leave no more room than the name needs
          : html`<span class="marks"
              >${syncMark(item)}${dmBadge(row.unreadDms)}${unreadBadge(item, unread)}</span
            >`
      }
    </a>
    ${row.sorting ? arrows(item, row.sorting, row.onMove) : kebab(item, row)}
  </li>`;
}

const kebab = (item: RoomListItem, { reachable, onMenu }: RowState): TemplateResult =>
  html`<button
    class="icon-button kebab"
    type="button"
    tabindex=${reachable ? 0 : -1}
    aria-label=${listText.menu.open(item.name)}
    aria-haspopup="true"
    @click=${onMenu}
  >
    ${moreIcon()}
  </button>`;

const grip = (item: RoomListItem, { onGrip }: RowState): TemplateResult =>
  html`<span class="grip" title=${listText.handle(item.name)} @pointerdown=${onGrip}
    >${gripIcon()}</span
  >`;

const arrows = (
  { name }: RoomListItem,
  { isFirst, isLast }: NonNullable<RowState['sorting']>,
  onMove: RowState['onMove'],
): TemplateResult =>
  html`<button
      class="icon-button"
      type="button"
      aria-label=${listText.up(name)}
      ?disabled=${isFirst}
      @click=${() => onMove(-1)}
    >
      ${upIcon()}
    </button>
    <button
      class="icon-button"
      type="button"
      aria-label=${listText.down(name)}
      ?disabled=${isLast}
      @click=${() => onMove(1)}
    >
      ${downIcon()}
    </button>`;

function lastTime({ lastMessage }: RoomListItem, now: Millis): TemplateResult | typeof nothing {
  if (!lastMessage) return nothing;
  const { at } = lastMessage;
  return html`<time datetime=${ifDefined(machineTime(at))} title=${fullTime(at)}
    >${listTime(at, now)}</time
  >`;
}

const preview = ({ lastMessage }: RoomListItem): TemplateResult | string =>
  lastMessage
    ? html`<bdi class="by">${text.rooms.lastBy(lastMessage.author)}</bdi>${lastMessage.preview}`
    : text.rooms.noMessages;

function syncMark({ sync }: RoomListItem): TemplateResult | typeof nothing {
  const words = text.sync.room(sync);
  if (words === undefined) return nothing;
  const refused = sync.type === 'refused';
  return html`<span class="sync ${refused ? 'refused' : ''}" title=${words}
    >${refused ? alertIcon() : storedIcon()}<span class="hush">${words}</span></span
  >`;
}

const dmBadge = (unread: number): TemplateResult | typeof nothing =>
  unread > 0
    ? html`<span class="dms" title=${listText.unreadDms(unread)}
        >${envelopeIcon(14)}<span aria-hidden="true">${text.rooms.unreadShort(unread)}</span
        ><span class="hush">${listText.unreadDms(unread)}</span></span
      >`
    : nothing;

const unreadBadge = ({ mode }: RoomListItem, unread: number): TemplateResult | typeof nothing => {
  if (unread === 0) return nothing;
  const words =
    mode === 'MentionsAndReplies' ? listText.mentionsOnly(unread) : text.rooms.unread(unread);
  return html`<span class="badge"
    ><span aria-hidden="true">${text.rooms.unreadShort(unread)}</span
    ><span class="hush">${words}</span></span
  >`;
};

export const roomRowStyles = css`
  li {
    position: relative;
    display: flex;
    align-items: center;
    border-radius: var(--round-m);
  }
  .row {
    position: relative;
    flex: 1;
    min-width: 0;
    grid-template-columns: auto minmax(0, 1fr) auto;
    grid-template-areas: 'mark name time' 'mark preview marks';
    transition: background var(--quick);
    -webkit-touch-callout: none;
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .name {
    display: flex;
    align-items: center;
    gap: 0.375rem;
    min-width: 0;
    font-size: var(--size-m);
  }
  .name bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .lock {
    color: var(--ink-soft);
  }
  .marks {
    grid-area: marks;
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 0.375rem;
    min-height: 1.25rem;
  }
  .sync {
    color: var(--amber);
  }
  .sync.refused {
    color: var(--rust);
  }
  .dms {
    display: flex;
    align-items: center;
    gap: 0.1875rem;
    color: var(--water);
    font-size: var(--size-xs);
    font-weight: 700;
  }
  /* over the row's end where there is a pointer to hover with; beside it where a finger needs it */
  @media (hover: hover) {
    .kebab {
      position: absolute;
      inset-inline-end: 0.25rem;
      inset-block-start: 0.5rem;
      opacity: 0;
      background: var(--raised);
      box-shadow: var(--shadow);
    }
    .kebab:hover {
      background: var(--raised);
    }
    li:hover > .kebab,
    .kebab:focus-visible,
    .row:focus-visible + .kebab {
      opacity: 1;
    }
  }
  .icon-button:disabled {
    opacity: 0.35;
  }
  .grip {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.75rem;
    height: 2.75rem;
    color: var(--ink-soft);
    cursor: grab;
    touch-action: none;
  }
  .lifted {
    z-index: 1;
    background: var(--raised);
    box-shadow: var(--shadow);
  }
  .lifted .grip,
  .lifted .row {
    cursor: grabbing;
  }
`;
