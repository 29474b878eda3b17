import type { Millis, RoomKey } from '../../shared/brand.ts';
import { toBase58 } from '../../shared/bytes.ts';
import type { Conversation, MessageItem } from '../state/api.ts';
import type { MemberItem } from '../state/people-api.ts';
import { message } from './sample-message.ts';

/** Rooms that look like people's: for the gallery, and for tests that want something to read. */

/** A room key that the address bar accepts. */
export const roomKey = (n: number): RoomKey => toBase58(new Uint8Array(32).fill(n)) as RoomKey;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function room(n: number, name: string, more: Partial<Conversation> = {}): Conversation {
  return {
    room: roomKey(n),
    name,
    isPrivate: false,
    canRename: false,
    maxTextBytes: 991,
    maxNameBytes: 100,
    memberCount: 12,
    members: [],
    details: {
      contractId: 'raAqMhMG7KUpXBU2SxgCQ3Vh4PYjttxdSWd9ftV7RLv',
      limits: {
        maxMembers: 200,
        maxRecentMessages: 100,
        maxMessageSize: 1000,
        maxUserBans: 10,
        maxNicknameSize: 50,
        maxRoomName: 100,
        maxRoomDescription: 500,
      },
      missingSecrets: [],
    },
    isAwaiting: false,
    messages: [],
    unreadDms: 0,
    sync: { type: 'on-node' },
    ...more,
  };
}

/** @param now the moment at which the samples are looked at */
export function sampleRooms(now: Millis): readonly Conversation[] {
  return [
    room(1, 'Freenet Official', {
      description:
        'Where the network talks about itself. Be kind, be brief, and link what you claim: https://freenet.org',
      memberCount: 136,
      messages: officialMessages(now),
      members: OFFICIAL_MEMBERS,
      firstUnreadId: 'o17',
      canRename: true,
    }),
    room(2, 'Allotment 14b', {
      isPrivate: true,
      canRename: true,
      memberCount: 4,
      messages: allotmentMessages(now),
      sync: { type: 'stored-here', since: now - 3 * MINUTE },
    }),
    room(3, 'نهر · مترجمون', {
      memberCount: 9,
      messages: [
        message('r1', 'samir', 'سمير', now - 5 * HOUR, 'صباح الخير! هل راجع أحد ترجمة الواجهة؟'),
        message(
          'r2',
          'dana',
          'דנה',
          now - 4 * HOUR,
          'בוקר טוב, עברתי על חצי מהמחרוזות. https://freenet.org/he',
        ),
        message(
          'r3',
          'ines',
          'Inês Araújo',
          now - 4 * HOUR + MINUTE,
          'Bom dia — falta só «Recusado».',
        ),
      ],
    }),
    room(4, 'Tuesday night chess, slow and friendly, all levels welcome', {
      memberCount: 23,
      messages: [message('c1', 'bo', 'Bo', now - DAY - HOUR, 'Same time next week?')],
      sync: {
        type: 'refused',
        reason: 'the delegate answered that its storage is full',
        since: now - 22 * MINUTE,
        nextTryAt: now + 40_000,
      },
    }),
    room(5, 'Bridge maintenance', { memberCount: 2, isPrivate: true }),
    room(6, 'rust-embedded', {
      memberCount: 61,
      messages: [
        message('e1', 'kei', 'kei', now - 3 * DAY, 'defmt 1.0 is out 🎉', {
          reactions: [{ emoji: '🎉', by: ['Ana', 'Bo'], mine: false }],
        }),
      ],
    }),
  ];
}

export const member = (
  id: string,
  name: string,
  depth: number,
  more: Partial<MemberItem> = {},
): MemberItem => ({
  id,
  label: `${id.toUpperCase()}2345678`.slice(0, 8),
  name,
  mention: `@[${name}](rv:${id})`,
  isOwner: false,
  isSelf: false,
  isDeputy: false,
  appointedBy: [],
  deputies: [],
  canBanYou: false,
  isMuted: false,
  depth,
  ...more,
});

const OFFICIAL_MEMBERS: readonly MemberItem[] = [
  member('me', 'Theo', 2, { isSelf: true, invitedBy: { id: 'ana', name: 'Ana Lima' } }),
  member('ian', 'Ian', 0, { isOwner: true, relation: 'above-you' }),
  member('ana', 'Ana Lima', 1, {
    isDeputy: true,
    relation: 'invited-you',
    invitedBy: { id: 'ian', name: 'Ian' },
  }),
  member('mirela', 'Mirela', 3, {
    relation: 'invited-by-you',
    invitedBy: { id: 'me', name: 'Theo' },
  }),
  member('bo', 'Bo', 4, {
    relation: 'in-your-network',
    invitedBy: { id: 'mirela', name: 'Mirela' },
  }),
  member('jun', 'Jun', 1, { invitedBy: { id: 'ian', name: 'Ian' } }),
  member('kei', 'kei, who has a very long name that nobody can read in one go', 2, {
    invitedBy: { id: 'jun', name: 'Jun' },
  }),
];

