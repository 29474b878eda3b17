import type { WeirDatabase } from '../../persist/database.ts';
import type { DecodedParts } from '../../persist/decoded-parts.ts';
import { markSeen } from '../../persist/mark-read.ts';
import { mutedIn } from '../../persist/member-notes.ts';
import { digitsOfPlace, idDigits, secondsOfPlace } from '../../persist/message-rows.ts';
import { outboundOfRoom } from '../../persist/outbound-store.ts';
import { refusedOfRoom } from '../../persist/refused-messages.ts';
import { RoomHistory } from '../../persist/room-history.ts';
import { delegateKeyOfRoom } from '../../persist/room-keys.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { MessageId } from '../../river/ids.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { unreachable } from '../../shared/result.ts';
import type { Conversation, ConversationHandle, HistoryWish, MessageItem } from './api.ts';
import { conversationOf, type ConversationContext } from './conversation-of.ts';
import { whenIdle } from './idle.ts';
import { markerOfRoom, roomSync } from './live-sync.ts';
import type { ReadingPlace, ReadingPlaces } from './reading-places.ts';
import { readOnScreen, type OnScreen } from './rereader.ts';
import { sameItems } from './same-item.ts';
import type { SyncController } from './sync-controller.ts';

export interface LiveConversationDeps {
  readonly db: WeirDatabase;
  readonly sync: SyncController;
  readonly memo: SignatureMemo;
  readonly places: ReadingPlaces;
  readonly decoded: DecodedParts;
}

type Coverage = Pick<
  ConversationContext,
  'onNode' | 'inRoom' | 'threads' | 'muted' | 'refused' | 'refusal'
>;

/** Messages of a window that is opened, before and after what it is opened at. */
const BEFORE = 10;
const AFTER = 20;
/** Messages that a window grows by, and has at most. */
const PAGE = 24;
const MOST = 96;

/**
 * One open room on screen: a window of its messages, which moves as the reader does. Read again when the room or its receipts
 * change, and marked read while it can be seen. The rest of the room is looked through when there is nothing else to do.
 */
export class LiveConversation implements ConversationHandle {
  readonly room: RoomKey;
  readonly live = new LiveValue<Conversation>();
  readonly #deps: LiveConversationDeps;
  readonly #onScreen: OnScreen;
  readonly #history: RoomHistory;
  /** One thing after another touches the history. */
  #turn: Promise<unknown> = Promise.resolve();
  #coverage: Coverage | undefined;
  /** Where reading began: the divider stays there until the room is left. Undefined: not opened yet. */
  #opened:
    | {
        readonly firstUnread: MessageId | undefined;
        readonly unread: number;
        readonly at: ReadingPlace | undefined;
      }
    | undefined;
  #withMembers = false;
  #items: readonly MessageItem[] = [];
  #closed = false;

  constructor(room: RoomKey, deps: LiveConversationDeps) {
    this.room = room;
    this.#deps = deps;
    this.#history = new RoomHistory(deps.db, room, deps.decoded);
    this.#onScreen = readOnScreen(deps.sync.facts, () => this.#inTurn(() => this.#read()));
  }

  close(): void {
    this.#closed = true;
    this.#onScreen.close();
  }

  refresh(): Promise<void> {
    return this.#onScreen.refresh();
  }

  show(wish: HistoryWish): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#opened) return;
      await this.#move(wish);
      this.#publish();
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #read(): Promise<void> {
    this.#coverage = await this.#readCoverage();
    this.#history.mute(this.#coverage.muted);
    const { type, wroteOwn } = await this.#history.refresh();
    if (type === 'gone' || !this.#deps.sync.facts.current) return;
    if (!this.#opened) await this.#open();
    else if (wroteOwn && !this.#history.reachesEnd) await this.#history.showEnd(PAGE);
    this.#publish();
    if (document.visibilityState === 'visible') await this.#markRead();
  }

  /** At the first unread message, else where the person was reading, else at the end. */
  async #open(): Promise<void> {
    const unread = this.#history.row?.listing.unread ?? 0;
    const firstUnread = unread > 0 ? await this.#firstUnread(unread) : undefined;
    const at = firstUnread === undefined ? this.#deps.places.of(this.room) : undefined;
    const index = firstUnread ?? (at && (await this.#indexOfPlace(at)));
    const id = firstUnread === undefined ? undefined : this.#history.idAt(firstUnread);
    if (index !== undefined) await this.#history.showAround(index, BEFORE, AFTER);
    this.#opened = { firstUnread: id, unread, at: index === undefined ? undefined : at };
    void this.#lookThrough();
  }

  async #firstUnread(unread: number): Promise<number | undefined> {
    const { outline, loaded } = this.#history;
    const last = loaded?.lastRead ?? null;
    const lastDigits = last === null ? undefined : idDigits(last);
    let found: number | undefined;
    let left = unread;
    await this.#history.find((index) => {
      if (digitsOfPlace(outline.placeAt(index) ?? '') === lastDigits) return true;
      if (!outline.counts(index)) return false;
      found = outline.length - index; // from the end: what is read meanwhile comes before it
      left -= 1;
      return left === 0;
    });
    return found === undefined ? undefined : outline.length - found;
  }

