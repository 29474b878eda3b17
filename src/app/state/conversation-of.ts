import { isAwaiting } from '../../persist/awaiting-room.ts';
import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import type { DmThreadRow, RefusedMessageRow } from '../../persist/schema.ts';
import { contractIdText } from '../../river/contract-key.ts';
import { longestText } from '../../river/edits/messages.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { MemberId, MessageId } from '../../river/ids.ts';
import type { MessageView } from '../../river/view/messages.ts';
import { missingSecrets, type SecretsByVersion } from '../../river/secrets.ts';
import { millisFromTime } from '../../river/system-time.ts';
import type { Millis } from '../../shared/brand.ts';
import type { Conversation, MessageItem, RoomSync } from './api.ts';
import { shownName } from '../../river/names/display-name.ts';
import { deliveryOf, type ProvedPlaces } from './delivery.ts';
import { unreadDms } from './dm-unread.ts';
import { markedMentions } from './marked-mentions.ts';
import { membersOf } from './members-of.ts';
import type { MemberItem, RoomDetails } from './people-api.ts';
import { refusedItem, withRefused } from './refused-items.ts';
import { keyOfOutsider, whyReadOnly } from './room-edits.ts';
import { text } from './text.ts';

/** Clocks that differ by less tell the same time. */
const CLOCKS_MS = 60_000;

export interface ConversationContext extends ProvedPlaces {
  readonly threads: readonly DmThreadRow[];
  /** What was written here, and dropped by the room before it had it. */
  readonly refused: readonly RefusedMessageRow[];
  /** Why the room's contract does not take what it has not yet, in words. */
  readonly refusal: string | undefined;
  /** Ids of those of whom nothing is shown. */
  readonly muted: ReadonlySet<string>;
  readonly sync: RoomSync;
  readonly memo: SignatureMemo;
  /** The messages of the window: what is quoted in them is in the state as well. */
  readonly shown: ReadonlySet<MessageId>;
  /** When those of them that came as news did. */
  readonly firstSeen: ReadonlyMap<MessageId, Millis>;
  readonly around: NonNullable<Conversation['around']>;
  readonly firstUnread: MessageId | undefined;
  readonly unread: number;
  /** Everybody in the room is looked at: not on the way to the first paint. */
  readonly withMembers: boolean;
}

/** What the conversation screen shows of a room. */
export function conversationOf(loaded: LoadedRoom, context: ConversationContext): Conversation {
  const { room, state } = loaded;
  const view = viewOf(loaded);
  const { configuration } = state.configuration;
  const readOnlyReason = whyReadOnly(loaded, context.memo);
  const publicKey = keyOfOutsider(loaded, context.memo);
  const { firstUnread, shown } = context;
  const { description } = view;
  const members = context.withMembers ? membersOf(loaded, context.muted) : [];
  const byId = new Map(members.map((member) => [member.id, member]));
  let names: ReadonlyMap<MemberId, string> | undefined;
  const namesOfAll = (): ReadonlyMap<MemberId, string> =>
    (names ??= new Map(view.members.map(({ id, nickname }) => [id, nickname])));
  return {
    room,
    name: isAwaiting(state) ? text.people.awaitingName : view.name,
    ...(description !== null && { description }),
    isPrivate: view.isPrivate,
    canRename: view.isOwner,
    ...(readOnlyReason !== undefined && { readOnlyReason }),
    ...(publicKey !== undefined && { publicKey }),
    maxTextBytes: longestText(configuration),
    maxNameBytes: configuration.maxRoomName,
    memberCount: state.members.length + 1,
    members,
    details: detailsOf(loaded, view.secrets),
    isAwaiting: isAwaiting(state),
    messages: withRefused(
      view
        .messages()
        .filter(({ id }) => shown.has(id))
        .map((message) => {
          const mentions = markedMentions(message.text, namesOfAll, view.selfId);
          return { ...messageItem(message, loaded, context, byId), ...(mentions && { mentions }) };
        }),
      context.refused.map((row) => refusedItem(row, namesOfAll())),
      context.around,
    ),
    around: context.around,
    ...(firstUnread !== undefined && { firstUnreadId: String(firstUnread) }),
    unread: context.unread,
    unreadDms: unreadDms(loaded, context.threads, context.muted),
    sync: context.sync,
  };
}

function detailsOf({ own, state }: LoadedRoom, secrets: SecretsByVersion): RoomDetails {
  const { configuration } = state.configuration;
  return {
    contractId: contractIdText(own.contractKey),
    limits: {
      maxMembers: configuration.maxMembers,
      maxRecentMessages: configuration.maxRecentMessages,
      maxMessageSize: configuration.maxMessageSize,
      maxUserBans: configuration.maxUserBans,
      maxNicknameSize: configuration.maxNicknameSize,
      maxRoomName: configuration.maxRoomName,
      maxRoomDescription: configuration.maxRoomDescription,
    },
    ...(configuration.privacyMode === 'Private' && {
      secretVersion: state.secrets.currentVersion,
    }),
    missingSecrets: missingSecrets(state.secrets, secrets),
  };
}

function messageItem(
  message: MessageView,
  { seqs }: LoadedRoom,
  context: ConversationContext,
  members: ReadonlyMap<string, MemberItem>,
): MessageItem {
  const seq = seqs.get(message.id);
  const { replyTo } = message;
  const author = members.get(String(message.author));
  const at = millisFromTime(message.time);
  const firstSeen = context.firstSeen.get(message.id);
  return {
    id: String(message.id),
    kind: message.isReadable || message.kind === 'unsupported' ? message.kind : 'unreadable',
    authorId: String(message.author),
    author: shownName(message.authorName),
    ...(author && { authorIsMember: true }),
    ...(author?.resembles && { authorWarning: author.resembles }),
    ...(author?.isOwner && { authorRole: 'owner' }),
    ...(author?.isDeputy && { authorRole: 'deputy' }),
    mine: message.isMine,
    at,
    ...(firstSeen !== undefined && Math.abs(firstSeen - at) > CLOCKS_MS && { firstSeen }),
    text: message.textWithNames,
    ...(message.missingSecret !== null && {
      placeholder: text.message.keyMissing(message.missingSecret),
    }),
    edited: message.isEdited,
    ...(replyTo?.type === 'quote' && {
      replyTo: {
        id: String(replyTo.id),
        author: shownName(replyTo.authorName),
        text: replyTo.text,
      },
    }),
    reactions: [...message.reactions].sort(byEmoji).map(({ emoji, names, isMine }) => ({
      emoji,
      by: names.map(shownName),
      mine: isMine,
    })),
    ...(seq !== undefined && { delivery: deliveryOf(seq, context) }),
    ...(seq !== undefined &&
      seq > context.inRoom &&
      context.refusal !== undefined && { refused: { reason: context.refusal, isHere: true } }),
  };
}

/** The same chips in the same places for everybody, whoever reacted first. */
const byEmoji = (a: { readonly emoji: string }, b: { readonly emoji: string }): number =>
  a.emoji < b.emoji ? -1 : 1;
