import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Millis, RoomKey } from '../../shared/brand.ts';
import type { DmThread } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { dmsPath } from '../state/router.ts';
import { pebble } from '../theme/pebble.ts';

const PREVIEW_CHARACTERS = 120;

/** One conversation of the list: a link, so that it can be opened in a tab of its own. */
export const dmRow = (
  room: RoomKey,
  thread: DmThread,
  now: Millis,
  onOpen: (event: MouseEvent) => void,
): TemplateResult =>
  html`<a
    class="row ${thread.unread > 0 ? 'unread' : ''}"
    href=${dmsPath(room, thread.peer)}
    data-peer=${thread.peer}
    @click=${onOpen}
  >
    ${pebble(thread.peer, thread.name)}
    <span class="name"><bdi>${thread.name}</bdi></span>
    ${
      thread.lastAt === undefined
        ? nothing
        : html`<time
            datetime=${ifDefined(machineTime(thread.lastAt))}
            title=${fullTime(thread.lastAt)}
            >${listTime(thread.lastAt, now)}</time
          >`
    }
    <span class="preview" dir="auto">${preview(thread)}</span>
    ${
      thread.unread > 0
        ? html`<span class="badge"
            ><span aria-hidden="true">${dmText.list.unreadShort(thread.unread)}</span
            ><span class="hush">${dmText.list.unread(thread.unread)}</span></span
          >`
        : nothing
    }
  </a>`;

function preview({ messages }: DmThread): string {
  const last = messages.at(-1);
  if (!last) return dmText.list.nothing;
  const words = (last.placeholder ?? last.text).slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' ');
  return last.mine ? `${dmText.list.you}${words}` : words;
}

export const dmRowStyles = css`
  .row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    grid-template-areas: 'mark name time' 'mark preview badge';
    column-gap: 0.75rem;
    row-gap: 0.0625rem;
    align-items: center;
    flex: 1;
    min-width: 0;
    min-height: 3.75rem;
    padding: 0.5rem 0.625rem;
    border-radius: var(--round-m);
    color: var(--ink);
    text-decoration: none;
  }
  .row:hover {
    background: var(--hover);
  }
  .row .pebble {
    grid-area: mark;
    width: 2.5rem;
    height: 2.5rem;
  }
  .name {
    grid-area: name;
    font-weight: 600;
    line-height: 1.35;
  }
  .name,
  .preview {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time {
    grid-area: time;
    justify-self: end;
    font-size: var(--size-xs);
    color: var(--ink-soft);
  }
  .preview {
    grid-area: preview;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  .unread .preview {
    color: var(--ink);
  }
  .unread time {
    color: var(--water);
    font-weight: 600;
  }
  .badge {
    grid-area: badge;
    justify-self: end;
    min-width: 1.25rem;
    height: 1.25rem;
    padding: 0 0.375rem;
    border-radius: 0.625rem;
    background: var(--water);
    color: var(--on-water);
    font-size: var(--size-xs);
    font-weight: 700;
    line-height: 1.25rem;
    text-align: center;
  }
`;