  #indexOfPlace({ id, at }: ReadingPlace): Promise<number | undefined> {
    const { outline } = this.#history;
    const digits = idDigits(BigInt(id));
    return this.#history.find(
      (index) => digitsOfPlace(outline.placeAt(index) ?? '') === digits,
      (place) => secondsOfPlace(place) * 1000 < at - 1000,
    );
  }

  /** What lies outside the window, in small steps: then places are exact, and every message is a step away. */
  async #lookThrough(): Promise<void> {
    await whenIdle();
    await this.#inTurn(async () => {
      this.#withMembers = true;
      await this.#history.countOlder();
      this.#publish();
    });
    let more = true;
    while (more && !this.#closed) {
      await whenIdle();
      more = await this.#inTurn(() => this.#history.scan());
    }
    await this.#inTurn(async () => this.#publish());
  }

  async #move(wish: HistoryWish): Promise<void> {
    const history = this.#history;
    switch (wish.type) {
      case 'older':
      case 'newer':
        return history.grow(wish.type, PAGE, MOST);
      case 'end':
        return history.showEnd(PAGE);
      case 'start':
        await history.find(() => false);
        return history.showAround(0, 0, PAGE);
      case 'message': {
        const index = await history.indexOf(BigInt(wish.id));
        return index === undefined ? undefined : history.showAround(index, BEFORE, AFTER);
      }
      case 'at':
        await history.find(() => false);
        return history.showAround(history.outline.indexOfShown(wish.position), BEFORE, AFTER);
      default:
        return unreachable(wish);
    }
  }

  /** Up to which change of the room the delegate and the contract have it, and who is muted. */
  async #readCoverage(): Promise<Coverage> {
    const stores = [
      'base',
      'outbound_dms',
      'dm_threads',
      'member_notes',
      'refused_messages',
      'dirty',
    ] as const;
    return this.#deps.db.read(stores, async (tx) => {
      const base = tx.objectStore('base');
      const [onNode, inRoom, { threads }, muted, refused, marker] = await Promise.all([
        base.get(['rooms', delegateKeyOfRoom(this.room)]),
        base.get(['contracts', this.room]),
        outboundOfRoom(tx, this.room),
        mutedIn(tx, this.room),
        refusedOfRoom(tx, this.room),
        tx.objectStore('dirty').get(['contracts', this.room]),
      ]);
      return {
        onNode: onNode?.coverage ?? 0,
        inRoom: inRoom?.coverage ?? 0,
        threads,
        muted,
        refused,
        refusal: marker?.failure?.code === 'room-refused' ? marker.failure.sentence : undefined,
      };
    });
  }

  #publish(): void {
    const { loaded, shownIds, firstSeen, around } = this.#history;
    const facts = this.#deps.sync.facts.current;
    if (!loaded || !facts || !this.#coverage || !this.#opened || this.#closed) return;
    const conversation = conversationOf(loaded, {
      ...this.#coverage,
      memo: this.#deps.memo,
      sync: roomSync(markerOfRoom(facts.markers, this.room), facts.lane),
      shown: shownIds,
      firstSeen,
      around,
      firstUnread: this.#opened.firstUnread,
      unread: this.#opened.unread,
      withMembers: this.#withMembers,
    });
    this.#items = sameItems(this.#items, conversation.messages);
    const { at } = this.#opened;
    this.live.set({ ...conversation, messages: this.#items, ...(at && { opensAt: at }) });
  }

  /** Nothing when the room has moved on since: then it is read again, and this comes again. */
  async #markRead(): Promise<void> {
    const { row, newestId } = this.#history;
    if (!row || newestId === undefined || row.listing.unread === 0) return;
    await markSeen(this.#deps.db, this.room, row.rev, newestId);
    this.#deps.sync.tell({ type: 'rooms-changed', rooms: [this.room] });
  }
}
