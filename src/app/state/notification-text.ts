import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { NotificationAccess } from './notifications-api.ts';

/** The words of notifications, and of what a room may tell. */

const count = (n: number): string => n.toLocaleString('en');

export const notificationText = {
  message: (sender: string, words: string): string => `${sender}: ${words}`,
  messages: (n: number): string => `${count(n)} new messages`,
  reaction: (emoji: string): string => `Reacted ${emoji} to your message`,
  reactions: (n: number): string => `${count(n)} new reactions to your messages`,
  encrypted: '[Encrypted message]',

  mode: (mode: NotificationMode): string =>
    ({
      All: 'All messages',
      MentionsAndReplies: 'Mentions & replies only',
      Muted: 'Muted',
    })[mode],
  modeHint: (mode: NotificationMode): string =>
    ({
      All: 'Everything that others write counts, and can be told.',
      MentionsAndReplies: 'Only what names you or answers you counts.',
      Muted: 'No badge, and nothing is told.',
    })[mode],

  dialog: {
    title: 'Notifications',
    group: (room: string): string => `What “${room}” may tell you of`,
    hint: 'This choice belongs to the room. It is kept on your node and is the same on all your devices.',
    done: 'Done',
  },

  /** What the bell says. */
  bell: (mode: NotificationMode, isBlocked: boolean): string => {
    if (isBlocked) return 'Notifications: the browser blocks them';
    return `Notifications: ${notificationText.mode(mode).toLowerCase()}`;
  },

  access: (access: NotificationAccess): string =>
    ({
      granted: 'This browser shows notifications of Weir while it is open in a tab.',
      denied:
        'This browser blocks notifications of Weir. You can allow them in its settings for this page.',
      default: 'This browser has not been asked yet whether Weir may show notifications.',
      unsupported: 'This browser has no notifications for Weir. Badges are shown all the same.',
    })[access],
  enable: 'Turn on notifications',

  offer: {
    label: 'Notifications',
    body: 'Weir can tell you of new messages while you look elsewhere. Each room can be muted.',
    yes: 'Turn on',
    no: 'Not now',
  },
} as const;
