import { compareBytes, equalBytes, utf8 } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { NONCE_BYTES } from '../crypto/aes-gcm.ts';
import { DM_ENVELOPE_OVERHEAD_BYTES, sealEnvelope } from '../crypto/ecies.ts';
import { encodeDmBody, type DirectMessageBody } from '../dm-body.ts';
import { signatureDigest, type MemberId } from '../ids.ts';
import { sign } from '../keys.ts';
import type { OutboundDm } from '../outbound-dms.ts';
import {
  MAX_DM_CIPHERTEXT_BYTES,
  MAX_DM_FUTURE_SKEW_SECS,
  MAX_DM_MESSAGES_PER_PAIR,
  MAX_PURGED_TOMBSTONES_PER_RECIPIENT,
  type AuthorizedDirectMessage,
  type AuthorizedRecipientPurges,
  type PurgeToken,
} from '../room-state/direct-messages.ts';
import type { RoomDelta } from '../room-state/room-state.ts';
import { keyOf, membersById, ruleContext } from '../rules/context.ts';
import {
  directMessageClaim,
  directMessageSignedBytes,
  purgesClaim,
  purgesSignedBytes,
} from '../signatures/claims.ts';
import { presenceDelta, type EditRandom, type EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';

/** Longest body of a direct message, in bytes. */
export const MAX_DM_BODY_BYTES = MAX_DM_CIPHERTEXT_BYTES - DM_ENVELOPE_OVERHEAD_BYTES;

export interface ComposedDirectMessage {
  readonly directMessage: AuthorizedDirectMessage;
  readonly delta: RoomDelta;
  /** The text in clear, to keep: its sender can't open what was sealed. */
  readonly outbound: OutboundDm;
  /** The pair holds as many as it may: the oldest one goes when this one comes. */
  readonly evictsOldest: boolean;
}

/** Text goes as it is, which older clients read too; an invitation goes tagged. */
const bodyBytes = (body: DirectMessageBody): Uint8Array =>
  body.type === 'Text' ? utf8(body.text) : encodeDmBody(body);

/** As River keeps what was sent: an invitation as a note of it. */
function plaintextOf(body: DirectMessageBody): string {
  if (body.type === 'Text') return body.text;
  const note = body.invite.personalMessage;
  return note === null || note === '' ? '[Invitation]' : `[Invitation] ${note}`;
}

/**
 * Seals a direct message to another member (or the owner) and signs it.
 *
 * @param timestamp seconds since 1970 UTC; at most 300 s after `now`
 */
export function composeDirectMessage(
  room: EditRoom,
  recipient: MemberId,
  body: DirectMessageBody,
  { timestamp, now, random }: { timestamp: bigint; now: bigint; random: EditRandom },
): Result<ComposedDirectMessage, EditRefused> {
  const { state, params, author, memo } = room;
  if (timestamp > now + MAX_DM_FUTURE_SKEW_SECS) {
    return err({ type: 'BreaksRule', reason: 'The message is dated too far ahead.' });
  }
  if (recipient === author.id) {
    return err({ type: 'NotAllowed', reason: 'A direct message goes to somebody else.' });
  }
  const key = keyOf(ruleContext(params, memo), membersById(state.members), recipient);
  if (key === undefined) return err({ type: 'NoSuchMember' });
  const bytes = bodyBytes(body);
  if (body.type === 'Text' && bytes.length === 0) return err({ type: 'Empty', what: 'message' });
  if (bytes.length > MAX_DM_BODY_BYTES) {
    const maxBytes = MAX_DM_BODY_BYTES;
    return err({ type: 'TooLong', what: 'message', bytes: bytes.length, maxBytes });
  }
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const ciphertext = sealEnvelope(bytes, key, random.bytes(32), random.bytes(NONCE_BYTES));
  if (ciphertext === undefined) {
    return err({ type: 'NotAllowed', reason: 'Nothing can be sealed to this person’s key.' });
  }
  const message = { sender: author.id, recipient, timestamp, ciphertext };
  const signedBytes = directMessageSignedBytes(message, params.owner);
  const directMessage: AuthorizedDirectMessage = {
    message,
    senderSignature: sign(signedBytes, author.signingKey),
  };
  memo.trust([directMessageClaim(directMessage, author.verifyingKey, params.owner)]);
  const held = state.directMessages.messages.filter(
    (each) => each.message.sender === author.id && each.message.recipient === recipient,
  );
  return ok({
    directMessage,
    delta: {
      ...presence.value,
      directMessages: { newMessages: [directMessage], advancedPurges: [] },
    },
    outbound: {
      roomOwnerVk: params.owner,
      sender: author.id,
      recipient,
      purgeToken: signatureDigest(directMessage.senderSignature),
      timestamp,
      plaintext: plaintextOf(body),
    },
    evictsOldest: held.length >= MAX_DM_MESSAGES_PER_PAIR,
  });
}

export interface ComposedPurge {
  readonly purges: AuthorizedRecipientPurges;
  readonly delta: RoomDelta;
}

/** Signs away direct messages that the author has received, for good: by tokens, added to all earlier ones. */
export function composePurge(
  room: EditRoom,
  tokens: readonly PurgeToken[],
): Result<ComposedPurge, EditRefused> {
  const presence = presenceDelta(room);
  if (!presence.ok) return presence;
  const { state, params, author, memo } = room;
  const current = state.directMessages.purges.find((each) => each.recipientId === author.id);
  const purged = [...(current?.state.purged ?? []), ...tokens]
    .sort(compareBytes)
    .filter((token, i, all) => i === 0 || !equalBytes(token, all[i - 1] as Uint8Array));
  if (purged.length > MAX_PURGED_TOMBSTONES_PER_RECIPIENT) {
    const most = MAX_PURGED_TOMBSTONES_PER_RECIPIENT;
    return err({ type: 'BreaksRule', reason: `At most ${most} direct messages can be purged.` });
  }
  const lists = { version: (current?.state.version ?? 0n) + 1n, purged };
  const signedBytes = purgesSignedBytes(author.id, lists, params.owner);
  const purges: AuthorizedRecipientPurges = {
    recipientId: author.id,
    state: lists,
    recipientSignature: sign(signedBytes, author.signingKey),
  };
  memo.trust([purgesClaim(purges, author.verifyingKey, params.owner)]);
  const directMessages = { newMessages: [], advancedPurges: [purges] };
  return ok({ purges, delta: { ...presence.value, directMessages } });
}
