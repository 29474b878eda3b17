import { memberLabel, messageId } from '../ids.ts';
import { compareMessages, contentLength, type AuthorizedMessage } from '../room-state/messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { CONTENT_TYPE_EVENT } from '../room-state/content-types.ts';
import { messageClaim } from '../signatures/claims.ts';
import { broken, keep, keyOf, membersById, sorted, type RuleContext } from './context.ts';
import { idsOf, place, type MessagesPlaced } from './message-index.ts';

// river: common/src/room_state/message.rs

/**
 * Author and signature of each. Count, order, size and privacy are not checked here.
 *
 * @param messages those of the state's that were not verified before, under the same members
 */
export function verifyMessages(
  context: RuleContext,
  state: RoomState,
  messages: readonly AuthorizedMessage[],
): void {
  const members = membersById(state.members);
  for (const each of messages) {
    const { author } = each.message;
    const key = keyOf(context, members, author);
    const name = (): string => `recent_messages[${state.recentMessages.indexOf(each)}]`;
    if (key === undefined) broken(`${name()}: ${memberLabel(author)} is no member`);
    if (!context.signatures.isValid(messageClaim(each, key))) {
      broken(`${name()}: not signed by ${memberLabel(author)}`);
    }
  }
}

/** Signatures are not looked at: the contract finds a forged message only when it verifies the whole result. */
export function applyMessages(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedMessage[] | null,
): readonly AuthorizedMessage[] {
  const stays = staying(context, room);
  const fresh = freshMessages(room, delta);
  const messages = fresh.length > 0 ? [...room.recentMessages, ...fresh] : room.recentMessages;
  return newest(room, keep(messages, stays));
}

/** As `applyMessages`, for a room whose own messages are all in place. */
export function placeMessages(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedMessage[] | null,
): MessagesPlaced {
  const fresh = keep(freshMessages(room, delta), staying(context, room));
  return place(room.recentMessages, fresh, room.configuration.configuration.maxRecentMessages);
}

/** Whether a message is short enough and by somebody in the room. */
function staying(context: RuleContext, room: RoomState): (each: AuthorizedMessage) => boolean {
  const most = room.configuration.configuration.maxMessageSize;
  const members = membersById(room.members);
  return ({ message: { author, content } }) =>
    contentLength(content) <= most && (author === context.ownerId || members.has(author));
}

function freshMessages(
  room: RoomState,
  delta: readonly AuthorizedMessage[] | null,
): readonly AuthorizedMessage[] {
  if (delta === null) return [];
  if (room.configuration.configuration.privacyMode === 'Private') checkPrivacy(room, delta);
  const held = idsOf(room.recentMessages);
  return delta.filter((each) => !held.has(messageId(each)));
}

function newest(
  room: RoomState,
  messages: readonly AuthorizedMessage[],
): readonly AuthorizedMessage[] {
  const inOrder = sorted(messages, compareMessages);
  const excess = inOrder.length - room.configuration.configuration.maxRecentMessages;
  return excess > 0 ? inOrder.slice(excess) : inOrder;
}

function checkPrivacy(room: RoomState, delta: readonly AuthorizedMessage[]): void {
  const versions = new Set(room.secrets.versions.map(({ record }) => record.version));
  for (const [i, { message }] of delta.entries()) {
    const { content } = message;
    if (content.type === 'Private') {
      if (!versions.has(content.secretVersion)) {
        broken(`recent_messages[${i}]: unknown secret version ${content.secretVersion}`);
      }
    } else if (content.contentType !== CONTENT_TYPE_EVENT) {
      broken(`recent_messages[${i}]: not sealed, in a private room`);
    }
  }
}
