import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { encode } from './cbor/codec.ts';
import { encodeContent, type Content } from './content.ts';
import { messageId } from './ids.ts';
import { sign, verifyingKeyOf } from './keys.ts';
import { encodeMention } from './mentions.ts';
import type { OwnRoomData } from './room-data.ts';
import {
  message as messageCodec,
  type AuthorizedMessage,
  type RoomMessageBody,
} from './room-state/messages.ts';
import type { RoomState } from './room-state/room-state.ts';
import { RoomView } from './room-view.ts';
import { loadRoom } from './testing/rooms.ts';
import { fresh, invited, named, owner, person, said } from './testing/small-room.ts';
import type { UserDataVectors } from './testing/vectors.ts';

const [alice, bob] = [person(2), person(3)] as const;

const ownOf = (who: typeof alice): OwnRoomData => ({
  ownerVk: owner.key,
  selfSk: who.seed,
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
});

function posted(author: typeof alice, secs: number, content: RoomMessageBody): AuthorizedMessage {
  const message = {
    roomOwner: owner.id,
    author: author.id,
    time: { secsSinceEpoch: BigInt(secs), nanosSinceEpoch: 0 },
    content,
  };
  return { message, signature: sign(encode(messageCodec, message), author.seed) };
}

const clear = (contentType: number, content: Content | Uint8Array): RoomMessageBody => ({
  type: 'Public',
  contentType,
  contentVersion: 1,
  data: content instanceof Uint8Array ? content : encodeContent(content),
});

const room = (...recentMessages: AuthorizedMessage[]): RoomState => ({
  ...fresh(),
  members: [invited(alice, owner), invited(bob, owner)],
  memberInfo: [named(alice, 1, 'Alice'), named(alice, 2, 'Alicia'), named(bob, 1, 'Bob')],
  recentMessages,
});

const texts = (state: RoomState, who = alice) =>
  new RoomView(state, ownOf(who)).messages().map(({ text }) => text);

describe('names', () => {
  it('are those of the record that counts, and Unknown without one', () => {
    const view = new RoomView(room(), ownOf(alice));
    expect(view.members.map(({ nickname }) => nickname)).toEqual(['Unknown', 'Alicia', 'Bob']);
    expect(view.nameOf(7n)).toBe('Unknown');
  });

  it('that can’t be opened say how long they are, and under which secret', () => {
    const { state, own } = loadRoom(readVectors<UserDataVectors>('user-data'), 'private room');
    const stranger = { ...own, selfSk: new Uint8Array(32).fill(9), invitationSecrets: [] };
    const view = new RoomView(state, stranger);
    expect([view.name, view.description]).toEqual([
      '[Encrypted: 9 bytes, v0]',
      '[Encrypted: 25 bytes, v0]',
    ]);
    expect(view.members[0]?.nickname).toBe('[Encrypted: 4 bytes, v0]');
  });
});

describe('a message that can’t be read', () => {
  const sealed = (contentType: number): RoomMessageBody => ({
    type: 'Private',
    contentType,
    contentVersion: 1,
    ciphertext: new Uint8Array(20),
    nonce: new Uint8Array(12),
    secretVersion: 3,
  });

  it('says so in square brackets, by what is missing', () => {
    const state = room(posted(bob, 1, sealed(1)), posted(bob, 2, sealed(3)));
    const view = (secrets: OwnRoomData['invitationSecrets']) =>
      new RoomView(state, { ...ownOf(alice), invitationSecrets: secrets }).messages();
    expect(view([])).toMatchObject([
      { kind: 'text', isReadable: false, text: '[Encrypted message: 20 bytes, v3]', replyTo: null },
      { kind: 'reply', isReadable: false, replyTo: null },
    ]);
    const secret = new Uint8Array(32);
    expect(view([[2, secret]])).toMatchObject([
      { text: '[Encrypted message - secret v3 unavailable]' },
      { replyTo: { type: 'unavailable' } },
    ]);
    expect(view([[3, secret]])[0]?.text).toBe('[Encrypted message: 20 bytes, v3]');
  });

  it('is read once its secret arrives', () => {
    const { state, own } = loadRoom(readVectors<UserDataVectors>('user-data'), 'private room');
    const without = { ...own, selfSk: new Uint8Array(32).fill(9), invitationSecrets: [] };
    expect(
      new RoomView(state, without)
        .messages()
        .every(({ kind, isReadable }) => kind === 'event' || !isReadable),
    ).toBe(true);
    expect(new RoomView(state, own).messages().every(({ isReadable }) => isReadable)).toBe(true);
  });

  it('is told apart from one that is of no known kind, or broken', () => {
    const state = room(
      posted(bob, 1, clear(9, new Uint8Array())),
      posted(bob, 2, clear(1, Uint8Array.of(255))),
      posted(
        bob,
        3,
        clear(4, new Uint8Array([0xa1, 0x6a, ...new TextEncoder().encode('event_type'), 5])),
      ),
    );
    expect(texts(state)).toEqual([
      '[Unsupported message type 9.1 - please upgrade]',
      '[Failed to decode message]',
      '[Unknown event type 5]',
    ]);
  });
});

