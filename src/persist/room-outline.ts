import { messageId, type MemberId, type MessageId } from '../river/ids.ts';
import { isAction, readContent } from '../river/message-content.ts';
import { CONTENT_TYPE_EVENT } from '../river/room-state/content-types.ts';
import type { SecretsByVersion } from '../river/secrets.ts';
import {
  byPlace,
  digitsOfPlace,
  idDigits,
  type MessagePlace,
  type ReadMessage,
} from './message-rows.ts';

const ACTION = 1;
const EVENT = 2;
const MINE = 4;
const DELETED = 8;
const MUTED = 16;

/** Whose room it is read as. */
export interface Reader {
  readonly secrets: SecretsByVersion;
  readonly selfId: MemberId | undefined;
  /** Of whom nothing is shown; ids as signed decimals. */
  readonly muted: ReadonlySet<string>;
}

/**
 * Which messages a room has, from some place to its end: their places and what is needed to count them, not what they say. Only its
 * actions are kept as they are, by what they act on.
 *
 * An action comes after its target in time, except where clocks are wrong: so what is known of messages in here is right for all
 * but those whose edit or deletion claims to be older than they are, and for these too when it `reachesStart`.
 */
export class RoomOutline {
  reachesStart = false;
  readonly #places: MessagePlace[] = [];
  readonly #flags: number[] = [];
  readonly #actions = new Map<MessageId, KeptAction[]>();
  /** Sealed for us: what they act on is not known. */
  #sealed: ReadMessage[] = [];
  /** Who has asked for a message to be deleted: only its author can. */
  readonly #deleters = new Map<MessageId, MemberId[]>();
  /** Whose author has to be looked up for that. */
  readonly #suspects = new Set<MessageId>();
  /** `shownUpTo[i]`: how many of the first i are shown. Counted when it is asked for. */
  #shownUpTo: number[] | undefined;

  get length(): number {
    return this.#places.length;
  }

  /** How many are shown: neither actions, nor deleted, nor of somebody who is muted. */
  get shown(): number {
    return this.#counts()[this.#places.length] ?? 0;
  }

  placeAt(index: number): MessagePlace | undefined {
    return this.#places[index];
  }

  /** Messages that are older than all in it, in order. */
  prepend(messages: readonly ReadMessage[], reader: Reader): void {
    this.#places.unshift(...messages.map(({ place }) => place));
    this.#flags.unshift(...messages.map((each) => flagsOf(each, reader)));
    this.#learn(messages, reader);
    this.judge(messages);
  }

