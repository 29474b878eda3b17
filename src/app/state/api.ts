import type { RoomSearches } from './live-room-search.ts';
import type { LiveQuery } from '../../shared/live-query.ts';
import type { LiveHandle } from './live-handle.ts';
import type { Result } from '../../shared/result.ts';
import type { DmsApi, InvitationCard } from './dm-api.ts';
import type { Mentioned } from '../markdown/mention-chip.ts';
import type { MembersApi, Resemblance } from './members-api.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { ListApi } from './list-api.ts';
import type { NodeApi } from './node-api.ts';
import type { NotificationsApi } from './notifications-api.ts';
import type { ReadingPlace } from './reading-places.ts';
import type { SearchApi } from './search-api.ts';
import type { MemberItem, PeopleApi, RoomDetails } from './people-api.ts';
import type { Millis, RoomKey } from '../../shared/brand.ts';

/**
 * What the screens need from the rest of Weir: they render these live queries and call these actions, and nothing else.
 * The composition root provides the real one; component tests provide one in memory.
 */
export interface WeirApi {
  readonly rooms: RoomsApi;
  readonly people: PeopleApi;
  readonly members: MembersApi;
  readonly dms: DmsApi;
  readonly sync: SyncApi;
  readonly node: NodeApi;
  readonly preferences: ListApi;
  readonly notifications: NotificationsApi;
  readonly search: SearchApi;
}

export interface RoomsApi {
  /** Whether the list can be believed yet: "no rooms" is only shown when `ready`. */
  readonly phase: LiveQuery<RoomsPhase>;
  readonly list: LiveQuery<readonly RoomListItem[]>;
  /** Rooms that the person has left, whose keys are still here, by name. */
  readonly left: LiveQuery<readonly LeftRoom[]>;
  /** The conversation of one room. `close` ends the watching; opening twice is fine. */
  open(room: RoomKey): ConversationHandle;
  /** @param replyTo the id of the message that it answers */
  sendMessage(room: RoomKey, text: string, replyTo?: string): Edited;
  /** Replaces the text of an own message. */
  editMessage(room: RoomKey, id: string, text: string): Edited;
  /** Deletes an own message for everybody. It can't be taken back: a deleted message stays deleted. */
  deleteMessage(room: RoomKey, id: string): Edited;
  /** Chooses the person's reaction to a message, in place of another one; the chosen one again takes it back. */
  react(room: RoomKey, id: string, emoji: string): Edited;
  /** Sends a message that the room has dropped again, as one of now. */
  retryRefused(room: RoomKey, id: string): Edited;
  /** Forgets it. `restoreRefused` takes that back, for as long as the page lives. */
  discardRefused(room: RoomKey, id: string): Promise<Result<undefined, EditError>>;
  restoreRefused(room: RoomKey, id: string): Promise<Result<undefined, EditError>>;
  /** The longest text that can be written so, in UTF-8 bytes; undefined when the room can't be read. */
  textLimit(room: RoomKey, writing: Writing): Promise<number | undefined>;
  rename(room: RoomKey, name: string): Edited;
}

/** What is being written: a message, an answer to one, or an own message anew. */
export type Writing =
  | { readonly type: 'new' }
  | { readonly type: 'reply'; readonly id: string }
  | { readonly type: 'edit'; readonly id: string };

export type RoomsPhase =
  | { readonly type: 'loading' }
  | { readonly type: 'ready' }
  /** Nothing is stored here and the node could not be asked. `reason` is a sentence for people. */
  | { readonly type: 'failed'; readonly reason: string };

export interface RoomListItem {
  readonly room: RoomKey;
  readonly name: string;
  readonly isPrivate: boolean;
  /** As the room's mode counts: none of a muted room. */
  readonly unread: number;
  /** What the room may tell the person of. */
  readonly mode: NotificationMode;
  /** Only a key is here yet: the room itself has not arrived. */
  readonly isAwaiting?: true;
  readonly lastMessage?: { readonly author: string; readonly preview: string; readonly at: Millis };
  readonly sync: RoomSync;
}

