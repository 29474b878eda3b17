import { memberLabel, messageId } from '../ids.ts';
import { compareMessages, contentLength, type AuthorizedMessage } from '../room-state/messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { CONTENT_TYPE_EVENT } from '../room-state/content-types.ts';
import { messageClaim } from '../signatures/claims.ts';
import { broken, keep, keyOf, membersById, sorted, type RuleContext } from './context.ts';

// river: common/src/room_state/message.rs

/** Author and signature of each. Count, order, size and privacy are not checked here. */
export function verifyMessages(context: RuleContext, state: RoomState): void {
  const members = membersById(state.members);
  for (const [i, each] of state.recentMessages.entries()) {
    const { author } = each.message;
    const key = keyOf(context, members, author);
    if (key === undefined) broken(`recent_messages[${i}]: ${memberLabel(author)} is no member`);
    if (!context.signatures.isValid(messageClaim(each, key))) {
      broken(`recent_messages[${i}]: not signed by ${memberLabel(author)}`);
    }
  }
}

/** Signatures are not looked at: the contract finds a forged message only when it verifies the whole result. */
export function applyMessages(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedMessage[] | null,
): readonly AuthorizedMessage[] {
  const { configuration } = room.configuration;
  const members = membersById(room.members);
  let messages = room.recentMessages;
  if (delta !== null) {
    if (configuration.privacyMode === 'Private') checkPrivacy(room, delta);
    const held = new Set(messages.map(messageId));
    const fresh = delta.filter((each) => !held.has(messageId(each)));
    if (fresh.length > 0) messages = [...messages, ...fresh];
  }
  messages = keep(
    messages,
    ({ message: { author, content } }) =>
      contentLength(content) <= configuration.maxMessageSize &&
      (author === context.ownerId || members.has(author)),
  );
  messages = sorted(messages, compareMessages);
  const excess = messages.length - configuration.maxRecentMessages;
  return excess > 0 ? messages.slice(excess) : messages;
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
