import { decode, encode, i64, text, u32, type Codec } from './cbor/codec.ts';
import { struct } from './cbor/struct.ts';
import type { MessageId } from './ids.ts';
import {
  CONTENT_TYPE_ACTION,
  CONTENT_TYPE_EVENT,
  CONTENT_TYPE_REPLY,
  CONTENT_TYPE_TEXT,
} from './room-state/content-types.ts';

/** What a message says. Source of all formats here: river: common/src/room_state/content.rs. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  | Reply
  | Action
  | { readonly type: 'join' };

export interface Reply {
  readonly type: 'reply';
  readonly text: string;
  readonly targetMessageId: MessageId;
  /** Written for old clients by whoever replies, and checked by nobody: never show it. */
  readonly targetAuthorName: string;
  /** As `targetAuthorName`. */
  readonly targetContentPreview: string;
}

/** A message about another one. */
export type Action =
  | { readonly type: 'edit'; readonly target: MessageId; readonly newText: string }
  | { readonly type: 'delete'; readonly target: MessageId }
  | { readonly type: 'react'; readonly target: MessageId; readonly emoji: string }
  | { readonly type: 'unreact'; readonly target: MessageId; readonly emoji: string };

/** Content that this version can't tell: of a newer kind, or not what its kind says. */
export type Unintelligible =
  | { readonly type: 'unknown-event'; readonly eventType: number }
  | { readonly type: 'unknown-action' }
  | { readonly type: 'unsupported'; readonly contentType: number; readonly contentVersion: number }
  | { readonly type: 'undecodable' };

const ACTION_EDIT = 1;
const ACTION_DELETE = 2;
const ACTION_REACT = 3;
const ACTION_UNREACT = 4;
const EVENT_JOIN = 1;

const textContent = struct<{ readonly text: string }>({ text });

const replyContent = struct<Omit<Reply, 'type'>>({
  text,
  targetMessageId: i64,
  targetAuthorName: text,
  targetContentPreview: text,
});

interface ActionContent {
  readonly actionType: number;
  readonly target: MessageId;
  readonly payload: Uint8Array;
}

/** Older messages carry the payload as an array of integers; both forms are read, untagged. */
const payload: Codec<Uint8Array> = {
  read: (reader) => reader.untaggedBytes(),
  write: (writer, value) => writer.byteString(value),
};

const actionContent = struct<ActionContent>({ actionType: u32, target: i64, payload });
const editPayload = struct<{ readonly newText: string }>({ newText: text });
const reactionPayload = struct<{ readonly emoji: string }>({ emoji: text });
const eventContent = struct<{ readonly eventType: number }>({ eventType: u32 });

/** The kind of a content as messages carry it in clear. */
export function contentTypeOf(content: Content): number {
  switch (content.type) {
    case 'text':
      return CONTENT_TYPE_TEXT;
    case 'reply':
      return CONTENT_TYPE_REPLY;
    case 'join':
      return CONTENT_TYPE_EVENT;
    case 'edit':
    case 'delete':
    case 'react':
    case 'unreact':
      return CONTENT_TYPE_ACTION;
  }
}

/** The bytes that a public message carries, or that a private one seals. */
export function encodeContent(content: Content): Uint8Array {
  switch (content.type) {
    case 'text':
      return encode(textContent, content);
    case 'reply':
      return encode(replyContent, content);
    case 'join':
      return encode(eventContent, { eventType: EVENT_JOIN });
    case 'edit':
      return action(ACTION_EDIT, content.target, encode(editPayload, content));
    case 'delete':
      return action(ACTION_DELETE, content.target, new Uint8Array());
    case 'react':
      return action(ACTION_REACT, content.target, encode(reactionPayload, content));
    case 'unreact':
      return action(ACTION_UNREACT, content.target, encode(reactionPayload, content));
  }
}

const action = (actionType: number, target: MessageId, bytes: Uint8Array): Uint8Array =>
  encode(actionContent, { actionType, target, payload: bytes });

const UNDECODABLE = { type: 'undecodable' } as const;

/** Never fails: what can't be told says so. The version is not looked at where the kind is known, as in River. */
export function decodeContent(
  contentType: number,
  contentVersion: number,
  bytes: Uint8Array,
): Content | Unintelligible {
  switch (contentType) {
    case CONTENT_TYPE_TEXT: {
      const content = decode(textContent, bytes);
      return content.ok ? { type: 'text', text: content.value.text } : UNDECODABLE;
    }
    case CONTENT_TYPE_REPLY: {
      const content = decode(replyContent, bytes);
      return content.ok ? { type: 'reply', ...content.value } : UNDECODABLE;
    }
    case CONTENT_TYPE_ACTION:
      return decodeAction(bytes);
    case CONTENT_TYPE_EVENT: {
      const content = decode(eventContent, bytes);
      if (!content.ok) return UNDECODABLE;
      const { eventType } = content.value;
      return eventType === EVENT_JOIN ? { type: 'join' } : { type: 'unknown-event', eventType };
    }
    default:
      return { type: 'unsupported', contentType, contentVersion };
  }
}

function decodeAction(bytes: Uint8Array): Action | Unintelligible {
  const content = decode(actionContent, bytes);
  if (!content.ok) return UNDECODABLE;
  const { actionType, target } = content.value;
  switch (actionType) {
    case ACTION_EDIT: {
      const edit = decode(editPayload, content.value.payload);
      return edit.ok ? { type: 'edit', target, newText: edit.value.newText } : UNDECODABLE;
    }
    case ACTION_DELETE:
      return { type: 'delete', target };
    case ACTION_REACT:
    case ACTION_UNREACT: {
      const reaction = decode(reactionPayload, content.value.payload);
      if (!reaction.ok) return UNDECODABLE;
      const type = actionType === ACTION_REACT ? 'react' : 'unreact';
      return { type, target, emoji: reaction.value.emoji };
    }
    default:
      return { type: 'unknown-action' };
  }
}
