import { messageId, type MessageId } from '../river/ids.ts';
import { readContent } from '../river/message-content.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';
import { DecodedParts } from './decoded-parts.ts';
import type { LoadedRoom } from './loaded-room.ts';
import {
  byPlace,
  idOfPlace,
  placesOfOrder,
  readBefore,
  readBetween,
  type MessagePlace,
  type ReadMessage,
} from './message-rows.ts';
import { ReadParts } from './read-parts.ts';
import { changesSince } from './room-changes.ts';
import { RoomOutline } from './room-outline.ts';
import type { RoomRow } from './schema.ts';

/** Rows that are read and decoded at once while the rest of the room is looked through: some milliseconds of work. */
const SLICE = 128;
/** Messages that are read first: some screens full. */
const FIRST = 48;
/** Of those, what the window shows at first: a usual screen, and no more than can be drawn within 100 ms. More is asked for at once. */
const SHOWN = 14;

const STORES = ['rooms', 'parts', 'messages'] as const;

/** What has come with a refresh. */
export interface Refreshed {
  /** `gone`: the room is not stored, or its rows are no room. */
  readonly type: 'same' | 'changed' | 'gone';
  /** A message that was written in this browser is among what came. */
  readonly wroteOwn: boolean;
}

/**
 * One room read from its rows as far as a screen needs it. Its people and settings are decoded, of its messages only a window; the
 * rest are an outline, which begins at the newest and goes back as far as it was asked to. What came since is read by its keys.
 *
 * One call at a time.
 */
export class RoomHistory {
  readonly room: RoomKey;
  readonly #db: WeirDatabase;
  #outline = new RoomOutline();
  #row: RoomRow | undefined;
  readonly #parts: ReadParts;
  #isStale = false;
  /** The window, and what its messages quote. */
  #read = new Map<MessagePlace, ReadMessage>();
  #from = 0;
  #to = 0;
  /** Rows that the outline does not have yet. */
  #older = 0;
  /** Of rows, since it was made: what it costs is counted in tests. */
  rowsRead = 0;

  /** @param decoded of rooms that were read before */
  constructor(db: WeirDatabase, room: RoomKey, decoded = new DecodedParts()) {
    this.#db = db;
    this.room = room;
    this.#parts = new ReadParts(room, decoded);
  }

  get row(): RoomRow | undefined {
    return this.#row;
  }

  get outline(): RoomOutline {
    return this.#outline;
  }

  /** How many messages are shown before and after the window. `exact`: all of the room has been looked through. */
  get around(): { readonly before: number; readonly after: number; readonly exact: boolean } {
    const { reachesStart, shown } = this.#outline;
    return {
      before: this.#outline.shownBefore(this.#from) + (reachesStart ? 0 : this.#older),
      after: shown - this.#outline.shownBefore(this.#to),
      exact: reachesStart,
    };
  }

  get reachesEnd(): boolean {
    return this.around.after === 0;
  }

