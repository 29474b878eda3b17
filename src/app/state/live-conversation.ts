import type { WeirDatabase } from '../../persist/database.ts';
import { listingOf, viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { outboundOfRoom } from '../../persist/outbound-store.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import { delegateKeyOfRoom } from '../../persist/room-keys.ts';
import { markRead } from '../../persist/room-store.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { messageId, type MessageId } from '../../river/ids.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { Conversation } from './api.ts';
import { conversationOf, type ConversationContext } from './conversation-of.ts';
import { markerOfRoom, roomSync, type SyncFacts } from './live-sync.ts';
import { mutedIn } from './member-notes.ts';
import { readOnScreen, type OnScreen } from './rereader.ts';
import type { SyncController } from './sync-controller.ts';

export interface LiveConversationDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly sync: SyncController;
  readonly memo: SignatureMemo;
}

type Coverage = Pick<ConversationContext, 'coverage' | 'inRoom' | 'threads' | 'muted'>;

/** One open room on screen: read again when the room or its receipts change, and marked read while it can be seen. */
export class LiveConversation {
  readonly room: RoomKey;
  readonly live = new LiveValue<Conversation>();
  readonly #deps: LiveConversationDeps;
  readonly #onScreen: OnScreen;
  /** Where reading began: the divider stays there until the room is left. */
  #readFrom: MessageId | null | undefined;

  constructor(room: RoomKey, deps: LiveConversationDeps) {
    this.room = room;
    this.#deps = deps;
    this.#onScreen = readOnScreen(deps.sync.facts, () => this.#read());
  }

  close(): void {
    this.#onScreen.close();
  }

  refresh(): Promise<void> {
    return this.#onScreen.refresh();
  }

  async #read(): Promise<void> {
    const coverage = await this.#coverage();
    const loaded = await this.#deps.cache.stored(this.room);
    const facts = this.#deps.sync.facts.current;
    if (!loaded.ok || !loaded.value || !facts) return;
    if (this.#readFrom === undefined) this.#readFrom = loaded.value.lastRead;
    this.#show(loaded.value, facts, coverage);
    if (document.visibilityState === 'visible') await this.#markRead(loaded.value);
  }

  /** Up to which change of the room the delegate and the contract have it. */
  async #coverage(): Promise<Coverage> {
    const stores = ['base', 'outbound_dms', 'dm_threads', 'member_notes'] as const;
    return this.#deps.db.read(stores, async (tx) => {
      const base = tx.objectStore('base');
      const onNode = await base.get(['rooms', delegateKeyOfRoom(this.room)]);
      const inRoom = await base.get(['contracts', this.room]);
      const { threads } = await outboundOfRoom(tx, this.room);
      const muted = await mutedIn(tx, this.room);
      return { coverage: onNode?.coverage ?? 0, inRoom: inRoom?.coverage ?? 0, threads, muted };
    });
  }

  #show(loaded: LoadedRoom, facts: SyncFacts, coverage: Coverage): void {
    this.live.set(
      conversationOf(loaded, {
        ...coverage,
        readFrom: this.#readFrom ?? null,
        memo: this.#deps.memo,
        sync: roomSync(markerOfRoom(facts.markers, this.room), facts.lane),
      }),
    );
  }

  async #markRead(loaded: LoadedRoom): Promise<void> {
    const newest = loaded.state.recentMessages.at(-1);
    if (!newest || viewOf(loaded).unread.length === 0) return;
    const lastRead = messageId(newest);
    loaded.lastRead = lastRead;
    const listing = listingOf(loaded);
    await this.#deps.db.write(['rooms'], 'relaxed', (tx) =>
      markRead(tx, this.room, String(lastRead), listing),
    );
    this.#deps.sync.tell({ type: 'rooms-changed', rooms: [this.room] });
  }
}
