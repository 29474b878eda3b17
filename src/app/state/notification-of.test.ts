import { describe, expect, it } from 'vitest';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { encode } from '../../river/cbor/codec.ts';
import { encodeContent, type Content } from '../../river/content.ts';
import { messageId, type MessageId } from '../../river/ids.ts';
import { sign } from '../../river/keys.ts';
import { encodeMention } from '../../river/mentions.ts';
import type { OwnRoomData } from '../../river/room-data.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import {
  message as messageCodec,
  type AuthorizedMessage,
  type RoomMessageBody,
} from '../../river/room-state/messages.ts';
import {
  fresh,
  invited,
  named,
  owner,
  params,
  person,
  said,
} from '../../river/testing/small-room.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { notificationOf } from './notification-of.ts';
import { Notifier } from './notifier.ts';

const [me, bob] = [person(2), person(3)] as const;

const own: OwnRoomData = {
  ownerVk: owner.key,
  selfSk: me.seed,
  selfVk: null,
  contractKey: { instance: new Uint8Array(32), code: null },
  lastReadMessageId: null,
  selfAuthorizedMember: null,
  inviteChain: [],
  selfMemberInfo: null,
  selfNickname: null,
  previousContractKey: null,
  invitationSecrets: [],
  unknown: [],
};

function posted(author: typeof bob, secs: number, content: RoomMessageBody): AuthorizedMessage {
  const time = { secsSinceEpoch: BigInt(secs), nanosSinceEpoch: 0 };
  const message = { roomOwner: owner.id, author: author.id, time, content };
  return { message, signature: sign(encode(messageCodec, message), author.seed) };
}

const clear = (contentType: number, content: Content): RoomMessageBody => ({
  type: 'Public',
  contentType,
  contentVersion: 1,
  data: encodeContent(content),
});
const react = (secs: number, target: AuthorizedMessage, by = bob): AuthorizedMessage =>
  posted(by, secs, clear(2, { type: 'react', target: messageId(target), emoji: '👍' }));
const deleted = (secs: number, target: AuthorizedMessage): AuthorizedMessage =>
  posted(bob, secs, clear(2, { type: 'delete', target: messageId(target) }));

const mine = said(me, 1, 'mine');
const theirs = said(bob, 2, 'theirs');
const mention = encodeMention('Me', me.id);

const room = (...news: AuthorizedMessage[]): LoadedRoom => ({
  room: 'r' as RoomKey,
  rev: 1,
  status: 'present',
  own,
  params,
  seqs: new Map(),
  lastRead: null,
  muted: new Set(),
  state: {
    ...fresh(),
    members: [invited(me, owner), invited(bob, owner)],
    memberInfo: [named(bob, 1, 'Bob'), named(me, 1, 'Me')],
    recentMessages: [mine, theirs, ...news],
  },
});

const isNew = (id: MessageId): boolean => id !== messageId(mine) && id !== messageId(theirs);
const body = (mode: NotificationMode, ...news: AuthorizedMessage[]): string | undefined =>
  notificationOf(room(...news), isNew, mode)?.body;

const reply = posted(
  bob,
  4,
  clear(3, {
    type: 'reply',
    text: 'yes',
    targetMessageId: messageId(mine),
    targetAuthorName: 'Me',
    targetContentPreview: 'mine',
  }),
);
const gone = said(bob, 5, 'gone');
const sealed = posted(bob, 6, {
  type: 'Private',
  contentType: 1,
  contentVersion: 1,
  ciphertext: new Uint8Array(20),
  nonce: new Uint8Array(12),
  secretVersion: 4,
});

