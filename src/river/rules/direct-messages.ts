import { toHex } from '../../shared/bytes.ts';
import { compareIds, memberLabel, signatureDigest, type MemberId } from '../ids.ts';
import { effectiveMaxDirectMessages } from '../room-state/configuration.ts';
import {
  MAX_DM_CIPHERTEXT_BYTES,
  MAX_DM_MESSAGES_PER_PAIR,
  MAX_PURGED_TOMBSTONES_PER_RECIPIENT,
  type AuthorizedDirectMessage,
  type AuthorizedRecipientPurges,
  type DirectMessage,
  type DirectMessages,
  type DirectMessagesDelta,
} from '../room-state/direct-messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { compareDmKeys, type DmOrderKey } from '../room-state/summary.ts';
import { directMessageClaim, purgesClaim } from '../signatures/claims.ts';
import { broken, keep, keyOf, membersById, sorted, type RuleContext } from './context.ts';

// river: common/src/room_state/direct_messages.rs

export const dmKeyOf = ({ message, senderSignature }: AuthorizedDirectMessage): DmOrderKey => ({
  timestamp: message.timestamp,
  signature: senderSignature,
});

const compareByKey = (a: AuthorizedDirectMessage, b: AuthorizedDirectMessage): number =>
  compareDmKeys(dmKeyOf(a), dmKeyOf(b));

const compareStored = (a: AuthorizedDirectMessage, b: AuthorizedDirectMessage): number =>
  compareIds(a.message.sender, b.message.sender) ||
  compareIds(a.message.recipient, b.message.recipient) ||
  compareByKey(a, b);

/** Names an ordered pair of people. */
export const pairName = (pair: Pick<DirectMessage, 'sender' | 'recipient'>): string =>
  `${pair.sender}>${pair.recipient}`;

/** By ordered pair of sender and recipient. */
export function byPair(
  messages: readonly AuthorizedDirectMessage[],
): Map<string, AuthorizedDirectMessage[]> {
  const pairs = new Map<string, AuthorizedDirectMessage[]>();
  for (const each of messages) {
    const name = pairName(each.message);
    const pair = pairs.get(name);
    if (pair) pair.push(each);
    else pairs.set(name, [each]);
  }
  return pairs;
}

type Tombstones = ReadonlyMap<MemberId, ReadonlySet<string>>;

const tombstonesOf = (purges: readonly AuthorizedRecipientPurges[]): Tombstones =>
  new Map(purges.map(({ recipientId, state }) => [recipientId, new Set(state.purged.map(toHex))]));

function isPurged(tombstones: Tombstones, each: AuthorizedDirectMessage): boolean {
  const tokens = tombstones.get(each.message.recipient);
  return tokens !== undefined && tokens.has(toHex(signatureDigest(each.senderSignature)));
}

export function verifyDirectMessages(context: RuleContext, state: RoomState): void {
  verifyPurges(context, state);
  const { owner, signatures } = context;
  const members = membersById(state.members);
  const { messages, purges } = state.directMessages;
  const tombstones = tombstonesOf(purges);
  for (const [i, each] of messages.entries()) {
    const at = `direct_messages.messages[${i}]`;
    const { sender, recipient, ciphertext } = each.message;
    if (ciphertext.length > MAX_DM_CIPHERTEXT_BYTES) broken(`${at}: too large`);
    if (sender === recipient) broken(`${at}: to oneself`);
    const key = keyOf(context, members, sender);
    if (key === undefined) broken(`${at}: the sender ${memberLabel(sender)} is no member`);
    if (keyOf(context, members, recipient) === undefined) {
      broken(`${at}: the recipient ${memberLabel(recipient)} is no member`);
    }
    if (!signatures.isValid(directMessageClaim(each, key, owner))) {
      broken(`${at}: not signed by ${memberLabel(sender)}`);
    }
    if (isPurged(tombstones, each)) broken(`${at}: its recipient has purged it`);
  }
  for (const [pair, { length }] of byPair(messages)) {
    if (length > MAX_DM_MESSAGES_PER_PAIR) {
      broken(`direct_messages: ${length} of the pair ${pair}, at most ${MAX_DM_MESSAGES_PER_PAIR}`);
    }
  }
}

function verifyPurges(context: RuleContext, state: RoomState): void {
  const members = membersById(state.members);
  const seen = new Set<MemberId>();
  for (const [i, each] of state.directMessages.purges.entries()) {
    const at = `direct_messages.purges[${i}]`;
    if (seen.has(each.recipientId)) broken(`${at}: a second list of one recipient`);
    seen.add(each.recipientId);
    checkPurgeList(each, at);
    const key = keyOf(context, members, each.recipientId);
    if (key === undefined) broken(`${at}: ${memberLabel(each.recipientId)} is no member`);
    if (!context.signatures.isValid(purgesClaim(each, key, context.owner))) {
      broken(`${at}: not signed by ${memberLabel(each.recipientId)}`);
    }
  }
}