  /** Nothing is older than what is in it. */
  end(): void {
    this.reachesStart = true;
    for (const target of this.#deleters.keys()) this.#suspects.add(target);
  }

  /** Messages that have come, wherever in time. Those that are older than all in it are left out until it gets there. */
  insert(messages: readonly ReadMessage[], reader: Reader): readonly ReadMessage[] {
    const inside = messages.filter(({ place }) => this.reachesStart || place > this.#first);
    const added: ReadMessage[] = [];
    for (const each of inside) {
      const index = this.indexOf(each.place);
      if (this.#places[index] === each.place) continue;
      this.#places.splice(index, 0, each.place);
      this.#flags.splice(index, 0, flagsOf(each, reader));
      added.push(each);
    }
    this.#learn(added, reader);
    for (const { message } of added) {
      const content = isAction(message) ? readContent(message, reader.secrets) : undefined;
      if (content?.type === 'delete') this.#suspects.add(content.target);
    }
    this.judge(added);
    return added;
  }

  /** Messages that are gone. What they did to others is gone with them. */
  remove(places: readonly MessagePlace[]): void {
    const gone = new Set(places);
    if (gone.size === 0) return;
    let acted = false;
    for (const place of gone) {
      const index = this.indexOf(place);
      if (this.#places[index] !== place) continue;
      acted ||= ((this.#flags[index] ?? 0) & ACTION) !== 0;
      this.#places.splice(index, 1);
      this.#flags.splice(index, 1);
    }
    this.#shownUpTo = undefined;
    if (!acted) return;
    this.#sealed = this.#sealed.filter(({ place }) => !gone.has(place));
    for (const [target, actions] of this.#actions) {
      const left = actions.filter(({ place }) => !gone.has(place));
      if (left.length === actions.length) continue;
      if (left.length > 0) this.#actions.set(target, left);
      else this.#actions.delete(target);
      this.#forgetDeletion(target, left);
    }
  }

  /** What was sealed may be open now. */
  readAgain(reader: Reader): void {
    const sealed = this.#sealed;
    this.#sealed = [];
    this.#learn(sealed, reader);
    for (const target of this.#deleters.keys()) this.#suspects.add(target);
  }

  /** The first that is not before `place`. */
  indexOf(place: MessagePlace): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] as MessagePlace) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Those in it, both ends included. */
  placesBetween(first: MessagePlace, last: MessagePlace): readonly MessagePlace[] {
    const end = this.indexOf(last);
    return this.#places.slice(this.indexOf(first), this.#places[end] === last ? end + 1 : end);
  }

  indexOfId(id: MessageId): number | undefined {
    const digits = idDigits(id);
    for (let i = this.#places.length - 1; i >= 0; i--) {
      if (digitsOfPlace(this.#places[i] as MessagePlace) === digits) return i;
    }
    return undefined;
  }

  isShown(index: number): boolean {
    return ((this.#flags[index] ?? ACTION) & (ACTION | DELETED | MUTED)) === 0;
  }

  /** Counts as unread while it is behind the last read one: shown, by others, and no join. */
  counts(index: number): boolean {
    return ((this.#flags[index] ?? ACTION) & (ACTION | DELETED | MUTED | MINE | EVENT)) === 0;
  }

  isMine(index: number): boolean {
    return ((this.#flags[index] ?? 0) & MINE) !== 0;
  }

  /** How many of those before `index` are shown. */
  shownBefore(index: number): number {
    return this.#counts()[index] ?? this.shown;
  }

  /** The index of the nth shown one (from 0); `length` beyond the last. */
  indexOfShown(nth: number): number {
    const counts = this.#counts();
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((counts[middle + 1] ?? 0) <= nth) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What has been done to these, in the order of the room. */
  actionsOn(ids: Iterable<MessageId>): readonly ReadMessage[] {
    return [...ids].flatMap((id) => this.#actions.get(id) ?? []).sort(byPlace);
  }

  /** Messages that somebody wants deleted and whose author is to be told to `judge`. */
  takeSuspects(): readonly MessagePlace[] {
    if (this.#suspects.size === 0) return [];
    const wanted = new Set([...this.#suspects].map(idDigits));
    this.#suspects.clear();
    return this.#places.filter((place) => wanted.has(digitsOfPlace(place)));
  }

  /** The messages at places that `takeSuspects` gave. */
  judge(messages: readonly ReadMessage[]): void {
    this.#shownUpTo = undefined;
    if (this.#deleters.size === 0) return;
    for (const { place, message } of messages) {
      const deleters = this.#deleters.get(messageId(message));
      if (!deleters?.includes(message.message.author)) continue;
      const index = this.indexOf(place);
      this.#flags[index] = (this.#flags[index] ?? 0) | DELETED;
    }
  }

  #forgetDeletion(target: MessageId, left: readonly KeptAction[]): void {
    this.#deleters.delete(target);
    const index = this.indexOfId(target);
    if (index !== undefined) this.#flags[index] = (this.#flags[index] ?? 0) & ~DELETED;
    for (const each of left) if (each.deletes) this.#addDeleter(target, each);
    this.#suspects.add(target);
  }

  get #first(): MessagePlace {
    return this.#places[0] ?? '';
  }

  #learn(messages: readonly ReadMessage[], { secrets }: Reader): void {
    for (const each of messages) {
      if (!isAction(each.message)) continue;
      const content = readContent(each.message, secrets);
      if (content.type === 'sealed') this.#sealed.push(each);
      if (!('target' in content)) continue;
      const { target } = content;
      const kept = { ...each, deletes: content.type === 'delete' };
      this.#actions.set(target, [...(this.#actions.get(target) ?? []), kept]);
      if (kept.deletes) this.#addDeleter(target, each);
    }
  }

  #addDeleter(target: MessageId, { message }: ReadMessage): void {
    const known = this.#deleters.get(target) ?? [];
    this.#deleters.set(target, [...known, message.message.author]);
  }

  #counts(): readonly number[] {
    if (this.#shownUpTo) return this.#shownUpTo;
    const counts = [0];
    for (let i = 0; i < this.#places.length; i++) {
      counts.push((counts[i] as number) + (this.isShown(i) ? 1 : 0));
    }
    this.#shownUpTo = counts;
    return counts;
  }
}

interface KeptAction extends ReadMessage {
  readonly deletes: boolean;
}

function flagsOf({ message }: ReadMessage, { selfId, muted }: Reader): number {
  const { author, content } = message.message;
  return (
    (isAction(message) ? ACTION : 0) |
    (content.contentType === CONTENT_TYPE_EVENT ? EVENT : 0) |
    (author === selfId ? MINE : 0) |
    (muted.size > 0 && muted.has(String(author)) ? MUTED : 0)
  );
}
