import type { RoomKey } from '../../shared/brand.ts';
import { utf8 } from '../../shared/bytes.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type {
  Conversation,
  ConversationHandle,
  EditError,
  Edited,
  LeftRoom,
  MessageItem,
  MigrationStatus,
  RoomListItem,
  RoomSync,
  RoomsPhase,
  SyncStatus,
  WeirApi,
} from '../state/api.ts';
import type { RoomSearches } from '../state/live-room-search.ts';
import { FakeDms } from './fake-dms.ts';
import { FakeList, FakeNotifications } from './fake-list.ts';
import { FakeMembers } from './fake-members.ts';
import { FakeNode } from './fake-node.ts';
import { FakePeople } from './fake-people.ts';
import { FakeSearch } from './fake-search.ts';
import { message } from './sample-message.ts';

/**
 * A WeirApi in memory for component tests and the gallery: it accepts edits under the room's limits, keeps them "stored here"
 * until told that the node has them, and can be told to refuse the next one.
 */
export class FakeWeir implements WeirApi {
  readonly phase = new LiveValue<RoomsPhase>();
  readonly list = new LiveValue<readonly RoomListItem[]>();
  readonly left = new LiveValue<readonly LeftRoom[]>();
  readonly status = new LiveValue<SyncStatus>();
  readonly #rooms = new Map<RoomKey, LiveValue<Conversation>>();
  readonly openRooms: RoomKey[] = [];
  retries = 0;
  #refusal: EditError | undefined;
  #held: Promise<void> | undefined;
  #seq = 0;

  readonly migration = new LiveValue<MigrationStatus>();
  readonly searches = new LiveValue<RoomSearches>();
  searchedAgain = 0;

  readonly sync = {
    status: this.status,
    migration: this.migration,
    searches: this.searches,
    retry: (): void => void (this.retries += 1),
    searchAgain: async (): Promise<void> => void (this.searchedAgain += 1),
  };

  readonly node = new FakeNode();

  readonly preferences = new FakeList(this.list);

  readonly notifications = new FakeNotifications();

  readonly dms = new FakeDms();

  readonly search = new FakeSearch();

  readonly members = new FakeMembers((room, change) => this.#edit(room, '', change));

  readonly people = new FakePeople({
    edit: (room, change) => this.#edit(room, '', change),
    add: (conversation) => this.add(conversation),
    drop: (room) => this.list.set((this.list.current ?? []).filter((item) => item.room !== room)),
    has: (room) => (this.list.current ?? []).some((item) => item.room === room),
  });

  readonly rooms = {
    phase: this.phase,
    list: this.list,
    left: this.left,
    open: (room: RoomKey): ConversationHandle => this.#open(room),
    sendMessage: (room: RoomKey, text: string, replyTo?: string): Edited =>
      this.#edit(room, text, (held) => ({
        ...held,
        messages: [...held.messages, this.#ownMessage(text, held, replyTo)],
      })),
    editMessage: (room: RoomKey, id: string, text: string): Edited =>
      this.#edit(room, text, (held) => this.#changed(held, id, { text, edited: true })),
    deleteMessage: (room: RoomKey, id: string): Edited =>
      this.#edit(room, '', (held) => ({
        ...held,
        messages: held.messages.filter((item) => item.id !== id),
      })),
    react: (room: RoomKey, id: string, emoji: string): Edited =>
      this.#edit(room, '', (held) => {
        const had = held.messages.find((item) => item.id === id)?.reactions ?? [];
        return this.#changed(held, id, { reactions: toggled(had, emoji) });
      }),
    retryRefused: (room: RoomKey, id: string): Edited =>
      this.#edit(room, '', (held) => ({
        ...held,
        messages: held.messages.map(({ refused, ...item }) =>
          item.id === id || !refused ? item : { ...item, refused },
        ),
      })),
    discardRefused: (room: RoomKey, id: string) => this.#discard(room, id),
    restoreRefused: (room: RoomKey, id: string) => this.#restore(room, id),
    textLimit: async (room: RoomKey): Promise<number | undefined> =>
      this.#live(room).current?.maxTextBytes,
    rename: (room: RoomKey, name: string): Edited =>
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

  /** A room that was not there. */
  add(conversation: Conversation): void {
    this.#live(conversation.room).set(conversation);
    this.list.set([...(this.list.current ?? []), listItem(conversation)]);
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

  async #edit(room: RoomKey, text: string, change: (held: Conversation) => Conversation): Edited {
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

  readonly #discarded = new Map<string, MessageItem>();

  async #discard(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    const held = this.get(room);
    const item = held.messages.find((each) => each.id === id);
    if (item) this.#discarded.set(id, item);
    this.put({ ...held, messages: held.messages.filter((each) => each !== item) });
    return ok(undefined);
  }

  async #restore(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    const item = this.#discarded.get(id);
    if (item) this.arrive(room, item);
    return ok(undefined);
  }

  #open(room: RoomKey): ConversationHandle {
    this.openRooms.push(room);
    return {
      live: this.#live(room),
      close: () => void this.openRooms.splice(this.openRooms.indexOf(room), 1),
      show: async () => {}, // all messages are here
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

  #ownMessage(text: string, held: Conversation, replyTo?: string): MessageItem {
    const quoted = held.messages.find((item) => item.id === replyTo);
    return message(`own-${++this.#seq}`, 'me', 'Me', Date.now(), text, {
      mine: true,
      delivery: 'stored-here',
      ...(quoted && {
        kind: 'reply',
        replyTo: { id: quoted.id, author: quoted.author, text: quoted.text },
      }),
    });
  }

  #changed(held: Conversation, id: string, change: Partial<MessageItem>): Conversation {
    const messages = held.messages.map((item) => (item.id === id ? { ...item, ...change } : item));
    return { ...held, messages };
  }
}

type Reactions = MessageItem['reactions'];

/** One reaction per person: another takes the place of the first, the same one again is taken back. */
function toggled(reactions: Reactions, emoji: string): Reactions {
  const had = reactions.some((each) => each.emoji === emoji && each.mine);
  const others = reactions
    .map((each) => ({ ...each, mine: false, by: each.by.filter((name) => name !== 'Me') }))
    .filter((each) => each.by.length > 0);
  if (had) return others;
  const there = others.find((each) => each.emoji === emoji);
  if (!there) return [...others, { emoji, by: ['Me'], mine: true }];
  return others.map((each) =>
    each === there ? { ...each, mine: true, by: [...each.by, 'Me'] } : each,
  );
}

function listItem(conversation: Conversation, unread = 0): RoomListItem {
  const last = conversation.messages.findLast((item) => item.kind !== 'event');
  return {
    room: conversation.room,
    name: conversation.name,
    isPrivate: conversation.isPrivate,
    unread,
    mode: 'All',
    ...(conversation.isAwaiting && { isAwaiting: true }),
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