describe('what is told of what has come into a room', () => {
  it.each<[string, readonly AuthorizedMessage[], string | undefined]>([
    ['nothing that is new', [], undefined],
    ['one message', [said(bob, 3, 'hello')], 'Bob: hello'],
    ['one over several lines', [said(bob, 3, 'a\nb\r\nc\u2028d')], 'Bob: a b  c d'],
    ['one of 50 bytes', [said(bob, 3, 'x'.repeat(50))], `Bob: ${'x'.repeat(50)}`],
    ['a longer one', [said(bob, 3, 'x'.repeat(51))], `Bob: ${'x'.repeat(47)}...`],
    [
      'one cut between characters',
      [said(bob, 3, `x${'é'.repeat(30)}`)],
      `Bob: x${'é'.repeat(23)}...`,
    ],
    ['a mention, by its name', [said(bob, 3, `${mention} look`)], 'Bob: @Me look'],
    ['two messages', [said(bob, 3, 'a'), said(bob, 4, 'b')], '2 new messages'],
    ['an own message, from another device', [said(me, 3, 'mine too')], undefined],
    ['somebody joins', [posted(bob, 3, clear(4, { type: 'join' }))], undefined],
    ['one that is deleted already', [gone, deleted(6, gone)], undefined],
    ['a reaction to an own message', [react(3, mine)], 'Reacted 👍 to your message'],
    ['two of them', [react(3, mine), react(4, mine, owner)], '2 new reactions to your messages'],
    ['a reaction to somebody else’s', [react(3, theirs)], undefined],
    ['a reaction to one that is not here', [react(3, said(me, 9))], undefined],
    [
      'an edit',
      [posted(bob, 3, clear(2, { type: 'edit', target: messageId(theirs), newText: 'x' }))],
      undefined,
    ],
    ['a message and a reaction', [said(bob, 3, 'a'), react(4, mine)], 'Bob: a'],
    ['one that can’t be read', [sealed], 'Bob: [Encrypted message]'],
  ])('%s', (_what, news, expected) => {
    expect(body('All', ...news)).toBe(expected);
  });

  it.each<[string, readonly AuthorizedMessage[], string | undefined]>([
    ['a message', [said(bob, 3, 'hello')], undefined],
    ['a mention among others', [said(bob, 3, 'a'), said(bob, 4, `${mention}!`)], 'Bob: @Me!'],
    ['an answer', [reply], 'Bob: yes'],
    ['a reaction', [react(3, mine)], undefined],
  ])('of mentions and replies only: %s', (_what, news, expected) => {
    expect(body('MentionsAndReplies', ...news)).toBe(expected);
  });

  it('nothing of a muted room', () => {
    expect(body('Muted', said(bob, 3, mention), reply, react(5, mine))).toBeUndefined();
  });

  it('has the name of the room', () => {
    expect(notificationOf(room(said(bob, 3, 'hello')), isNew, 'All')?.title).toBe('room');
  });
});

describe('the notifier', () => {
  function notifier(more: { seen?: boolean; allowed?: boolean } = {}) {
    const shown: string[] = [];
    const now = {
      seen: more.seen ?? false,
      allowed: more.allowed ?? true,
      muted: new Set<string>(),
    };
    const it = new Notifier({
      modeOf: () => 'All',
      isInSight: async () => now.seen,
      isAllowed: () => now.allowed,
      mutedIn: async () => now.muted,
      show: async (of, { body: words }) => void shown.push(`${of} ${words}`),
    });
    return { it, shown, now };
  }

  it('tells nothing of a history that is being read for the first time, and each thing once afterwards', async () => {
    const { it: heard, shown } = notifier();
    await heard.heard(room(said(bob, 3, 'old')), 'changed');
    await heard.heard(room(said(bob, 3, 'old')), 'read');
    await heard.heard(room(said(bob, 3, 'old')), 'read');
    expect(shown).toEqual([]);
    await heard.heard(room(said(bob, 3, 'old'), said(bob, 4, 'new')), 'changed');
    await heard.heard(room(said(bob, 3, 'old'), said(bob, 4, 'new')), 'read');
    expect(shown).toEqual(['r Bob: new']);
  });

  it('tells nothing of a room that somebody looks at, and nothing later of what was seen', async () => {
    const { it: heard, shown, now } = notifier({ seen: true });
    await heard.heard(room(), 'read');
    await heard.heard(room(said(bob, 3, 'seen')), 'changed');
    now.seen = false;
    await heard.heard(room(said(bob, 3, 'seen'), said(bob, 4, 'unseen')), 'changed');
    expect(shown).toEqual(['r Bob: unseen']);
  });

  it('tells nothing of who is muted', async () => {
    const { it: heard, shown, now } = notifier();
    await heard.heard(room(), 'read');
    now.muted.add(String(bob.id));
    await heard.heard(room(said(bob, 3, 'la la la')), 'changed');
    expect(shown).toEqual([]);
  });

  it('tells nothing without permission, and does not make up for it', async () => {
    const { it: heard, shown, now } = notifier({ allowed: false });
    await heard.heard(room(), 'read');
    await heard.heard(room(said(bob, 3, 'a')), 'changed');
    now.allowed = true;
    await heard.heard(room(said(bob, 3, 'a'), said(bob, 4, 'b')), 'changed');
    expect(shown).toEqual(['r Bob: b']);
  });
});