function checkPurgeList({ state }: AuthorizedRecipientPurges, at: string): void {
  if (state.version === 0n) broken(`${at}: version 0`);
  if (state.purged.length > MAX_PURGED_TOMBSTONES_PER_RECIPIENT) {
    broken(`${at}: over ${MAX_PURGED_TOMBSTONES_PER_RECIPIENT} tokens`);
  }
}

export function applyDirectMessages(
  context: RuleContext,
  room: RoomState,
  delta: DirectMessagesDelta | null,
): DirectMessages {
  const taken = delta === null ? room.directMessages : takeDelta(context, room, delta);
  return withinCaps(taken, effectiveMaxDirectMessages(room.configuration.configuration));
}

function takeDelta(
  context: RuleContext,
  room: RoomState,
  delta: DirectMessagesDelta,
): DirectMessages {
  const purges = takePurges(context, room, delta.advancedPurges);
  const tombstones = tombstonesOf(purges);
  const members = membersById(room.members);
  const held = new Set(room.directMessages.messages.map((each) => toHex(each.senderSignature)));
  const messages = [...room.directMessages.messages];
  for (const each of delta.newMessages) {
    const { sender, recipient, ciphertext } = each.message;
    if (ciphertext.length > MAX_DM_CIPHERTEXT_BYTES || sender === recipient) continue;
    const name = toHex(each.senderSignature);
    if (held.has(name)) continue;
    const key = keyOf(context, members, sender);
    if (key === undefined || keyOf(context, members, recipient) === undefined) continue;
    if (!context.signatures.isValid(directMessageClaim(each, key, context.owner))) continue;
    held.add(name);
    messages.push(each);
  }
  return { messages: keep(messages, (each) => !isPurged(tombstones, each)), purges };
}

function takePurges(
  context: RuleContext,
  room: RoomState,
  delta: readonly AuthorizedRecipientPurges[],
): readonly AuthorizedRecipientPurges[] {
  const members = membersById(room.members);
  const purges = [...room.directMessages.purges];
  for (const [i, each] of delta.entries()) {
    const at = `direct_messages.advanced_purges[${i}]`;
    checkPurgeList(each, at);
    const key = keyOf(context, members, each.recipientId);
    if (key === undefined) continue;
    if (!context.signatures.isValid(purgesClaim(each, key, context.owner))) {
      broken(`${at}: not signed by ${memberLabel(each.recipientId)}`);
    }
    const index = purges.findIndex(({ recipientId }) => recipientId === each.recipientId);
    const current = purges[index];
    if (current === undefined) purges.push(each);
    else if (isAdvance(current, each)) purges[index] = each;
  }
  return purges;
}

/** A list replaces an older one only if it has all of its tokens. */
function isAdvance(current: AuthorizedRecipientPurges, next: AuthorizedRecipientPurges): boolean {
  if (next.state.version <= current.state.version) return false;
  const tokens = new Set(next.state.purged.map(toHex));
  return current.state.purged.every((token) => tokens.has(toHex(token)));
}

/** The cap under which a value is known to be unique, trimmed and in order. */
const settled = new WeakMap<DirectMessages, number>();

function withinCaps(value: DirectMessages, cap: number): DirectMessages {
  if (settled.get(value) === cap) return value;
  const messages = sorted(newest(newestPerPair(unique(value.messages)), cap), compareStored);
  const purges = sorted(value.purges, (a, b) => compareIds(a.recipientId, b.recipientId));
  const same = messages === value.messages && purges === value.purges;
  const result = same ? value : { messages, purges };
  settled.set(result, cap);
  return result;
}

function unique(messages: readonly AuthorizedDirectMessage[]): readonly AuthorizedDirectMessage[] {
  const first = new Map<string, AuthorizedDirectMessage>();
  for (const each of messages) {
    const name = toHex(each.senderSignature);
    if (!first.has(name)) first.set(name, each);
  }
  return first.size === messages.length ? messages : [...first.values()];
}

function newestPerPair(
  messages: readonly AuthorizedDirectMessage[],
): readonly AuthorizedDirectMessage[] {
  if (messages.length <= MAX_DM_MESSAGES_PER_PAIR) return messages;
  const pairs = byPair(messages);
  const dropped = new Set<AuthorizedDirectMessage>();
  for (const pair of pairs.values()) {
    if (pair.length <= MAX_DM_MESSAGES_PER_PAIR) continue;
    pair.sort(compareByKey);
    for (const each of pair.slice(0, pair.length - MAX_DM_MESSAGES_PER_PAIR)) dropped.add(each);
  }
  return keep(messages, (each) => !dropped.has(each));
}

function newest(
  messages: readonly AuthorizedDirectMessage[],
  count: number,
): readonly AuthorizedDirectMessage[] {
  if (messages.length <= count) return messages;
  return [...messages].sort(compareByKey).slice(messages.length - count);
}
