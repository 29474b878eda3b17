import type { Millis, RoomKey } from '../../shared/brand.ts';
import { utf8 } from '../../shared/bytes.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type {
  Conversation,
  ConversationHandle,
  EditError,
  EditToken,
  MessageItem,
  RoomListItem,
  RoomsPhase,
  RoomSync,
  SyncStatus,
  WeirApi,
} from '../state/api.ts';

/**
 * A WeirApi in memory for component tests and the gallery: it accepts edits under the room's limits, keeps them "stored here"
 * until told that the node has them, and can be told to refuse the next one.
 */
export class FakeWeir implements WeirApi {
  readonly phase = new LiveValue<RoomsPhase>();
  readonly list = new LiveValue<readonly RoomListItem[]>();
  readonly status = new LiveValue<SyncStatus>();
  readonly #rooms = new Map<RoomKey, LiveValue<Conversation>>();
  readonly openRooms: RoomKey[] = [];
  retries = 0;
  #refusal: EditError | undefined;
  #held: Promise<void> | undefined;
  #seq = 0;

  readonly sync = { status: this.status, retry: (): void => void (this.retries += 1) };

  readonly rooms = {
    phase: this.phase,
    list: this.list,
    open: (room: RoomKey): ConversationHandle => this.#open(room),
    sendMessage: (room: RoomKey, text: string): Promise<Result<EditToken, EditError>> =>
      this.#edit(room, text, (held) => ({
        ...held,
        messages: [...held.messages, this.#ownMessage(text)],
      })),
    rename: (room: RoomKey, name: string): Promise<Result<EditToken, EditError>> =>
      this.#edit(room, name, (held) => ({ ...held, name })),
  };

  /** Everything is loaded: these rooms, newest state on the node. */
  ready(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.put(conversation);
    this.list.set(conversations.map((conversation) => listItem(conversation)));
    this.phase.set({ type: 'ready' });
    this.status.set({ type: 'all-on-node', pendingRooms: 0, pageDrains: false });
  }

  /** A new state of one room, as after a merge. */
  put(conversation: Conversation): void {
    const live = this.#live(conversation.room);
    live.set(conversation);
    this.list.set(
      (this.list.current ?? []).map((item) =>
        item.room === conversation.room ? listItem(conversation, item.unread) : item,
      ),
    );
  }

  get(room: RoomKey): Conversation {
    const held = this.#live(room).current;
    if (!held) throw new Error(`no such room: ${room}`);
    return held;
  }

  arrive(room: RoomKey, ...items: readonly MessageItem[]): void {
    const held = this.get(room);
    this.put({ ...held, messages: [...held.messages, ...items] });
  }

  setUnread(room: RoomKey, unread: number): void {
    this.list.set(
      (this.list.current ?? []).map((item) => (item.room === room ? { ...item, unread } : item)),
    );
  }

  refuseNext(error: EditError): void {
    this.#refusal = error;
  }

  /** Edits wait, as for a slow disk, until the returned function is called. */
  holdEdits(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => (release = resolve));
    return () => {
      this.#held = undefined;
      release();
    };
  }

  /** The node has everything of a room. */
  settle(room: RoomKey): void {
    const held = this.get(room);
    const messages = held.messages.map((item) =>
      item.mine ? { ...item, delivery: 'on-node' as const } : item,
    );
    this.put({ ...held, messages, sync: { type: 'on-node' } });
  }

  async #edit(
    room: RoomKey,
    text: string,
    change: (held: Conversation) => Conversation,
  ): Promise<Result<EditToken, EditError>> {
    await this.#held;
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal) return err(refusal);
    const held = this.#live(room).current;
    if (!held) return err({ type: 'UnknownRoom', room });
    const bytes = utf8(text).length;
    if (bytes > held.maxTextBytes) {
      return err({ type: 'TooLong', maxBytes: held.maxTextBytes, bytes });
    }
    const sync: RoomSync = { type: 'stored-here', since: Date.now() };
    this.put({ ...change(held), sync });
    return ok({ path: 'rooms', key: room, seq: ++this.#seq });
  }

  #open(room: RoomKey): ConversationHandle {
    this.openRooms.push(room);
    return {
      live: this.#live(room),
      close: () => void this.openRooms.splice(this.openRooms.indexOf(room), 1),
    };
  }

  #live(room: RoomKey): LiveValue<Conversation> {
    let live = this.#rooms.get(room);
    if (!live) {
      live = new LiveValue();
      this.#rooms.set(room, live);
    }
    return live;
  }

  #ownMessage(text: string): MessageItem {
    return message(`own-${++this.#seq}`, 'me', 'Me', Date.now(), text, {
      mine: true,
      delivery: 'stored-here',
    });
  }
}

/** A plain text message; `more` changes whatever a test is about. */
export function message(
  id: string,
  authorId: string,
  author: string,
  at: Millis,
  text: string,
  more: Partial<MessageItem> = {},
): MessageItem {
  return {
    id,
    kind: 'text',
    authorId,
    author,
    mine: false,
    at,
    text,
    edited: false,
    reactions: [],
    ...more,
  };
}

function listItem(conversation: Conversation, unread = 0): RoomListItem {
  const last = conversation.messages.findLast((item) => item.kind !== 'event');
  return {
    room: conversation.room,
    name: conversation.name,
    isPrivate: conversation.isPrivate,
    unread,
    ...(last && {
      lastMessage: {
        author: last.author,
        preview: last.text.replaceAll('\n', ' ').slice(0, 120),
        at: last.at,
      },
    }),
    sync: conversation.sync,
  };
}
