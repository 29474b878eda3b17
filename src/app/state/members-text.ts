import type { BanItem, BanPreview, Resemblance } from './members-api.ts';

/** The words around the members of a room: fetched with their dialog. */

const SHOWN_NAMES = 5;

const list = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

const shortList = (names: readonly string[]): string => {
  const more = names.length - SHOWN_NAMES;
  return list([...names.slice(0, SHOWN_NAMES), ...(more > 0 ? [`${more} more`] : [])]);
};

function messagesGo(n: number): string {
  if (n === 0) return 'No message goes with them.';
  return n === 1 ? 'Their message goes too.' : `Their ${n.toLocaleString('en')} messages go too.`;
}

export const membersText = {
  title: (room: string): string => `People in “${room}”`,
  list: 'Members',
  count: (n: number, max: number): string =>
    `${n.toLocaleString('en')} of ${max.toLocaleString('en')} places`,
  full: 'The room is full: nobody can join until somebody leaves, or the owner makes it larger.',
  invite: 'Invite somebody',
  find: 'Find somebody',
  found: (n: number): string => (n === 1 ? '1 person found' : `${n.toLocaleString('en')} found`),
  nobodyFound: 'Nobody here is called that.',
  legend: 'What the marks mean',

  /** What a person is, in the order in which it is told; the legend says the same words. */
  tag: {
    warning: {
      word: 'looks like someone else',
      hint: 'The name looks like that of the owner or a deputy, who are other people',
    },
    owner: { word: 'owner', hint: 'The room is theirs: they may change it and ban anybody' },
    you: { word: 'you', hint: 'This is you' },
    'invited-by-you': { word: 'invited by you', hint: 'You invited them' },
    'in-your-network': {
      word: 'in your network',
      hint: 'Somebody whom you invited has invited them, directly or not',
    },
    'invited-you': { word: 'invited you', hint: 'They invited you, and may ban you' },
    'above-you': {
      word: 'above you',
      hint: 'Your invitation goes back to them, and they may ban you',
    },
    deputy: { word: 'deputy', hint: 'The owner, somebody above you, or you let them ban' },
    muted: { word: 'muted', hint: 'Nothing of theirs is shown in this browser' },
    unlisted: {
      word: 'not listed',
      hint: 'Quiet for long: you are listed again with the next thing you write',
    },
  },

  id: (label: string): string => `Member ${label}`,
  idLabel: 'Member ID',
  invitedBy: 'Invited by',
  deputyOf: (names: readonly string[]): string => `Deputy of ${shortList(names)}.`,
  canBanYou: 'May ban you.',
  theirDeputies: (names: readonly string[]): string => `Their deputies: ${shortList(names)}.`,
  yourDeputies: (names: readonly string[]): string => `Your deputies: ${shortList(names)}.`,
  resembles: ({ name, role }: Resemblance): string =>
    role === 'owner'
      ? `This is not the owner. The name only looks like “${name}”.`
      : `This is not a deputy. The name only looks like “${name}”.`,
  unlisted:
    'You have been quiet for long, so the room does not list you. You are listed again with the next thing you write.',

  rename: 'Your name in this room',
  renameHint: 'Everybody in the room sees the change.',
  save: 'Save',
  saved: 'Saved',
  ownKey: 'Your public key in this room, for whoever invites you',
  message: 'Message',
  share: 'Invite to another room…',
  mute: 'Mute',
  unmute: 'Show again',
  muteHint: 'Muting hides what they write, in this browser only. Nobody is told.',
  mutedNow: (name: string): string => `${name} is muted here`,
  shownAgain: (name: string): string => `${name} is shown again`,
  appoint: 'Make deputy',
  revoke: 'Take deputyship back',
  appointHint: (isOwner: boolean): string =>
    isOwner
      ? 'A deputy may ban anybody in the room but you.'
      : 'A deputy may ban those whom you invited, directly or not.',
  appointed: (name: string): string => `${name} is your deputy now`,
  revoked: (name: string): string => `${name} is no deputy of yours any more`,

  ban: 'Ban…',
  banConfirm: 'Ban',
  banned: (name: string): string => `${name} is banned`,
  keep: 'Keep',
  /** All that a ban does, before it is made. */
  banDoes({ removes, messages, ends, secret }: BanPreview): readonly string[] {
    const [member = '', ...invited] = removes;
    const others = invited.length > 0 ? `, and whom they invited: ${shortList(invited)}` : '';
    return [
      `This removes ${member}${others}. ${messagesGo(messages)} It can’t be undone.`,
      ...(ends.length > 0
        ? [`The room keeps only so many bans: that of ${shortList(ends)} ends with it.`]
        : []),
      ...(secret === 'now' ? ['What is written from then on is encrypted with a new key.'] : []),
      ...(secret === 'by-owner'
        ? ['They can read on until the owner’s Weir has exchanged the key.']
        : []),
    ];
  },

  bans: (n: number, max: number): string => `Bans (${n} of ${max})`,
  bannedBy: (by: string, when: string): string => `by ${by}, ${when}`,
  banState(state: BanItem['state']): string {
    const words: Readonly<Record<BanItem['state'], string>> = {
      'in-force': 'in force',
      'banner-gone': 'without effect: who made it is not in the room any more',
      'no-authority': 'without effect: who made it may not ban this person any more',
      ended: 'ended: the room keeps only so many bans',
    };
    return words[state];
  },
} as const;
