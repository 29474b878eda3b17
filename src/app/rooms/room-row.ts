import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Millis } from '../../shared/brand.ts';
import type { RoomListItem } from '../state/api.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { roomPath } from '../state/router.ts';
import { text } from '../state/text.ts';
import { alertIcon, lockIcon, storedIcon } from '../theme/icons.ts';
import { pebble } from '../theme/pebble.ts';

interface RowState {
  readonly now: Millis;
  readonly chosen: boolean;
  /** Tab leads to this row. */
  readonly reachable: boolean;
  readonly onOpen: (event: MouseEvent) => void;
}

/** One room of the list: a link, so that it can be opened in a tab of its own. */
export function roomRow(item: RoomListItem, row: RowState): TemplateResult {
  const unread = row.chosen ? 0 : item.unread; // what is on screen is being read
  return html`<li>
    <a
      class="row ${unread > 0 ? 'unread' : ''}"
      href=${roomPath(item.room)}
      data-room=${item.room}
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
      </span>
      ${lastTime(item, row.now)}
      <span class="preview" dir="auto">${preview(item)}</span>
      <span class="marks">${syncMark(item)}${unreadBadge(unread)}</span>
    </a>
  </li>`;
}

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

const unreadBadge = (unread: number): TemplateResult | typeof nothing =>
  unread > 0
    ? html`<span class="badge"
        ><span aria-hidden="true">${text.rooms.unreadShort(unread)}</span
        ><span class="hush">${text.rooms.unread(unread)}</span></span
      >`
    : nothing;

export const roomRowStyles = css`
  .row {
    position: relative;
    grid-template-columns: auto 1fr auto;
    grid-template-areas: 'mark name time' 'mark preview marks';
    transition: background var(--quick);
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .row[aria-current] {
    background: var(--chosen);
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
`;