describe('actions', () => {
  const first = said(bob, 1, 'one');
  const target = messageId(first);

  it('count in the order of messages, from the author only', () => {
    const state = room(
      first,
      posted(bob, 3, clear(2, { type: 'edit', target, newText: 'two' })),
      posted(bob, 4, clear(2, { type: 'edit', target, newText: 'three' })),
      posted(alice, 5, clear(2, { type: 'react', target, emoji: '👍' })),
      posted(bob, 6, clear(2, { type: 'react', target, emoji: '👍' })),
      posted(alice, 7, clear(2, { type: 'react', target, emoji: '👍' })),
      posted(bob, 8, clear(2, { type: 'unreact', target, emoji: '👎' })),
      posted(alice, 9, clear(2, { type: 'edit', target, newText: 'stolen' })),
      posted(alice, 10, clear(2, { type: 'delete', target })),
    );
    const view = new RoomView(state, ownOf(alice));
    expect(view.messages()).toMatchObject([
      {
        text: 'three',
        isEdited: true,
        reactions: [{ emoji: '👍', names: ['Alicia', 'Bob'], isMine: true }],
      },
    ]);
    expect(view.visibleMessages).toBe(1);
  });

  it('end with a deletion', () => {
    const state = room(
      first,
      posted(bob, 2, clear(2, { type: 'delete', target })),
      posted(bob, 3, clear(2, { type: 'edit', target, newText: 'back' })),
      posted(alice, 4, clear(2, { type: 'react', target, emoji: '👍' })),
    );
    const view = new RoomView(state, ownOf(alice));
    expect(view.messages()).toEqual([]);
    expect([...view.actions.deleted]).toEqual([target]);
    expect(view.actions.reactions.size).toBe(0);
  });

  it('on joins do not put words into them', () => {
    const join = posted(bob, 1, clear(4, { type: 'join' }));
    const edited = posted(
      bob,
      2,
      clear(2, { type: 'edit', target: messageId(join), newText: 'ha' }),
    );
    expect(texts(room(join, edited))).toEqual(['joined the room']);
  });
});

describe('a reply', () => {
  const reply = (target: bigint): RoomMessageBody =>
    clear(3, {
      type: 'reply',
      text: 'yes',
      targetMessageId: target,
      targetAuthorName: 'Owner',
      targetContentPreview: 'a lie',
    });
  const quoteIn = (state: RoomState) =>
    new RoomView(state, ownOf(alice)).messages().at(-1)?.replyTo;

  it('quotes the message as it is now, by its author as named now', () => {
    const first = said(alice, 1, 'old');
    const target = messageId(first);
    const edit = posted(
      alice,
      2,
      clear(2, { type: 'edit', target, newText: `new ${'🌱'.repeat(120)}` }),
    );
    expect(quoteIn(room(first, edit, posted(bob, 3, reply(target))))).toMatchObject({
      type: 'quote',
      authorName: 'Alicia',
      text: `new ${'🌱'.repeat(96)}`,
    });
  });

  it('never shows what it claims itself: of nothing, a deleted message, a join or an action', () => {
    const first = said(alice, 1);
    const gone = posted(alice, 2, clear(2, { type: 'delete', target: messageId(first) }));
    const join = posted(alice, 1, clear(4, { type: 'join' }));
    const unavailable = { type: 'unavailable' };
    expect(quoteIn(room(posted(bob, 3, reply(5n))))).toEqual(unavailable);
    expect(quoteIn(room(first, gone, posted(bob, 3, reply(messageId(first)))))).toEqual(
      unavailable,
    );
    expect(quoteIn(room(join, posted(bob, 3, reply(messageId(join)))))).toEqual(unavailable);
    const words = clear(2, { type: 'edit', target: messageId(join), newText: 'words' });
    expect(
      quoteIn(room(join, posted(alice, 2, words), posted(bob, 3, reply(messageId(join))))),
    ).toEqual(unavailable);
    expect(quoteIn(room(first, gone, posted(bob, 3, reply(messageId(gone)))))).toEqual(unavailable);
  });
});

