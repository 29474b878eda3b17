import type { Broadcast } from '../../bridge/messages.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import {
  NO_PREFERENCES,
  preferencesIn,
  type ListPreferences,
} from '../../persist/list-preferences.ts';
import type { RoomListing, RoomRow } from '../../persist/schema.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { unreachable, type Result } from '../../shared/result.ts';
import type {
  ConversationHandle,
  EditError,
  Edited,
  LeftRoom,
  RoomListItem,
  RoomsApi,
  RoomsPhase,
  Writing,
} from './api.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { LiveConversation } from './live-conversation.ts';
import { markerOfRoom, roomSync, type SyncFacts } from './live-sync.ts';
import type { RoomCore } from './room-core.ts';
import { openLater } from './live-handle.ts';
import { Rereader } from './rereader.ts';
import { inOrder } from './room-order.ts';
import type { SyncController } from './sync-controller.ts';
import { text } from './text.ts';

export interface LiveRoomsDeps {
  readonly db: WeirDatabase;
  readonly sync: SyncController;
  /** Called when a message has been written. */
  readonly sent?: () => void;
  /** Fetches what reads and changes the inside of rooms; called once. */
  readonly loadCore: () => Promise<RoomCore>;
}

/** The rooms as the screens see them: the list straight from its rows, conversations and edits through the core. */
export class LiveRooms implements RoomsApi {
  readonly phase = new LiveValue<RoomsPhase>();
  readonly list = new LiveValue<readonly RoomListItem[]>();
  readonly left = new LiveValue<readonly LeftRoom[]>();
  readonly #deps: LiveRoomsDeps;
  readonly #open = new Set<LiveConversation>();
  #core: Promise<RoomCore> | undefined;
  #rows: readonly RoomRow[] = [];
  #preferences: ListPreferences = NO_PREFERENCES;
  readonly #reader = new Rereader(() => this.#read());
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
    let opened: LiveConversation | undefined;
    const handle = openLater(this.core(), (core) => {
      const conversation = core.open(room);
      opened = conversation;
      this.#open.add(conversation);
      return {
        live: conversation.live,
        close: () => {
          conversation.close();
          this.#open.delete(conversation);
        },
      };
    });
    return { ...handle, show: async (wish) => opened?.show(wish) };
  }

  async sendMessage(room: RoomKey, text: string, replyTo?: string): Edited {
    const sent = await (await this.core()).sendMessage(room, text, replyTo);
    if (sent.ok) this.#deps.sent?.();
    return sent;
  }

  async editMessage(room: RoomKey, id: string, text: string): Edited {
    return this.#shown(room, (await this.core()).editMessage(room, id, text));
  }

  async deleteMessage(room: RoomKey, id: string): Edited {
    return this.#shown(room, (await this.core()).deleteMessage(room, id));
  }

  async react(room: RoomKey, id: string, emoji: string): Edited {
    return (await this.core()).react(room, id, emoji);
  }

  async retryRefused(room: RoomKey, id: string): Edited {
    return (await this.core()).retryRefused(room, id);
  }

  async discardRefused(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    return (await this.core()).refused.discard(room, id);
  }

  async restoreRefused(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    return (await this.core()).refused.restore(room, id);
  }

  async rename(room: RoomKey, name: string): Edited {
    return (await this.core()).changeRoom(room, { name });
  }

  async textLimit(room: RoomKey, writing: Writing): Promise<number | undefined> {
    return (await this.core()).textLimit(room, writing);
  }

  /** The edit's outcome, once the room on screen has it: who then edits the last message edits what is still there. */
  async #shown(room: RoomKey, edited: Edited): Edited {
    const result = await edited;
    const open = [...this.#open].filter((conversation) => conversation.room === room);
    // that a screen can't be read again is not the edit's failure
    if (result.ok) await Promise.allSettled(open.map((conversation) => conversation.refresh()));
    return result;
  }

  /** The core, fetched when it is first asked for. A failed fetch is tried again by the next caller. */
  core(): Promise<RoomCore> {
    this.#core ??= this.#deps.loadCore().catch((error: unknown) => {
      this.#core = undefined;
      throw error;
    });
    return this.#core;
  }

  /** Reads the list again; calls while a read is under way share the next one. */
  refresh(): Promise<void> {
    return this.#reader.refresh();
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

  async #read(): Promise<void> {
    const read = await this.#deps.db.read(['rooms', 'list_preferences'], async (tx) => ({
      rows: await tx.objectStore('rooms').getAll(),
      preferences: await preferencesIn(tx),
    }));
    this.#rows = read.rows;
    this.#preferences = read.preferences;
    this.#show(this.#deps.sync.facts.current);
  }

  #show(facts: SyncFacts | undefined): void {
    const present = this.#rows.filter((row) => row.status === 'present');
    this.phase.set(this.#phaseOf(present.length));
    this.left.set(leftOf(this.#rows));
    const { order, modes } = this.#preferences;
    const items = facts && present.map((row) => itemOf(row, facts, modes[row.room] ?? 'All'));
    if (items) this.list.set(inOrder(items, order));
  }

  /** "No rooms" is only said when the node has been asked; rooms that are stored here are shown at once. */
  #phaseOf(stored: number): RoomsPhase {
    if (stored > 0) return { type: 'ready' };
    if (!this.#loaded) return { type: 'loading' };
    const { error } = this.#loaded;
    return error === undefined ? { type: 'ready' } : { type: 'failed', reason: error };
  }
}

const leftOf = (rows: readonly RoomRow[]): readonly LeftRoom[] =>
  rows
    .filter((row) => row.status === 'left')
    .map(({ room, listing }) => ({
      room,
      name: listing.isAwaiting ? text.people.awaitingName : listing.name,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));

function itemOf(
  { room, listing }: RoomRow,
  { markers, lane }: SyncFacts,
  mode: NotificationMode,
): RoomListItem {
  const name = listing.isAwaiting ? text.people.awaitingName : listing.name;
  const { isPrivate, isAwaiting, lastMessage } = listing;
  return {
    room,
    name,
    isPrivate,
    unread: unreadIn(listing, mode),
    mode,
    ...(isAwaiting && { isAwaiting }),
    ...(lastMessage && { lastMessage: { ...lastMessage, author: shownName(lastMessage.author) } }),
    sync: roomSync(markerOfRoom(markers, room), lane),
  };
}

/** What counts, in this mode. Rows of an older version don't tell what is meant for the person: there all of it may be. */
function unreadIn({ unread, unreadForMe }: RoomListing, mode: NotificationMode): number {
  switch (mode) {
    case 'All':
      return unread;
    case 'MentionsAndReplies':
      return Math.min(unread, unreadForMe ?? unread);
    case 'Muted':
      return 0;
    default:
      return unreachable(mode);
  }
}
