import { css, html, nothing, type TemplateResult } from 'lit';
import { richText } from '../markdown/rich-text.ts';
import type { MessageItem } from '../state/api.ts';
import { text } from '../state/text.ts';

/** Longer messages are cut on screen until the person asks: a room's owner may allow megabytes. */
const CUT_CHARACTERS = 4_000;
const CUT_LINES = 60;
const MAX_REACTIONS = 24;
const MAX_NAMES = 30;

/**
 * The words of a message; or what stands for words that can't be shown.
 *
 * @param whole all of a long message
 * @param redraw asks the element to draw itself again, when what it needs for that has come
 */
export function messageText(
  item: MessageItem,
  whole: boolean,
  onShowAll: () => void,
  redraw: () => void,
): TemplateResult {
  if (item.kind === 'unsupported')
    return html`<p class="words odd">${text.message.unsupported}</p>`;
  if (item.kind === 'unreadable')
    return html`<p class="words odd">${item.placeholder ?? text.message.unreadable}</p>`;
  const { mentions } = item;
  const written = mentions?.marked ?? item.text;
  const shown = whole ? written : cut(written);
  const said = mentions
    ? { text: item.text, mentions: { ...mentions, marked: shown } }
    : { text: shown };
  if (shown !== written) {
    return html`${richText(said, '…', redraw)}
      <button class="all" type="button" @click=${onShowAll}>
        ${text.message.showAll(item.text.length)}
      </button>`;
  }
  const end = item.edited ? editedMark : nothing;
  return isOnlyEmoji(shown)
    ? html`<p class="words big" dir="auto">${shown}${end}</p>`
    : richText(said, end, redraw);
}

const editedMark = html` <span class="edited">(${text.message.edited})</span>`;

function cut(message: string): string {
  let end = Math.min(message.length, CUT_CHARACTERS);
  let from = 0;
  for (let line = 0; line < CUT_LINES; line++) {
    const next = message.indexOf('\n', from);
    if (next < 0 || next >= end) return end === message.length ? message : whole(message, end);
    from = next + 1;
  }
  end = from - 1;
  return whole(message, end);
}

/** Never cuts a surrogate pair, or the mark of a mention. */
const whole = (message: string, end: number): string =>
  message
    .slice(0, /[\ud800-\udbff]/.test(message[end - 1] ?? '') ? end - 1 : end)
    .replace(/\ue000\d*$/, '');

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\ufe0f\u200d]){1,12}$/u;

/** A message of one to three emoji or so is drawn large. */
const isOnlyEmoji = (message: string): boolean => message.length <= 24 && ONLY_EMOJI.test(message);

/**
 * What people felt about a message; who, in the tooltip and for screen readers. Where the person may write, each is a button
 * that joins in or takes back.
 *
 * @param onReact undefined where the person can't
 */
export function reactions(
  item: MessageItem,
  onReact: ((emoji: string) => void) | undefined,
): TemplateResult | typeof nothing {
  if (item.reactions.length === 0) return nothing;
  const shown = item.reactions.slice(0, MAX_REACTIONS);
  const more = item.reactions.length - shown.length;
  return html`<ul class="reactions">
    ${shown.map((reaction) => reactionChip(reaction, onReact))}
    ${more > 0 ? html`<li><span class="reaction">${text.message.moreReactions(more)}</span></li>` : nothing}
  </ul>`;
}

function reactionChip(
  { emoji, by, mine }: MessageItem['reactions'][number],
  onReact: ((emoji: string) => void) | undefined,
): TemplateResult {
  const names = text.message.reactors(by.slice(0, MAX_NAMES), by.length - MAX_NAMES);
  const look = `reaction ${mine ? 'mine' : ''}`;
  const chip = html`<span class="hush">${text.message.reaction(emoji, names)}</span>
    <span class="emoji" aria-hidden="true">${emoji}</span>
    ${by.length > 1 ? html`<span aria-hidden="true">${by.length}</span>` : nothing}`;
  return html`<li>
    ${
      onReact
        ? html`<button
            class=${look}
            type="button"
            title=${names}
            aria-pressed=${mine}
            @click=${() => onReact(emoji)}
          >
            ${chip}
          </button>`
        : html`<span class=${look} title=${names}>${chip}</span>`
    }
  </li>`;
}

export const messageBodyStyles = css`
  .big {
    font-size: 2rem;
    line-height: 1.25;
  }
  .odd {
    font-style: italic;
    color: var(--ink-soft);
  }
  .edited {
    font-size: var(--size-xs);
    color: var(--ink-soft);
    white-space: nowrap;
    unicode-bidi: isolate;
  }
  .all {
    margin-top: 0.375rem;
    font-size: var(--size-s);
    font-weight: 600;
    color: var(--water);
    text-decoration: underline;
    text-underline-offset: 0.15em;
  }
  .reactions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    margin-top: 0.25rem;
  }
  .reaction {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    min-height: 1.625rem;
    padding: 0 0.5rem;
    border-radius: 0.8125rem;
    background: var(--raised);
    box-shadow: inset 0 0 0 1px var(--line);
    font-size: var(--size-s);
    font-variant-numeric: tabular-nums;
    color: var(--ink);
  }
  button.reaction:hover {
    box-shadow: inset 0 0 0 1px var(--water);
  }
  .reaction.mine {
    background: var(--own);
    box-shadow: inset 0 0 0 1.5px var(--water);
  }
  .emoji {
    max-width: 6rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
