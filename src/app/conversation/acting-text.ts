import type { MessageItem } from '../state/api.ts';

/** The words around what can be done with a message. */
export const actingText = {
  link: 'Copy a link to it',
  linkCopied: 'Link copied. It opens for people who are in the room.',
  details: 'Details',
  moreEmoji: 'More emoji',
  confirmDelete: 'Delete it for everyone? That can’t be taken back.',
  reallyDelete: 'Delete for everyone',
  keep: 'Keep it',

  about: {
    title: 'About this message',
    from: 'From',
    written: 'Written',
    edited: 'The text was changed since',
    where: 'Where it is',
    size: 'Text',
    sizeOf: (bytes: number, characters: number): string =>
      `${bytes.toLocaleString('en')} bytes, ${characters.toLocaleString('en')} characters`,
    id: 'Message ID',
    memberId: 'Member ID',
    reactions: 'Reactions',
    state(item: MessageItem): string {
      if (item.refused) return item.refused.reason;
      switch (item.delivery) {
        case 'stored-here':
          return 'Stored in this browser. It goes to your node as soon as that answers.';
        case 'on-node':
          return 'On your node. The room has not confirmed it yet.';
        case 'in-room':
          return 'In the room: everybody can see it.';
        default:
          return 'In the room.';
      }
    },
  },
} as const;