export interface LeftRoom {
  readonly room: RoomKey;
  readonly name: string;
}

/** Where the newest edit of a room is. Never more than is proved. */
export type RoomSync =
  | { readonly type: 'on-node' }
  /** In this browser's database only; `since` is when the oldest uncovered edit was made. */
  | { readonly type: 'stored-here'; readonly since: Millis }
  /** The last try failed: the edit is still stored here. `nextTryAt` absent means: waits for the person. */
  | {
      readonly type: 'refused';
      readonly reason: string;
      readonly since: Millis;
      readonly nextTryAt?: Millis;
    };

/** A room's conversation, of which a window of messages is here at a time. */
export interface ConversationHandle extends LiveHandle<Conversation> {
  /** Moves the window. Resolves when the conversation shows it, or when there is nothing to show. */
  show(wish: HistoryWish): Promise<void>;
}

/** Which messages somebody wants to see. */
export type HistoryWish =
  | { readonly type: 'older' | 'newer' | 'start' | 'end' }
  | { readonly type: 'message'; readonly id: string }
  /** The message that has so many before it. */
  | { readonly type: 'at'; readonly position: number };

export interface Conversation {
  readonly room: RoomKey;
  readonly name: string;
  readonly description?: string;
  readonly isPrivate: boolean;
  /** The person may rename the room (holds the owner's key). */
  readonly canRename: boolean;
  /** Why the person can't post, in words; absent when they can. */
  readonly readOnlyReason?: string;
  /** Where the person is no member: their key in the room, `river:v1:vk:<base58>`, for whoever invites them. */
  readonly publicKey?: string;
  /** Longest message content in UTF-8 bytes of text that the room accepts. */
  readonly maxTextBytes: number;
  readonly maxNameBytes: number;
  readonly memberCount: number;
  /** The person first, then the tree of invitations from the owner down. */
  readonly members: readonly MemberItem[];
  readonly details: RoomDetails;
  /** Only a key is here yet: the room itself has not arrived. */
  readonly isAwaiting: boolean;
  /** Oldest first; those that are in the window. */
  readonly messages: readonly MessageItem[];
  /** How many more there are; absent: none. `exact`: the whole room has been looked through. */
  readonly around?: { readonly before: number; readonly after: number; readonly exact: boolean };
  /** The first unread message, for the divider, and how many there were when the room was opened. */
  readonly firstUnreadId?: string;
  readonly unread?: number;
  /** Where the person was reading when they left the room, unless there is something unread. */
  readonly opensAt?: ReadingPlace;
  /** Direct messages in it that were not read yet. */
  readonly unreadDms: number;
  readonly sync: RoomSync;
}

export interface MessageItem {
  /** Signed decimal of the 64-bit message id. */
  readonly id: string;
  readonly kind: 'text' | 'reply' | 'event' | 'unsupported' | 'unreadable';
  readonly authorId: string;
  readonly author: string;
  /** The author is in the room: there is more to know about them. */
  readonly authorIsMember?: true;
  /** The author's name looks like that of somebody whom one should be able to trust. */
  readonly authorWarning?: Resemblance;
  /** What the author is in the room, where it is more than a member. */
  readonly authorRole?: 'owner' | 'deputy';
  readonly mine: boolean;
  /** By the author's clock. */
  readonly at: Millis;
  /** When it came here, where that was more than a minute before or after `at`. */
  readonly firstSeen?: Millis;
  /** After edits; mention tokens replaced by `@name`. */
  readonly text: string;
  /** Where it mentions somebody: the text with marks in place of the tokens (`mention-marks.ts`), and who each mark is. */
  readonly mentions?: { readonly marked: string; readonly people: readonly Mentioned[] };
  /** Of a direct message that is an invitation: shown in place of the words. */
  readonly invitation?: InvitationCard;
  /** What stands for words that can’t be shown, where there is more to say than `kind` does. */
  readonly placeholder?: string;
  readonly edited: boolean;
  readonly replyTo?: { readonly id: string; readonly author: string; readonly text: string };
  readonly reactions: readonly {
    readonly emoji: string;
    readonly by: readonly string[];
    readonly mine: boolean;
  }[];
  /**
   * For own messages that the room did not take: why, as a sentence. `isHere`: it is still in the room as it is here, and will be
   * tried again; otherwise it is kept apart until the person has decided about it.
   */
  readonly refused?: { readonly reason: string; readonly isHere: boolean };
  /** For own messages: whether a receipt covers it. */
  readonly delivery?: 'stored-here' | 'on-node' | 'in-room';
}

