import type { Millis, RoomKey } from '../../shared/brand.ts';
import type { LiveQuery } from '../../shared/live-query.ts';
import type { LiveHandle } from './live-handle.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, Edited, MessageItem } from './api.ts';

/** Messages between two members of a room, which nobody else can read. Members are named by the signed decimal of their id. */
export interface DmsApi {
  /**
   * The conversations of all rooms that the person is in: those with unread messages first, then by the last message. It opens no
   * room and no message, so the first screen can have it.
   */
  readonly overview: LiveQuery<readonly DmOverviewItem[]>;
  /**
   * The direct messages of a room. `close` ends the watching.
   *
   * @param peer whose conversation is on screen: it is there even before the first message, and is marked read while it is seen
   */
  open(room: RoomKey, peer?: string): DmsHandle;
  send(room: RoomKey, peer: string, text: string): Edited;
  /** Sends an invitation to another room of the person's. Its code goes to nobody else. */
  invite(room: RoomKey, peer: string, to: RoomKey, note: string): Edited;
  /** Archives a conversation, on all of the person's devices, until something new comes in it. */
  hide(room: RoomKey, peer: string): Promise<Result<undefined, EditError>>;
  show(room: RoomKey, peer: string): Promise<Result<undefined, EditError>>;
  /** Deletes for everybody what the other has sent. It can't be taken back. */
  purge(room: RoomKey, peer: string): Edited;
}

/** A conversation as a list over all rooms shows it. */
export interface DmOverviewItem {
  readonly room: RoomKey;
  readonly roomName: string;
  readonly peer: string;
  readonly name: string;
  readonly unread: number;
  readonly isHidden: boolean;
  readonly lastAt?: Millis;
}

export type DmsHandle = LiveHandle<RoomDms>;

export interface RoomDms {
  readonly room: RoomKey;
  readonly roomName: string;
  /** Unread ones first, then by their last message. */
  readonly threads: readonly DmThread[];
}

/** An invitation in a direct message. */
export interface InvitationCard {
  readonly note: string;
  /** Of the room that it is for, where this browser knows it. */
  readonly roomName?: string;
  readonly state:
    /** Sent by the person; `used` once somebody is in the room with it. */
    | { readonly type: 'sent'; readonly used: boolean }
    /** `path` opens it here. */
    | { readonly type: 'open'; readonly path: string }
    | { readonly type: 'already-here'; readonly room: RoomKey }
    | { readonly type: 'banned' }
    /** It opens nothing; `reason` is a sentence. */
    | { readonly type: 'void'; readonly reason: string };
}

/** The conversation with one person. */
export interface DmThread {
  readonly peer: string;
  readonly name: string;
  /** 8 characters; two members can share one. */
  readonly label: string;
  readonly unread: number;
  readonly isHidden: boolean;
  /** Oldest first. */
  readonly messages: readonly MessageItem[];
  readonly lastAt?: Millis;
  readonly firstUnreadId?: string;
  /** How many of the messages the other has sent. */
  readonly received: number;
  /** Why nothing can be sent, in words. */
  readonly readOnlyReason?: string;
  /** What is about to be lost, in words. */
  readonly warning?: string;
  /** UTF-8 bytes. */
  readonly maxTextBytes: number;
}