describe('what is unread', () => {
  const [one, two, three] = [said(bob, 1), said(alice, 2), said(bob, 3)] as const;
  const join = posted(bob, 4, clear(4, { type: 'join' }));
  const state = room(one, two, three, join);
  const unreadAfter = (lastReadMessageId: bigint | null) => {
    const view = new RoomView(state, { ...ownOf(alice), lastReadMessageId });
    return [view.unread.length, view.afterLastRead.length];
  };

  it('is by others, behind the last read message; joins count apart', () => {
    expect(unreadAfter(messageId(two))).toEqual([1, 2]);
    expect(unreadAfter(messageId(join))).toEqual([0, 0]);
  });

  it('is everything by others when that message is gone or was never set', () => {
    expect(unreadAfter(null)).toEqual([2, 3]);
    expect(unreadAfter(99n)).toEqual([2, 3]);
  });
});

describe('what is unread and meant for the person', () => {
  const token = encodeMention('Alice', alice.id);
  const own = said(alice, 1, 'mine');
  const theirs = said(bob, 2, 'theirs');
  const answer = (secs: number, target: AuthorizedMessage, by = bob, text = 'yes') =>
    posted(
      by,
      secs,
      clear(3, {
        type: 'reply',
        text,
        targetMessageId: messageId(target),
        targetAuthorName: 'Alice',
        targetContentPreview: 'mine',
      }),
    );
  const forMe = (...more: AuthorizedMessage[]): number =>
    new RoomView(room(own, theirs, ...more), ownOf(alice)).unreadForMe.length;

  it.each<[string, readonly AuthorizedMessage[], number]>([
    ['a mention', [said(bob, 3, `${token} look`)], 1],
    ['a mention of somebody else', [said(bob, 3, encodeMention('Bob', bob.id))], 0],
    ['an answer to an own message', [answer(3, own)], 1],
    ['an answer to another message that claims to be one', [answer(3, theirs)], 0],
    ['an answer to a message that is not here', [answer(3, said(alice, 9))], 0],
    ['a mention in an answer to another', [answer(3, theirs, bob, token)], 1],
    ['an own mention', [said(alice, 3, token), answer(4, own, alice)], 0],
    ['somebody joins', [posted(bob, 3, clear(4, { type: 'join' }))], 0],
    [
      'a reaction',
      [posted(bob, 3, clear(2, { type: 'react', target: messageId(own), emoji: '👍' }))],
      0,
    ],
  ])('%s', (_what, more, expected) => {
    expect(forMe(...more)).toBe(expected);
  });

  it('follows edits and deletions', () => {
    const plain = said(bob, 3, 'plain');
    const edit = posted(
      bob,
      4,
      clear(2, { type: 'edit', target: messageId(plain), newText: token }),
    );
    expect(forMe(plain, edit)).toBe(1);
    const mention = said(bob, 3, token);
    const gone = posted(bob, 4, clear(2, { type: 'delete', target: messageId(mention) }));
    expect(forMe(mention, gone)).toBe(0);
  });

  it('has a message that can’t be read only where no secret of the room is known', () => {
    const sealed = posted(bob, 3, {
      type: 'Private',
      contentType: 1,
      contentVersion: 1,
      ciphertext: new Uint8Array(20),
      nonce: new Uint8Array(12),
      secretVersion: 4,
    });
    expect(forMe(sealed)).toBe(1);
    const secret = { ...ownOf(alice), invitationSecrets: [[0, new Uint8Array(32)]] as const };
    expect(new RoomView(room(sealed), secret).unreadForMe).toEqual([]);
  });
});

it('only the newest messages are shown when only those are asked for', () => {
  const state = room(...Array.from({ length: 8 }, (_, i) => said(bob, i, `m${i}`)));
  expect(new RoomView(state, ownOf(alice)).messages(3).map(({ text }) => text)).toEqual([
    'm5',
    'm6',
    'm7',
  ]);
  expect(new RoomView(state, ownOf(alice)).messages(0)).toEqual([]);
});

it('a view shows the room as it was when it was made', () => {
  const state = room(said(bob, 1, 'before'));
  const view = new RoomView(state, ownOf(alice));
  state.recentMessages = [said(bob, 2, 'after')];
  expect(view.messages().map(({ text }) => text)).toEqual(['before']);
});

it('a person without key and public key has no self', () => {
  const view = new RoomView(room(said(bob, 1)), { ...ownOf(alice), selfSk: null });
  expect([view.selfId, view.isOwner, view.directMessages()]).toEqual([undefined, false, []]);
  const known = new RoomView(room(), {
    ...ownOf(alice),
    selfSk: null,
    selfVk: verifyingKeyOf(alice.seed),
  });
  expect(known.members.filter(({ isSelf }) => isSelf).length).toBe(1);
});
