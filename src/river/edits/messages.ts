import { firstCharacters } from '../../shared/text.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { contentTypeOf, encodeContent, type Content } from '../content.ts';
import { aesSeal, NONCE_BYTES, TAG_BYTES } from '../crypto/aes-gcm.ts';
import { messageId, type MessageId } from '../ids.ts';
import { sign } from '../keys.ts';
import { applyActions, readContent } from '../message-content.ts';
import type { Configuration } from '../room-state/configuration.ts';
import { CONTENT_VERSION } from '../room-state/content-types.ts';
import {
  message as messageCodec,
  type AuthorizedMessage,
  type Message,
  type RoomMessageBody,
} from '../room-state/messages.ts';
import { ownerIdOf } from '../room-state/parameters.ts';
import type { RoomDelta } from '../room-state/room-state.ts';
import { messageClaim } from '../signatures/claims.ts';
import type { SystemTime } from '../system-time.ts';
import { nicknameOf } from '../view/members.ts';
import { isVisible, MAX_QUOTE_CHARACTERS } from '../view/messages.ts';
import {
  currentSecret,
  isPrivateRoom,
  presenceDelta,
  type EditRandom,
  type EditRoom,
} from './author.ts';
import type { EditRefused } from './refused.ts';

/** A signed message, and the smallest delta that brings it into the room. */
export interface ComposedMessage {
  readonly message: AuthorizedMessage;
  readonly delta: RoomDelta;
}

export interface MessageMoment {
  readonly time: SystemTime;
  /** For the nonce, in a private room. */
  readonly random: EditRandom;
}

/** How long the room counts a content, in bytes. */
export const measureContent = (content: Content, isPrivate: boolean): number =>
  encodeContent(content).length + (isPrivate && content.type !== 'join' ? TAG_BYTES : 0);

/** The longest text that a room's messages can carry, in UTF-8 bytes. */
export function longestText({ maxMessageSize, privacyMode }: Configuration): number {
  const isPrivate = privacyMode === 'Private';
  const empty = measureContent({ type: 'text', text: '' }, isPrivate);
  // a longer text has a longer head
  for (const [headGrowth, from, to] of HEAD_GROWTH) {
    const longest = Math.min(maxMessageSize - empty - headGrowth, to);
    if (longest >= from) return longest;
  }
  return 0;
}

/** Bytes by which the head of a text of `from` to `to` bytes is longer than that of an empty one. */
const HEAD_GROWTH = [
  [4, 65_536, 0xffff_ffff],
  [2, 256, 65_535],
  [1, 24, 255],
  [0, 0, 23],
] as const;

/**
 * Signs a message of any kind. The size is checked before: a message over the room's limit would be dropped by everyone without
 * a word.
 */
export function composeMessage(
  room: EditRoom,
  content: Content,
  { time, random }: MessageMoment,
): Result<ComposedMessage, EditRefused> {
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const { params, author, memo } = room;
  const maxBytes = room.state.configuration.configuration.maxMessageSize;
  const bytes = measureContent(content, isPrivateRoom(room));
  if (bytes > maxBytes) return err({ type: 'TooLong', what: 'message', bytes, maxBytes });
  const body = bodyOf(room, content, random);
  if (!body.ok) return body;
  const unsigned: Message = {
    roomOwner: ownerIdOf(params),
    author: author.id,
    time,
    content: body.value,
  };
  const message: AuthorizedMessage = {
    message: unsigned,
    signature: sign(encode(messageCodec, unsigned), author.signingKey),
  };
  memo.trust([messageClaim(message, author.verifyingKey)]);
  return ok({ message, delta: { ...presence.value, recentMessages: [message] } });
}

function bodyOf(
  room: EditRoom,
  content: Content,
  random: EditRandom,
): Result<RoomMessageBody, EditRefused> {
  const kind = { contentType: contentTypeOf(content), contentVersion: CONTENT_VERSION };
  const data = encodeContent(content);
  // joins are in clear everywhere
  if (!isPrivateRoom(room) || content.type === 'join') return ok({ type: 'Public', ...kind, data });
  const current = currentSecret(room);
  if (!current.ok) return current;
  const { version, secret } = current.value;
  const nonce = random.bytes(NONCE_BYTES);
  const ciphertext = aesSeal(secret, nonce, data);
  return ok({ type: 'Private', ...kind, ciphertext, nonce, secretVersion: version });
}

/** @param text as it is to be shown: trim it before; mentions as tokens (`encodeMention`) */
export const composeText = (
  room: EditRoom,
  text: string,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> =>
  text === ''
    ? err({ type: 'Empty', what: 'message' })
    : composeMessage(room, { type: 'text', text }, moment);

/** A message that answers another one. */
export function composeReply(
  room: EditRoom,
  target: MessageId,
  text: string,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> {
  if (text === '') return err({ type: 'Empty', what: 'message' });
  const found = targetOf(room, target);
  if (!found.ok) return found;
  const { state, author } = room;
  const content = readContent(found.value, author.secrets);
  const edited = applyActions(state.recentMessages, author.secrets).edited.get(target);
  const quoted = content.type === 'text' || content.type === 'reply' ? content.text : '';
  const reply: Content = {
    type: 'reply',
    text,
    targetMessageId: target,
    targetAuthorName: nicknameOf(state, found.value.message.author, author.secrets),
    targetContentPreview: firstCharacters(edited ?? quoted, MAX_QUOTE_CHARACTERS),
  };
  return composeMessage(room, reply, moment);
}

/** Replaces the text of an own message. */
export function composeEdit(
  room: EditRoom,
  target: MessageId,
  newText: string,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> {
  if (newText === '') return err({ type: 'Empty', what: 'message' });
  const own = ownMessage(room, target);
  return own.ok ? composeMessage(room, { type: 'edit', target, newText }, moment) : own;
}

/** Deletes an own message. */
export function composeDelete(
  room: EditRoom,
  target: MessageId,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> {
  const own = ownMessage(room, target);
  return own.ok ? composeMessage(room, { type: 'delete', target }, moment) : own;
}

/** Adds (`react`) or takes back (`unreact`) a reaction. */
export function composeReaction(
  room: EditRoom,
  type: 'react' | 'unreact',
  target: MessageId,
  emoji: string,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> {
  const found = targetOf(room, target);
  return found.ok ? composeMessage(room, { type, target, emoji }, moment) : found;
}

/** Says that the author has joined, which also keeps them in the member list. */
export const composeJoin = (
  room: EditRoom,
  moment: MessageMoment,
): Result<ComposedMessage, EditRefused> => composeMessage(room, { type: 'join' }, moment);

function targetOf(
  { state, author }: EditRoom,
  id: MessageId,
): Result<AuthorizedMessage, EditRefused> {
  const actions = applyActions(state.recentMessages, author.secrets);
  const target = state.recentMessages.find(
    (each) => messageId(each) === id && isVisible(each, actions),
  );
  return target ? ok(target) : err({ type: 'NoSuchMessage', id });
}

function ownMessage(room: EditRoom, id: MessageId): Result<AuthorizedMessage, EditRefused> {
  const target = targetOf(room, id);
  if (!target.ok || target.value.message.author === room.author.id) return target;
  return err({ type: 'NotYourMessage', id });
}
