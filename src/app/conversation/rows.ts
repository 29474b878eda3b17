import type { Millis } from '../../shared/brand.ts';
import type { MessageItem } from '../state/api.ts';
import { dayKey } from '../state/format.ts';
import { shownAt } from './message-time.ts';

/** What every line of the history may carry above it. `day`: the moment to name, when a local day begins here. */
interface RowHead {
  /** Stable for as long as the first message in it exists. */
  readonly key: string;
  readonly day?: Millis;
  readonly unreadStart: boolean;
}

/** A message; `opens` and `closes` its group of one author. */
export interface MessageRow extends RowHead {
  readonly type: 'message';
  readonly item: MessageItem;
  readonly opens: boolean;
  readonly closes: boolean;
}

/** People who joined within one hour of the first of them, as one line. */
export interface EventRow extends RowHead {
  readonly type: 'event';
  readonly at: Millis;
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

export type Row = MessageRow | EventRow;

const GROUP_GAP_MS = 5 * 60_000; // as River groups messages
const EVENT_MERGE_MS = 60 * 60_000; // as River merges join events

/**
 * Arranges messages (oldest first) as the lines of the history. A day, the unread divider, an event or another author ends
 * a group.
 */
export function historyRows(
  messages: readonly MessageItem[],
  firstUnreadId?: string,
): readonly Row[] {
  const rows: Row[] = [];
  let day: string | undefined;
  for (const item of messages) {
    const unreadStart = item.id === firstUnreadId;
    const itsDay = dayKey(shownAt(item));
    const head = { key: item.id, unreadStart, ...(itsDay !== day && { day: shownAt(item) }) };
    const joins = itsDay === day && !unreadStart;
    day = itsDay;
    const last = rows.at(-1);
    if (item.kind === 'event') {
      if (joins && last?.type === 'event' && item.at - last.at < EVENT_MERGE_MS) {
        rows[rows.length - 1] = merged(last, item);
      } else {
        rows.push({ type: 'event', ...head, at: item.at, ids: [item.id], names: [item.author] });
      }
      continue;
    }
    const continues =
      joins &&
      last?.type === 'message' &&
      last.item.authorId === item.authorId &&
      shownAt(item) - shownAt(last.item) < GROUP_GAP_MS;
    if (continues) rows[rows.length - 1] = { ...last, closes: false };
    rows.push({ type: 'message', ...head, item, opens: !continues, closes: true });
  }
  return rows;
}

function merged(row: EventRow, item: MessageItem): EventRow {
  const names = row.names.includes(item.author) ? row.names : [...row.names, item.author];
  return { ...row, ids: [...row.ids, item.id], names };
}
