import { firstCharacters } from '../../shared/text.ts';
import { messageId, type MemberId, type MessageId } from '../ids.ts';
import {
  isAction,
  readContent,
  type AppliedActions,
  type ReadContent,
} from '../message-content.ts';
import { textWithNames } from '../mentions.ts';
import {
  CONTENT_TYPE_EVENT,
  CONTENT_TYPE_REPLY,
  CONTENT_TYPE_TEXT,
} from '../room-state/content-types.ts';
import type { AuthorizedMessage } from '../room-state/messages.ts';
import type { SecretsByVersion } from '../secrets.ts';
import type { SystemTime } from '../system-time.ts';

/** One message as a person sees it. */
export interface MessageView {
  readonly id: MessageId;
  readonly author: MemberId;
  readonly authorName: string;
  readonly isMine: boolean;
  /** The author's clock. */
  readonly time: SystemTime;
  /** Told in clear: known also where the text can't be read. */
  readonly kind: 'text' | 'reply' | 'event' | 'unsupported';
  /** False: `text` is a placeholder in square brackets. */
  readonly isReadable: boolean;
  /** The version of the secret that it takes to read it and that is not here; null where that is not why. */
  readonly missingSecret: number | null;
  /** After edits; mention tokens and Markdown as they are. */
  readonly text: string;
  /** `text` with `@name` for mention tokens. */
  readonly textWithNames: string;
  readonly isEdited: boolean;
  readonly reactions: readonly ReactionView[];
  /** null: no reply (or not known to be one yet, while no secret of a private room is). */
  readonly replyTo: ReplyView | null;
}

export interface ReactionView {
  readonly emoji: string;
  readonly by: readonly MemberId[];
  readonly names: readonly string[];
  readonly isMine: boolean;
}

/** What a reply answers, read from the live message: what the reply itself claims is not to be believed. */
export type ReplyView =
  | {
      readonly type: 'quote';
      readonly id: MessageId;
      readonly author: MemberId;
      readonly authorName: string;
      /** With names; at most `MAX_QUOTE_CHARACTERS`. */
      readonly text: string;
    }
  | { readonly type: 'unavailable' };

export const MAX_QUOTE_CHARACTERS = 100;

/** What is needed to read the messages of a room. */
export interface MessageReader {
  readonly messages: readonly AuthorizedMessage[];
  readonly actions: AppliedActions;
  readonly secrets: SecretsByVersion;
  readonly selfId: MemberId | undefined;
  readonly names: ReadonlyMap<MemberId, string>;
  nameOf(id: MemberId): string;
}

export const isVisible = (each: AuthorizedMessage, { deleted }: AppliedActions): boolean =>
  !isAction(each) && !deleted.has(messageId(each));

/**
 * The newest visible messages, oldest first. Only these are decoded (and what they quote).
 *
 * @param newest how many at most
 */
export function viewMessages(reader: MessageReader, newest: number): MessageView[] {
  const { messages, actions } = reader;
  const views: MessageView[] = [];
  for (let i = messages.length - 1; i >= 0 && views.length < newest; i--) {
    const each = messages[i] as AuthorizedMessage;
    if (isVisible(each, actions)) views.push(viewMessage(reader, each));
  }
  return views.reverse();
}

export function viewMessage(reader: MessageReader, each: AuthorizedMessage): MessageView {
  const id = messageId(each);
  const { author, time } = each.message;
  const content = readContent(each, reader.secrets);
  const kind = kindOf(each);
  const edited = kind === 'event' ? undefined : reader.actions.edited.get(id);
  const text = edited ?? textOf(content, reader.secrets);
  return {
    id,
    author,
    authorName: reader.nameOf(author),
    isMine: author === reader.selfId,
    time,
    kind,
    isReadable: edited !== undefined || isReadable(content),
    missingSecret: edited === undefined ? missingSecretOf(content) : null,
    text,
    textWithNames: named(reader, text),
    isEdited: edited !== undefined,
    reactions: viewReactions(reader, id),
    replyTo: kind === 'reply' ? viewReply(reader, content) : null,
  };
}

/** Who everybody is, is only asked where somebody is mentioned. */
const named = (reader: MessageReader, text: string): string =>
  text.includes('@[') ? textWithNames(text, reader.names) : text;

function kindOf({ message }: AuthorizedMessage): MessageView['kind'] {
  switch (message.content.contentType) {
    case CONTENT_TYPE_TEXT:
      return 'text';
    case CONTENT_TYPE_REPLY:
      return 'reply';
    case CONTENT_TYPE_EVENT:
      return 'event';
    default:
      return 'unsupported';
  }
}

const isReadable = ({ type }: ReadContent): boolean =>
  type === 'text' || type === 'reply' || type === 'join';

const missingSecretOf = (content: ReadContent): number | null =>
  content.type === 'sealed' && !content.secretIsKnown ? content.secretVersion : null;

function textOf(content: ReadContent, secrets: SecretsByVersion): string {
  switch (content.type) {
    case 'text':
    case 'reply':
      return content.text;
    case 'join':
      return 'joined the room';
    case 'unknown-event':
      return `[Unknown event type ${content.eventType}]`;
    case 'unsupported':
      return `[Unsupported message type ${content.contentType}.${content.contentVersion} - please upgrade]`;
    case 'sealed':
      return content.secretIsKnown || secrets.size === 0
        ? `[Encrypted message: ${content.length} bytes, v${content.secretVersion}]`
        : `[Encrypted message - secret v${content.secretVersion} unavailable]`;
    case 'undecodable':
    case 'unknown-action':
    case 'edit':
    case 'delete':
    case 'react':
    case 'unreact':
      return '[Failed to decode message]';
  }
}

function viewReactions(reader: MessageReader, id: MessageId): ReactionView[] {
  const emojis = reader.actions.reactions.get(id);
  if (emojis === undefined) return [];
  return [...emojis].map(([emoji, by]) => ({
    emoji,
    by,
    names: by.map((each) => reader.nameOf(each)),
    isMine: reader.selfId !== undefined && by.includes(reader.selfId),
  }));
}

const UNAVAILABLE: ReplyView = { type: 'unavailable' };

function viewReply(reader: MessageReader, content: ReadContent): ReplyView | null {
  if (content.type !== 'reply') {
    return content.type === 'sealed' && reader.secrets.size === 0 ? null : UNAVAILABLE;
  }
  const { messages, actions, secrets } = reader;
  const target = messages.find((each) => messageId(each) === content.targetMessageId);
  if (target === undefined || !isVisible(target, actions) || kindOf(target) === 'event') {
    return UNAVAILABLE;
  }
  const id = content.targetMessageId;
  const original = readContent(target, secrets);
  const edited = actions.edited.get(id);
  if (edited === undefined && original.type !== 'text' && original.type !== 'reply') {
    return original.type === 'sealed' && secrets.size === 0 ? null : UNAVAILABLE;
  }
  const text = named(reader, edited ?? textOf(original, secrets));
  const { author } = target.message;
  return {
    type: 'quote',
    id,
    author,
    authorName: reader.nameOf(author),
    text: firstCharacters(text, MAX_QUOTE_CHARACTERS),
  };
}