  /** Nothing of these people is shown from the next refresh on. @param muted ids, as signed decimals */
  mute(muted: ReadonlySet<string>): void {
    if (this.#parts.mute(muted)) this.#isStale = this.#row !== undefined;
  }

  /** What is stored now: at first the newest messages, then what has changed since. */
  async refresh(): Promise<Refreshed> {
    const before = this.#row;
    const found = await this.#db.read(STORES, async (tx) => {
      const row = await tx.objectStore('rooms').get(this.room);
      if (!row || (row.rev === before?.rev && !this.#isStale)) return { row };
      const changes = before && !this.#isStale ? changesSince(row, before.rev) : undefined;
      if (!changes) {
        const newest = await readBefore(tx, this.room, undefined, FIRST);
        return { row, parts: await this.#parts.rowsIn(tx), newest, put: [], gone: [] };
      }
      const names = new Set(changes.flatMap((change) => change.parts));
      const parts = await this.#parts.rowsIn(tx, names);
      const gone = changes.flatMap((change) => change.gone);
      // of a message that was there twice, one may be left
      const orders = [...changes.flatMap((change) => change.put), ...gone];
      const put = await Promise.all(
        orders.map((order) => readBetween(tx, this.room, ...placesOfOrder(order))),
      );
      return { row, parts, put: put.flat(), gone };
    });
    const { row } = found;
    if (!row) return this.#forget();
    this.#row = row;
    if (!found.parts) return { type: 'same', wroteOwn: false };
    this.#isStale = false;
    const taken = this.#parts.take(found.parts);
    if (taken === 'no-room') return this.#forget();
    if (taken === 'opens-more') this.#outline.readAgain(this.#parts.reader);
    if (found.newest) {
      await this.#begin(found.newest, before !== undefined);
      return { type: 'changed', wroteOwn: false };
    }
    await this.#merge(found.put, found.gone);
    return { type: 'changed', wroteOwn: found.put.some(({ seq }) => seq !== undefined) };
  }

  /**
   * Looks through a further slice of the room's older messages.
   *
   * @returns whether there was anything left to look through
   */
  scan(): Promise<boolean> {
    return this.#scan(false);
  }

  /** @param keeping the messages, for a window that grows to them */
  async #scan(keeping: boolean): Promise<boolean> {
    if (this.#outline.reachesStart) return false;
    const first = this.#outline.placeAt(0);
    const { messages, reachesStart } = await this.#db.read(['messages'], (tx) =>
      readBefore(tx, this.room, first, SLICE),
    );
    this.#prepend(messages, reachesStart);
    if (keeping) for (const each of messages) this.#read.set(each.place, each);
    await this.#judge();
    return true;
  }

  /** Counts the rows that are not in the outline yet, so that their room on screen can be kept. */
  async countOlder(): Promise<void> {
    if (this.#outline.reachesStart) return;
    const all = await this.#db.read(['messages'], (tx) =>
      tx.objectStore('messages').count(IDBKeyRange.bound([this.room], [this.room, []])),
    );
    this.#older = Math.max(0, all - this.#outline.length);
  }

  /** Looks through the room until a message is found that fits, from the newest back. Its index, if there is one. */
  async find(fits: (index: number) => boolean, stop?: (place: MessagePlace) => boolean) {
    let unseen = this.#outline.length;
    for (;;) {
      for (let i = unseen - 1; i >= 0; i--) {
        if (fits(i)) return i;
      }
      const first = this.#outline.placeAt(0);
      if (first !== undefined && stop?.(first)) return undefined;
      const known = this.#outline.length;
      if (!(await this.scan())) return undefined;
      unseen = this.#outline.length - known;
    }
  }

  /** The index of a message, after looking through the room as far as it takes. */
  async indexOf(id: MessageId): Promise<number | undefined> {
    for (;;) {
      const index = this.#outline.indexOfId(id);
      if (index !== undefined || !(await this.scan())) return index;
    }
  }

  /** The window becomes `before` shown messages before an index and `after` from it on; clipped at the ends of the room. */
  async showAround(index: number, before: number, after: number): Promise<void> {
    const fromEnd = this.#outline.length - index;
    await this.#cover(index, before);
    const at = this.#outline.shownBefore(Math.max(0, this.#outline.length - fromEnd));
    await this.#show(Math.max(0, at - before), Math.min(this.#outline.shown, at + after));
  }

  /** The window becomes the newest messages. */
  async showEnd(count: number): Promise<void> {
    await this.#cover(this.#outline.length, count);
    const { shown } = this.#outline;
    await this.#show(Math.max(0, shown - count), shown);
  }

  /** The window grows by so many older or newer messages, and loses what is over `most` at its other end. */
  async grow(towards: 'older' | 'newer', count: number, most: number): Promise<void> {
    if (towards === 'older') await this.#cover(this.#from, count);
    const from = this.#outline.shownBefore(this.#from);
    const to = this.#outline.shownBefore(this.#to);
    if (towards === 'older') {
      const start = Math.max(0, from - count);
      await this.#show(start, Math.min(to, start + most));
    } else {
      const end = Math.min(this.#outline.shown, to + count);
      await this.#show(Math.max(from, end - most), end);
    }
  }

  idAt(index: number): MessageId | undefined {
    const place = this.#outline.placeAt(index);
    return place === undefined ? undefined : idOfPlace(place);
  }

  /** Of whatever kind. */
  get newestId(): MessageId | undefined {
    return this.idAt(this.#outline.length - 1);
  }

  /** The window's messages. */
  get shownIds(): ReadonlySet<MessageId> {
    return new Set(this.#windowRows().map(({ message }) => messageId(message)));
  }

  /** When messages of the window came as news; of the others it is not known. */
  get firstSeen(): ReadonlyMap<MessageId, Millis> {
    return new Map(
      this.#windowRows().flatMap(({ message, firstSeen }) =>
        firstSeen === undefined ? [] : [[messageId(message), firstSeen]],
      ),
    );
  }

  /**
   * The room with the messages of the window, what they quote, and what was done to either: enough to draw them as the whole room would
   * be drawn. Never to be edited: an edit needs the whole.
   */
  get loaded(): LoadedRoom | undefined {
    const row = this.#row;
    if (!row) return undefined;
    const { own, fields, reader } = this.#parts;
    const rows = [...this.#read.values()];
    const acting = this.#outline.actionsOn(rows.map(({ message }) => messageId(message)));
    const messages = [...rows, ...acting].sort(byPlace);
    const state = { ...fields, recentMessages: messages.map(({ message }) => message) };
    return {
      room: this.room,
      rev: row.rev,
      status: row.status,
      own,
      state: state as unknown as RoomState,
      params: { owner: own.ownerVk },
      seqs: new Map(
        rows.flatMap(({ message, seq }) => (seq === undefined ? [] : [[messageId(message), seq]])),
      ),
      lastRead: row.lastRead === undefined ? own.lastReadMessageId : BigInt(row.lastRead),
      muted: new Set([...reader.muted].map(BigInt)),
    };
  }

  #forget(): Refreshed {
    this.#row = undefined;
    this.#outline = new RoomOutline();
    this.#read.clear();
    return { type: 'gone', wroteOwn: false };
  }

  /** Other than by reading along: the window stays where it was, as far as that is still there. */
  async #begin(
    newest: { readonly messages: readonly ReadMessage[]; readonly reachesStart: boolean },
    again: boolean,
  ): Promise<void> {
    const wasAtEnd = this.reachesEnd;
    const count = Math.max(
      SHOWN,
      this.#outline.shownBefore(this.#to) - this.#outline.shownBefore(this.#from),
    );
    const first = this.#outline.placeAt(this.#from);
    this.#outline = new RoomOutline();
    this.#read.clear();
    [this.#from, this.#to] = [0, 0];
    this.#prepend(newest.messages, newest.reachesStart);
    for (const each of newest.messages) this.#read.set(each.place, each);
    await this.#judge();
    if (!again || wasAtEnd || first === undefined) {
      await this.showEnd(count);
      return;
    }
    while ((this.#outline.placeAt(0) ?? '') > first) if (!(await this.scan())) break;
    await this.showAround(this.#outline.indexOf(first), 0, count);
  }

  async #merge(put: readonly ReadMessage[], gone: readonly Uint8Array[]): Promise<void> {
    this.rowsRead += put.length;
    const atEnd = this.reachesEnd;
    const from = this.#outline.placeAt(this.#from);
    const last = this.#outline.placeAt(this.#to - 1);
    const removed = gone.flatMap((order) => this.#outline.placesBetween(...placesOfOrder(order)));
    this.#outline.remove(removed);
    for (const place of removed) this.#read.delete(place);
    const added = this.#outline.insert(put, this.#parts.reader);
    for (const each of added) this.#read.set(each.place, each);
    await this.#judge();
    this.#from = from === undefined ? 0 : this.#outline.indexOf(from);
    const end = last === undefined ? this.#outline.length : this.#outline.indexOf(last) + 1;
    this.#to = atEnd ? this.#outline.length : Math.min(end, this.#outline.length);
    await this.#fill();
  }

  #prepend(messages: readonly ReadMessage[], reachesStart: boolean): void {
    this.rowsRead += messages.length;
    this.#outline.prepend(messages, this.#parts.reader);
    this.#from += messages.length;
    this.#to += messages.length;
    this.#older = Math.max(0, this.#older - messages.length);
    if (reachesStart) this.#outline.end();
  }

  /** Whose deletions count is known when both messages have been seen. */
  async #judge(): Promise<void> {
    const places = this.#outline.takeSuspects();
    if (places.length === 0) return;
    this.#outline.judge(await this.#rowsAt(places));
  }

  /** Looks through the room until so many shown messages before an index are known. */
  async #cover(index: number, count: number): Promise<void> {
    const fromEnd = this.#outline.length - index;
    while (this.#outline.shownBefore(this.#outline.length - fromEnd) < count) {
      if (!(await this.#scan(true))) return;
    }
  }

  async #show(fromShown: number, toShown: number): Promise<void> {
    this.#from = this.#outline.indexOfShown(fromShown);
    this.#to = toShown > fromShown ? this.#outline.indexOfShown(toShown - 1) + 1 : this.#from;
    await this.#fill();
  }

  /** Reads what the window lacks, with what it quotes, and forgets the rest. */
  async #fill(): Promise<void> {
    const wanted = this.#windowPlaces();
    const missing = wanted.filter((place) => !this.#read.has(place));
    for (const each of await this.#rowsAt(missing)) this.#read.set(each.place, each);
    const quoted = this.#quotedBy(wanted);
    const unread = quoted.filter((place) => !this.#read.has(place));
    for (const each of await this.#rowsAt(unread)) this.#read.set(each.place, each);
    const kept = new Set([...wanted, ...quoted]);
    for (const place of this.#read.keys()) if (!kept.has(place)) this.#read.delete(place);
  }

  #windowPlaces(): MessagePlace[] {
    const places: MessagePlace[] = [];
    for (let i = this.#from; i < this.#to; i++) {
      if (this.#outline.isShown(i)) places.push(this.#outline.placeAt(i) as MessagePlace);
    }
    return places;
  }

  #windowRows(): ReadMessage[] {
    return this.#windowPlaces().flatMap((place) => this.#read.get(place) ?? []);
  }

  #quotedBy(places: readonly MessagePlace[]): MessagePlace[] {
    const quoted = new Set<MessagePlace>();
    for (const place of places) {
      const each = this.#read.get(place);
      const content = each && readContent(each.message, this.#parts.reader.secrets);
      if (content?.type !== 'reply') continue;
      const index = this.#outline.indexOfId(content.targetMessageId);
      if (index !== undefined) quoted.add(this.#outline.placeAt(index) as MessagePlace);
    }
    return [...quoted];
  }

  /** Neighbours are read together. @param places in order */
  async #rowsAt(places: readonly MessagePlace[]): Promise<readonly ReadMessage[]> {
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return [];
    const span = this.#outline.indexOf(last) - this.#outline.indexOf(first);
    const rows = await this.#db.read(['messages'], async (tx) =>
      span < 2 * places.length
        ? readBetween(tx, this.room, first, last)
        : (
            await Promise.all(places.map((place) => readBetween(tx, this.room, place, place)))
          ).flat(),
    );
    this.rowsRead += rows.length;
    const wanted = new Set(places);
    return rows.filter(({ place }) => wanted.has(place));
  }
}
