import { isAction, readContent } from '../river/message-content.ts';
import { messageId, type MessageId } from '../river/ids.ts';
import { selfIdOf } from '../river/room-data.ts';
import type { AuthorizedMessage } from '../river/room-state/messages.ts';
import { ownerIdOf } from '../river/room-state/parameters.ts';
import { idOfMember } from '../river/rules/members.ts';
import { readableSecrets } from '../river/secrets.ts';
import { millisFromTime } from '../river/system-time.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { LoadedRoom } from './loaded-room.ts';
import type { RefusedMessageRow, RefusedReason } from './schema.ts';

/** A message of the person's own that a change has dropped, and the change that it was written with. */
export interface DroppedMessage {
  readonly seq: number;
  readonly row: RefusedMessageRow;
}

/**
 * What was written here and is gone from the room. Deletions and reactions have no words that could be lost.
 *
 * @param loaded as it is without them
 * @param seqOf the change that a message was written with, when it was written here
 */
export function droppedMessages(
  loaded: LoadedRoom,
  gone: readonly AuthorizedMessage[],
  seqOf: (id: MessageId) => number | undefined = (id) => loaded.seqs.get(id),
): readonly DroppedMessage[] {
  if (gone.length === 0) return [];
  const self = selfIdOf(loaded.own);
  const dropped: DroppedMessage[] = [];
  for (const message of gone) {
    if (message.message.author !== self) continue;
    const id = messageId(message);
    const seq = seqOf(id);
    if (seq === undefined) continue;
    const words = wordsOf(loaded, message);
    if (words) {
      const at = millisFromTime(message.message.time);
      const reason = reasonOf(loaded, message);
      dropped.push({ seq, row: { room: loaded.room, id: String(id), at, ...words, reason } });
    }
  }
  return dropped;
}

function wordsOf(
  { state, own }: LoadedRoom,
  message: AuthorizedMessage,
): Pick<RefusedMessageRow, 'kind' | 'target' | 'text'> | undefined {
  const secrets = readableSecrets(state.secrets, own.selfSk, own.invitationSecrets);
  const content = readContent(message, secrets);
  switch (content.type) {
    case 'text':
      return { kind: 'text', text: content.text };
    case 'reply':
      return { kind: 'reply', text: content.text, target: String(content.targetMessageId) };
    case 'edit':
      return { kind: 'edit', text: content.newText, target: String(content.target) };
    case 'sealed':
      return isAction(message) ? undefined : { kind: 'text' };
    default:
      return undefined;
  }
}

function reasonOf(
  { state, params, own }: LoadedRoom,
  { message }: AuthorizedMessage,
): RefusedReason {
  const { maxMessageSize, maxRecentMessages } = state.configuration.configuration;
  const body = message.content;
  const bytes = (body.type === 'Public' ? body.data : body.ciphertext).length;
  if (bytes > maxMessageSize) return { type: 'too-long', bytes, maxBytes: maxMessageSize };
  const self = selfIdOf(own);
  const isHere =
    self === ownerIdOf(params) || state.members.some((each) => idOfMember(each) === self);
  if (!isHere && state.bans.some(({ ban }) => ban.bannedUser === self)) return { type: 'banned' };
  // who has no message left in a room is no longer listed in it either
  const isFull = state.recentMessages.length >= maxRecentMessages;
  return isHere || isFull
    ? { type: 'crowded-out', kept: maxRecentMessages }
    : { type: 'not-a-member' };
}

/** Keeps what the room's contract is not known to have. In the transaction that takes the messages away. */
export async function keepRefused(
  tx: WriteTx,
  room: RoomKey,
  dropped: readonly DroppedMessage[],
): Promise<void> {
  if (dropped.length === 0) return;
  const [marker, base] = await Promise.all([
    tx.objectStore('dirty').get(['contracts', room]),
    tx.objectStore('base').get(['contracts', room]),
  ]);
  if (!marker) return;
  // an edit's rows have the seq of the delegate's marker, which is raised just before the contract's
  const first = Math.max(marker.firstSeq - 1, (base?.coverage ?? 0) + 1);
  const store = tx.objectStore('refused_messages');
  for (const { seq, row } of dropped) if (seq >= first) await store.put(row);
}

export const refusedOfRoom = (tx: ReadTx, room: RoomKey): Promise<RefusedMessageRow[]> =>
  tx.objectStore('refused_messages').getAll(IDBKeyRange.bound([room], [room, []]));
