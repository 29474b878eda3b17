import { css, html, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Millis } from '../../shared/brand.ts';
import type { MessageItem } from '../state/api.ts';
import { clockTime, fullTime, machineTime } from '../state/format.ts';
import { historyText } from './history-text.ts';

type Timed = Pick<MessageItem, 'at' | 'firstSeen'>;

/** The author's clock is ahead: it was here before it says that it was written. */
const isAhead = ({ at, firstSeen }: Timed): boolean => firstSeen !== undefined && firstSeen < at;

/** The time that a message is shown at: as its author says, but never after it came. */
export const shownAt = (item: Timed): Millis => (isAhead(item) ? (item.firstSeen ?? 0) : item.at);

/** `14:32`, and `~14:32` where the author's clock can't be right. */
export const shownClock = (item: Timed): string =>
  `${isAhead(item) ? '~' : ''}${clockTime(shownAt(item))}`;

/** Date and time, and how late it came. */
export function timeInFull(item: Timed): string {
  const full = fullTime(shownAt(item));
  const late = item.firstSeen === undefined ? 0 : item.firstSeen - item.at;
  return late > 0 ? `${full} ${historyText.late(late)}` : full;
}

export const messageTime = (item: Timed): TemplateResult =>
  html`<time
    class=${isAhead(item) ? 'guessed' : ''}
    datetime=${ifDefined(machineTime(shownAt(item)))}
    >${shownClock(item)}</time
  >`;

export const messageTimeStyles = css`
  .guessed {
    font-style: italic;
  }
`;