export interface SyncApi {
  readonly status: LiveQuery<SyncStatus>;
  /** What earlier versions of River may hold. */
  readonly migration: LiveQuery<MigrationStatus>;
  /** How far the search of rooms under earlier contracts is. */
  readonly searches: LiveQuery<RoomSearches>;
  /** The person asks to try now: back-off is skipped. */
  retry(): void;
  /** The person asks to look once more for whatever earlier versions hold. Rejects when it could not be written down. */
  searchAgain(): Promise<void>;
}

export interface SyncStatus {
  readonly type: 'all-on-node' | 'stored-here' | 'syncing' | 'refused' | 'offline';
  /** How many rooms have edits that no receipt covers. */
  readonly pendingRooms: number;
  /** The last error that no later receipt covers, in words. */
  readonly reason?: string;
  readonly since?: Millis;
  readonly nextTryAt?: Millis;
  /** Set when no service worker can run here, so this page syncs itself. */
  readonly pageDrains: boolean;
}

/** The search for rooms of earlier versions. Old data is never touched, so nothing of it is urgent. */
export type MigrationStatus =
  /** Nothing is left to be taken over, or it is not known yet whether anything is. */
  | { readonly type: 'nothing' }
  /** So many of the earlier delegates have been asked, whether they answered or not. */
  | { readonly type: 'running'; readonly asked: number; readonly of: number }
  /** The node can't be asked; `reason` is a sentence for people. */
  | { readonly type: 'waiting'; readonly reason: string }
  /** All have been asked, and it is not proved that everything is here: why not, one for each reason. */
  | { readonly type: 'open'; readonly reasons: readonly MigrationReason[] };

export type MigrationReason =
  /** So many do not answer: whether they hold anything is not known. */
  | { readonly type: 'silent'; readonly versions: number }
  /** Something that a version holds is not on the node. */
  | { readonly type: 'kept'; readonly version: string; readonly reason: string }
  /** The node refuses something that was found. */
  | { readonly type: 'refused'; readonly what: FoundThing; readonly reason: string }
  /** So much of what was found is on its way to the node. */
  | { readonly type: 'on-the-way'; readonly values: number };

/** A room by its name, all direct messages, or the order of rooms and what each may tell of. */
export type FoundThing =
  | { readonly type: 'room'; readonly name: string }
  | { readonly type: 'direct-messages' | 'list' };

/** Names one committed edit: the receipt that covers `seq` for `key` tells its fate. */
export interface EditToken {
  readonly path: 'rooms';
  readonly key: RoomKey;
  readonly seq: number;
}

export type Edited = Promise<Result<EditToken, EditError>>;

export type EditError =
  | { readonly type: 'TooLong'; readonly maxBytes: number; readonly bytes: number }
  | { readonly type: 'Empty' }
  | { readonly type: 'NotAllowed'; readonly reason: string }
  | { readonly type: 'UnknownRoom'; readonly room: RoomKey }
  /** The browser's storage is full: nothing was written. */
  | { readonly type: 'QuotaExceeded' }
  | { readonly type: 'StorageFailed'; readonly reason: string };
