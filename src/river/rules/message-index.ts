import { messageId, type MemberId, type MessageId } from '../ids.ts';
import { compareMessages, type AuthorizedMessage } from '../room-state/messages.ts';
import { sorted } from './context.ts';

/**
 * What is known of a list of messages, so that a few more are added without looking at the others. It belongs to one list and is
 * handed on to the one that takes its place.
 */
interface MessageIndex {
  /** How often each id comes: a state can hold a message twice. */
  readonly ids: Map<MessageId, number>;
  /** How many messages each author has. */
  readonly authors: Map<MemberId, number>;
}

const indexes = new WeakMap<readonly AuthorizedMessage[], MessageIndex>();

function indexOf(messages: readonly AuthorizedMessage[]): MessageIndex {
  let index = indexes.get(messages);
  if (index === undefined) {
    index = { ids: new Map(), authors: new Map() };
    count(index, messages, 1);
    indexes.set(messages, index);
  }
  return index;
}

function count(index: MessageIndex, messages: readonly AuthorizedMessage[], by: 1 | -1): void {
  for (const each of messages) {
    countOne(index.ids, messageId(each), by);
    countOne(index.authors, each.message.author, by);
  }
}

function countOne(counts: Map<bigint, number>, id: bigint, by: 1 | -1): void {
  const left = (counts.get(id) ?? 0) + by;
  if (left === 0) counts.delete(id);
  else counts.set(id, left);
}

/** The ids of a list's messages. Looked up once per list. */
export const idsOf = (
  messages: readonly AuthorizedMessage[],
): { readonly has: (id: MessageId) => boolean } => indexOf(messages).ids;

/** What a few new messages do to a list. */
export interface MessagesPlaced {
  /** In order; the same list if nothing comes or goes. */
  readonly messages: readonly AuthorizedMessage[];
  /** In the order of the list, as is `removed`. */
  readonly added: readonly AuthorizedMessage[];
  /** Those that there is no room for any more: the oldest. */
  readonly removed: readonly AuthorizedMessage[];
}

/**
 * Puts messages into a list that is in order, behind equal ones, and cuts the oldest beyond `most`. Of those that are there only as
 * many are looked at as it takes to find a place by halving.
 */
export function place(
  messages: readonly AuthorizedMessage[],
  fresh: readonly AuthorizedMessage[],
  most: number,
): MessagesPlaced {
  const news = sorted(fresh, compareMessages);
  let all: AuthorizedMessage[] | undefined;
  let from = 0;
  for (const each of news) {
    const to = placeOf(messages, each, from);
    if (all === undefined) all = messages.slice(0, to);
    else for (let i = from; i < to; i++) all.push(messages[i] as AuthorizedMessage);
    all.push(each);
    from = to;
  }
  if (all === undefined) return { messages, added: [], removed: [] };
  for (let i = from; i < messages.length; i++) all.push(messages[i] as AuthorizedMessage);
  const cut = all.splice(0, Math.max(0, all.length - most));
  const added = without(news, cut);
  const removed = without(cut, news);
  const isSame = added.length === 0 && removed.length === 0;
  return { messages: isSame ? messages : all, added, removed };
}

/** The first place from `low` up whose message is greater. */
function placeOf(
  messages: readonly AuthorizedMessage[],
  each: AuthorizedMessage,
  low: number,
): number {
  let high = messages.length;
  let at = low;
  while (at < high) {
    // what is new is mostly the newest: the last is asked first
    const middle = high === messages.length ? high - 1 : (at + high) >> 1;
    if (compareMessages(messages[middle] as AuthorizedMessage, each) > 0) high = middle;
    else at = middle + 1;
  }
  return at;
}

/** Whether everyone who loses a message still has one, so that nobody loses the reason to stay. */
export function keepsItsAuthors(
  before: readonly AuthorizedMessage[],
  { added, removed }: MessagesPlaced,
): boolean {
  if (removed.length === 0) return true;
  const { authors } = indexOf(before);
  const changes: MessageIndex = { ids: new Map(), authors: new Map() };
  count(changes, added, 1);
  count(changes, removed, -1);
  return removed.every(
    ({ message: { author } }) =>
      (authors.get(author) ?? 0) + (changes.authors.get(author) ?? 0) > 0,
  );
}

/** Hands what is known of a list on to the one that takes its place. */
export function handOn(
  before: readonly AuthorizedMessage[],
  { messages, added, removed }: MessagesPlaced,
): void {
  if (messages === before) return;
  const index = indexOf(before);
  indexes.delete(before);
  count(index, added, 1);
  count(index, removed, -1);
  indexes.set(messages, index);
}

/** The items of a list that another has not; of an item that comes twice here and once there, one. */
export function without<T>(items: readonly T[], others: readonly T[]): T[] {
  const left = new Map<T, number>();
  for (const each of others) left.set(each, (left.get(each) ?? 0) + 1);
  return items.filter((each) => {
    const count = left.get(each) ?? 0;
    if (count > 0) left.set(each, count - 1);
    return count === 0;
  });
}
