import { html, nothing, type TemplateResult } from 'lit';
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
  const said = last.invitation ? dmText.list.invitation(last.invitation.note) : last.text;
  const words = (last.placeholder ?? said).slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' ');
  return last.mine ? `${dmText.list.you}${words}` : words;
}
