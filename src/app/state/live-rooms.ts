import type { Broadcast } from '../../bridge/messages.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import type { EditQueue } from '../../persist/edit-queue.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import type { RoomRow } from '../../persist/schema.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { Result } from '../../shared/result.ts';
import type {
  ConversationHandle,
  EditError,
  EditToken,
  RoomListItem,
  RoomsApi,
  RoomsPhase,
} from './api.ts';
import { LiveConversation } from './live-conversation.ts';
import { markerOfRoom, roomSync, type SyncFacts } from './live-sync.ts';
import { composeMessage, composeName, editError } from './room-edits.ts';
import type { SyncController } from './sync-controller.ts';

export interface LiveRoomsDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly edits: EditQueue;
  readonly sync: SyncController;
}

/** The rooms as the screens see them: read from the database, read again when it changes, edited through the queue. */
export class LiveRooms implements RoomsApi {
  readonly phase = new LiveValue<RoomsPhase>();
  readonly list = new LiveValue<readonly RoomListItem[]>();
  readonly #deps: LiveRoomsDeps;
  readonly #open = new Set<LiveConversation>();
  #rows: readonly RoomRow[] = [];
  #reading: Promise<void> | undefined;
  #stale = false;
  /** How the last load from the node ended; undefined while none has. */
  #loaded: { readonly error?: string } | undefined;

  constructor(deps: LiveRoomsDeps) {
    this.#deps = deps;
    this.phase.set({ type: 'loading' });
    deps.sync.listen((message) => this.#receive(message));
    deps.sync.facts.subscribe((facts) => this.#show(facts));
    void this.refresh();
  }

  open(room: RoomKey): ConversationHandle {
    const conversation = new LiveConversation(room, this.#deps);
    this.#open.add(conversation);
    return {
      live: conversation.live,
      close: () => {
        conversation.close();
        this.#open.delete(conversation);
      },
    };
  }

  async sendMessage(room: RoomKey, text: string): Promise<Result<EditToken, EditError>> {
    return this.#edited(await this.#deps.edits.submit(room, composeMessage(text)));
  }

  async rename(room: RoomKey, name: string): Promise<Result<EditToken, EditError>> {
    return this.#edited(await this.#deps.edits.submit(room, composeName(name)));
  }

  /** Reads the list again; calls while a read is under way share the next one. */
  async refresh(): Promise<void> {
    this.#stale = true;
    this.#reading ??= this.#readWhileStale().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  #edited(
    result: Awaited<ReturnType<EditQueue['submit']>>,
  ): Result<EditToken, EditError> {
    if (!result.ok) return { ok: false, error: editError(result.error) };
    this.#deps.sync.edited();
    return result as Result<EditToken, EditError>;
  }

  #receive(message: Broadcast): void {
    if (message.type === 'loaded') {
      this.#loaded = message.error === undefined ? {} : { error: message.error };
      void this.refresh();
    } else if (message.type === 'rooms-changed') {
      void this.refresh();
      for (const conversation of this.#open) {
        if (message.rooms.includes(conversation.room)) void conversation.refresh();
      }
    }
  }

  async #readWhileStale(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      this.#rows = await this.#deps.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
      this.#show(this.#deps.sync.facts.current);
    }
  }

  #show(facts: SyncFacts | undefined): void {
    const present = this.#rows.filter((row) => row.status === 'present');
    this.phase.set(this.#phaseOf(present.length));
    if (facts) this.list.set(present.map((row) => itemOf(row, facts)).sort(byActivity));
  }

  /** "No rooms" is only said when the node has been asked; rooms that are stored here are shown at once. */
  #phaseOf(stored: number): RoomsPhase {
    if (stored > 0) return { type: 'ready' };
    if (!this.#loaded) return { type: 'loading' };
    const { error } = this.#loaded;
    return error === undefined ? { type: 'ready' } : { type: 'failed', reason: error };
  }
}

function itemOf({ room, listing }: RoomRow, { markers, lane }: SyncFacts): RoomListItem {
  return { room, ...listing, sync: roomSync(markerOfRoom(markers, room), lane) };
}

/** The room with the newest message first; rooms without any keep the order of their keys. */
const byActivity = (a: RoomListItem, b: RoomListItem): number =>
  (b.lastMessage?.at ?? 0) - (a.lastMessage?.at ?? 0) || (a.room < b.room ? -1 : 1);