function officialMessages(now: Millis): readonly MessageItem[] {
  const yesterday = now - DAY;
  const ana = (
    id: string,
    at: Millis,
    text: string,
    more: Partial<MessageItem> = {},
  ): MessageItem => message(id, 'ana', 'Ana Lima', at, text, more);
  const jun = (
    id: string,
    at: Millis,
    text: string,
    more: Partial<MessageItem> = {},
  ): MessageItem => message(id, 'jun', 'Jun', at, text, more);
  const me = (id: string, at: Millis, text: string, more: Partial<MessageItem> = {}): MessageItem =>
    message(id, 'me', 'Theo', at, text, { mine: true, delivery: 'on-node', ...more });
  const event = (id: string, name: string, at: Millis): MessageItem =>
    message(id, name, name, at, '', { kind: 'event' });
  return [
    event('o1', 'Mirela', yesterday - 3 * HOUR),
    event('o2', 'Jun', yesterday - 3 * HOUR + 9 * MINUTE),
    ana(
      'o3',
      yesterday - 2 * HOUR,
      'Welcome, both. The short version: everything here lives on the nodes of the people in the room.',
    ),
    ana(
      'o4',
      yesterday - 2 * HOUR + MINUTE,
      'Nothing to sign up for. Your key is your account, so keep it.',
    ),
    jun(
      'o5',
      yesterday - 2 * HOUR + 4 * MINUTE,
      'Thanks! Does it matter that my laptop sleeps most of the day?',
    ),
    ana('o6', yesterday - 2 * HOUR + 6 * MINUTE, 'No. When it wakes up, it catches up.', {
      kind: 'reply',
      replyTo: {
        id: 'o5',
        author: 'Jun',
        text: 'Thanks! Does it matter that my laptop sleeps most of the day?',
      },
      reactions: [
        { emoji: '👍', by: ['Jun', 'Theo', 'Mirela'], mine: true },
        { emoji: '🌊', by: ['Mirela'], mine: false },
      ],
    }),
    me(
      'o7',
      yesterday - HOUR,
      'I wrote up how the delegate keeps a room, with the byte layout:\nhttps://freenet.org/resources/manual/delegates (section 3), and a shorter one at https://example.org/weir.',
    ),
    me('o8', yesterday - HOUR + 2 * MINUTE, 'Corrections welcome.', { edited: true }),
    message('o9', 'mirela', 'Mirela', yesterday - 50 * MINUTE, '🔥'),
    event('o10', 'Bo', now - 4 * HOUR),
    event('o11', 'kei', now - 4 * HOUR + 5 * MINUTE),
    event('o12', 'Inês Araújo', now - 4 * HOUR + 12 * MINUTE),
    event('o13', 'Samir', now - 4 * HOUR + 30 * MINUTE),
    message(
      'o14',
      'mirela',
      'Mirela',
      now - 2 * HOUR,
      'Has anyone run a node on a Raspberry Pi for longer than a week? Mine holds at 180 MB, which is better than I hoped.',
    ),
    me(
      'o15',
      now - 2 * HOUR + 3 * MINUTE,
      'Five weeks, no restart. A small SSD helps more than a bigger Pi.',
      {
        kind: 'reply',
        replyTo: {
          id: 'o14',
          author: 'Mirela',
          text: 'Has anyone run a node on a Raspberry Pi for longer than a week?',
        },
      },
    ),
    me('o16', now - 2 * HOUR + 4 * MINUTE, 'The card dies first.'),
    jun('o17', now - 31 * MINUTE, 'Good to know. I ordered one.'),
    message('o18', 'kei', 'kei', now - 30 * MINUTE, '', { kind: 'unsupported' }),
    message(
      'o19',
      'ana',
      'Ana Lima',
      now - 12 * MINUTE,
      'Reminder: the call is at 18:00 UTC. Agenda:\n\n1. Contract upgrades\n2. What to do about silent drops\n3. Any other business',
      {
        reactions: [{ emoji: '✅', by: ['Bo'], mine: false }],
      },
    ),
    message('o20', 'bo', 'Bo', now - 6 * MINUTE, 'I’ll be ten minutes late.', { kind: 'reply' }),
  ];
}

function allotmentMessages(now: Millis): readonly MessageItem[] {
  const day = now - DAY - 2 * HOUR;
  return [
    message(
      'a1',
      'pia',
      'Pia',
      day,
      'The water butt is full again. Somebody has left the lid off, so mind the frogs.',
    ),
    message(
      'a2',
      'me',
      'Theo',
      day + 3 * MINUTE,
      'That was me, sorry. I’ll bring a net tomorrow.',
      { mine: true, delivery: 'on-node' },
    ),
    message('a3', 'otto', 'Otto', day + 20 * MINUTE, 'Frogs stay.', {
      reactions: [{ emoji: '❤', by: ['Pia', 'Theo'], mine: true }],
    }),
    message('a4', 'pia', 'Pia', now - 40 * MINUTE, '', { kind: 'unreadable' }),
    message(
      'a5',
      'me',
      'Theo',
      now - 4 * MINUTE,
      'Net is on. No signal down here, so this leaves when I’m back at the gate.',
      { mine: true, delivery: 'on-node' },
    ),
    message('a6', 'me', 'Theo', now - 3 * MINUTE, 'Beans are through on the south side!', {
      mine: true,
      delivery: 'stored-here',
    }),
  ];
}

/** @param count messages of five people, one every three minutes, the last of them just now */
export function longHistory(count: number, now: Millis): readonly MessageItem[] {
  const people = ['Ana', 'Bo', 'Jun', 'Mirela', 'Otto'];
  return Array.from({ length: count }, (_, n) => {
    const author = people[Math.floor(n / 3) % people.length] ?? 'Ana';
    const words = 'The level at the upper gate is steady. '.repeat(1 + (n % 4));
    return message(
      `m${n}`,
      author,
      author,
      now - (count - n) * 3 * MINUTE,
      `${n}: ${words.trim()}`,
    );
  });
}
