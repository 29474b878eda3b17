import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MessageItem } from '../state/api.ts';
import { text } from '../state/text.ts';
import { downIcon, upIcon } from '../theme/icons.ts';
import { historyText } from './history-text.ts';
import { announcement } from './line-labels.ts';

/** What floats over a history, and what is said of it. */

export const toUnreadButton = (unread: number, onPressed: () => unknown): TemplateResult =>
  html`<button class="unread" type="button" @click=${onPressed}>
    ${upIcon()} ${historyText.firstUnread(unread)}
  </button>`;

/** @param missed messages that have come since the reader left the end */
export const toLatestButton = (missed: number, onPressed: () => unknown): TemplateResult =>
  html`<button
    class="latest ${missed > 0 ? 'news' : ''}"
    type="button"
    aria-label=${text.conversation.latest(missed)}
    @click=${onPressed}
  >
    ${missed > 0 ? html`<span class="count" aria-hidden="true">${missed}</span>` : nothing}
    ${downIcon()}
  </button>`;

/** Says the messages that have come to who can't see them. */
export const announcements = (items: readonly MessageItem[]): TemplateResult =>
  html`<div class="hush" role="log" aria-live="polite" aria-label=${text.conversation.arrivals}>
    ${repeat(
      items,
      (item) => item.id,
      (item) => html`<p>${text.message.announce(item.author, announcement(item))}</p>`,
    )}
  </div>`;
