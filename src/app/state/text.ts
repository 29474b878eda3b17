import { unreachable } from '../../shared/result.ts';
import type {
  EditError,
  FoundThing,
  MessageItem,
  MigrationReason,
  RoomSync,
  SyncStatus,
} from './api.ts';

/** Every word that the screens show, in English. Dates and times are formatted in the person's own language (`format.ts`). */

const count = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

const rooms = (n: number): string => count(n, 'room', 'rooms');
const bytes = (n: number): string => n.toLocaleString('en');

/** `A`, `A and B`, `A, B and C`. */
const list = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

const foundThing = (what: FoundThing): string => {
  switch (what.type) {
    case 'room':
      return `“${what.name}”`;
    case 'direct-messages':
      return 'Direct messages';
    case 'list':
      return 'The order of rooms and their notification settings';
    default:
      return unreachable(what);
  }
};

/** A length of time in the largest whole unit, never broken over lines: `12 s`, `5 min`, `3 h`, `2 days`. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}\u00a0h` : `${Math.floor(hours / 24)}\u00a0days`;
}

export const text = {
  app: {
    name: 'Weir',
    title: (room: string | undefined, unread: number): string =>
      `${unread > 0 ? `(${unread}) ` : ''}${room === undefined ? 'Weir' : `Weir - ${room}`}`,
    failed: 'Weir can’t go on here',
    incompleteTitle: 'Not all of Weir is here yet',
    incompleteBody:
      'A part of it could not be fetched. Your rooms and edits are safe; reload when you are online again.',
    reload: 'Reload',
    dismiss: 'Dismiss',
    fromTheFuture:
      'This browser’s data was written by a newer version of Weir. Nothing was changed. Reload, or close other tabs, to get that version.',
    outdated:
      'A newer version of Weir has taken over in another tab. Nothing is lost: reload this one to go on.',
    blocked: 'An older Weir is open in another tab. Close it, and this one goes on.',
    deleted:
      'This browser has deleted what Weir had stored here, while it was open. Reload to go on with what your node keeps.',
    noStorage: (detail: string): string =>
      `The browser refuses storage to Weir, so nothing can be kept safely (${detail}).`,
  },

  rooms: {
    heading: 'Rooms',
    loading: 'Loading your rooms…',
    emptyTitle: 'No rooms yet',
    emptyBody:
      'Make one, or join with an invitation. Rooms that your node keeps for River appear here too. All of it works offline.',
    failedTitle: 'Your rooms couldn’t be loaded',
    retry: 'Try again',
    isPrivate: 'private',
    privateHint: 'Private: only members can read it',
    unread: (n: number): string => count(n, 'unread message', 'unread messages'),
    unreadShort: (n: number): string => (n > 99 ? '99+' : String(n)),
    noMessages: 'No messages yet',
    lastBy: (author: string): string => `${author}: `,
  },

  sync: {
    label: 'Sync',
    sharedNode: 'Shared node: your key',
    doctor: 'How saving stands',
    headline(status: SyncStatus): string {
      switch (status.type) {
        case 'all-on-node':
          return 'All on your node';
        case 'stored-here':
          return `${rooms(status.pendingRooms)} stored here`;
        case 'syncing':
          return status.pendingRooms > 0 ? `Syncing ${rooms(status.pendingRooms)}` : 'Syncing';
        case 'refused':
          return `Refused: ${status.reason ?? 'your node gave no reason'}`;
        case 'offline':
          return 'Offline: edits are stored here';
        default:
          return unreachable(status.type);
      }
    },
    waiting: (n: number): string => `${rooms(n)} waiting`,
    since: (ms: number): string => (ms < 60_000 ? 'since just now' : `for ${duration(ms)}`),
    nextTry: (ms: number): string => (ms > 0 ? `next try in ${duration(ms)}` : 'trying now'),
    waitsForYou: 'waits for you',
    retry: 'Retry',
    looking: (asked: number, of: number): string =>
      `Looking for rooms of earlier River versions: ${asked} of ${of}`,
    earlier: {
      waiting: 'Earlier River versions: not asked yet',
      none: 'Earlier River versions: none has answered',
      open: 'Earlier River versions: not all is here yet',
      left: 'What they hold was left as it is.',
      older: 'Older data',
      byItself:
        'What earlier River versions hold is looked for when it is missing. Searching again asks all of them once more. Rooms that you left long ago may come back; you can leave them again.',
      again: 'Search older data again',
      asked: 'All of them are being asked. What is found will appear by itself.',
      notAsked: 'Your node can’t be reached, so nothing was asked. Please try again later.',
    },
    earlierReason(reason: MigrationReason): string {
      switch (reason.type) {
        case 'silent':
          return `${count(reason.versions, 'version does', 'versions do')} not answer on this node, and will be asked again.`;
        case 'kept':
          return `${reason.version}: ${reason.reason}`;
        case 'refused':
          return `${foundThing(reason.what)}: ${reason.reason}`;
        case 'on-the-way':
          return `${count(reason.values, 'thing that was found is', 'things that were found are')} on the way to your node.`;
        default:
          return unreachable(reason);
      }
    },
    pageDrains:
      'This page syncs by itself, because no service worker can run here. Keep it open until all is on your node.',
    room(sync: RoomSync): string | undefined {
      switch (sync.type) {
        case 'on-node':
          return undefined;
        case 'stored-here':
          return 'stored here';
        case 'refused':
          return `refused: ${sync.reason}`;
        default:
          return unreachable(sync);
      }
    },
  },

  conversation: {
    back: 'Back to rooms',
    members: (n: number): string => count(n, 'member', 'members'),
    rename: 'Rename this room',
    people: 'People in this room',
    about: 'About this room',
    dms: (unread: number): string =>
      unread > 0 ? `Direct messages, ${bytes(unread)} unread` : 'Direct messages',
    awaiting: 'waiting for the room',
    awaitingTitle: 'On its way',
    more: 'Show more',
    less: 'Show less',
    loading: 'Opening the room…',
    history: (room: string): string => `Messages in ${room}`,
    arrivals: 'New messages',
    unreadDivider: 'New',
    emptyTitle: 'Still water',
    emptyBody: 'No messages yet. Write the first one.',
    emptyReadOnly: 'No messages yet.',
    chooseTitle: 'Choose a room',
    welcomeBody:
      'What you write is stored in this browser first, and flows to your node when it can.',
    unknownTitle: 'This room isn’t here',
    unknownBody:
      'It is not among the rooms that your node keeps. You may have left it, or follow a link that was meant for someone else.',
    lostTitle: 'This address leads nowhere',
    lostBody: 'It does not name a room.',
    dmsLoading: 'Opening direct messages…',
    latest: (n: number): string =>
      n > 0
        ? `${count(n, 'new message', 'new messages')}, jump to the latest`
        : 'Jump to the latest',
    older: 'Loading older messages…',
  },

  message: {
    you: 'You',
    edited: 'edited',
    joined: (names: readonly string[]): string =>
      names.length > 3
        ? `${names.length} people joined the room`
        : `${list(names)} joined the room`,
    inReplyTo: 'In reply to ',
    replyGone: 'Original message unavailable',
    unsupported: 'This message is of a kind that Weir can’t show yet.',
    unreadable: 'This message is encrypted, and its key is not here.',
    keyMissing: (version: number): string =>
      `Encrypted with key version ${version}, which you don’t have.`,
    resembles: {
      owner: (name: string): string =>
        `Not the owner of the room: the name only looks like “${name}”`,
      deputy: (name: string): string => `Not a deputy: the name only looks like “${name}”`,
    },
    role: { owner: 'owner', deputy: 'deputy' },
    aboutAuthor: (author: string): string => `About ${author}`,
    delivery: (state: NonNullable<MessageItem['delivery']>): string =>
      ({ 'stored-here': 'stored here', 'on-node': 'on your node', 'in-room': 'in the room' })[
        state
      ],
    label: (author: string, time: string): string => `${author}, ${time}`,
    reaction: (emoji: string, names: string): string => `${emoji} ${names}`,
    reactors: (names: readonly string[], more: number): string =>
      more > 0 ? `${names.join(', ')} and ${more} more` : list(names),
    moreReactions: (n: number): string => `+${n}`,
    showAll: (characters: number): string => `Show all ${bytes(characters)} characters`,
    announce: (author: string, message: string): string => `${author}: ${message}`,
  },

  actions: {
    label: (author: string): string => `Actions for the message of ${author}`,
    react: 'Add a reaction',
    reactWith: (emoji: string): string => `React with ${emoji}`,
    takeBack: (emoji: string): string => `Take back ${emoji}`,
    reply: 'Reply',
    more: 'More actions',
    edit: 'Edit',
    copy: 'Copy text',
    delete: 'Delete',
    copied: 'Text copied',
    notCopied: 'The browser does not let Weir copy. Select the text instead.',
    deleted: 'Message deleted for everyone',
    writeAgain: 'Write it again',
  },

  welcome: {
    title: 'Welcome',
    body: 'Talk in rooms that belong to the people in them. There is no account: every room knows you by a key of its own, kept in this browser and on your node.',
    ways: {
      create: {
        title: 'New room',
        body: 'Give it a name, write, and invite the people you want.',
      },
      join: {
        title: 'Join a room',
        body: 'With a link, a code or a QR picture that somebody gave you.',
      },
      import: {
        title: 'Bring an identity',
        body: 'Go on in a room of River, or of Weir on another device.',
      },
    },
    noInvitation:
      'No invitation? People on the Freenet network give one to the room “Freenet Official”: ',
    ask: 'ask for it',
  },

  people: {
    create: 'New room',
    join: 'Join a room',
    bring: 'Bring an identity',
    left: (name: string): string => `You left “${name}”`,
    leftHere: 'You have left this room.',
    comeBack: 'Come back',
    secretMissing: (version: number): string =>
      `This room is encrypted, and its key of now (version ${version}) has not reached you. The room’s owner hands it out when their Weir is open. Until then you can read what you have keys for, and nothing of yours is sent in clear.`,
    awaitingName: 'New room',
    awaiting:
      'This room has not arrived yet. Its key is safe here, and you can write as soon as it does.',
  },

  composer: {
    replyingTo: 'Reply to ',
    cancelReply: 'Cancel the reply',
    editing: 'Editing your message',
    cancelEdit: 'Cancel editing',
    mention: 'People to mention',
    mentionCount: (n: number): string =>
      `${count(n, 'person', 'people')} to mention. Arrow keys choose, Enter takes.`,
    save: 'Save',
    editLabel: 'Edit your message',
    label: (room: string): string => `Message to ${room}`,
    placeholder: 'Write a message',
    send: 'Send',
    counter: (used: number, max: number): string => `${bytes(used)} / ${bytes(max)} bytes`,
    overLimit: 'The message is too long for this room.',
    nearLimit: 'Close to the longest message that this room takes.',
    tooLong: (used: number, max: number): string =>
      `Too long by ${count(used - max, 'byte', 'bytes')}: this room takes ${bytes(max)}.`,
  },

  rename: {
    title: 'Rename this room',
    label: 'Name',
    hint: 'Every member sees the new name.',
    save: 'Rename',
    cancel: 'Cancel',
    empty: 'A room needs a name.',
    tooLong: (max: number): string => `That is too long: a name has at most ${bytes(max)} bytes.`,
  },

  /** Why an edit was not stored, as a sentence with what to do. */
  editError(error: EditError): string {
    switch (error.type) {
      case 'TooLong':
        return `Not stored: ${bytes(error.bytes)} bytes are too long, the room takes ${bytes(error.maxBytes)}. Shorten it and try again.`;
      case 'Empty':
        return 'Not stored: there is nothing in it.';
      case 'NotAllowed':
        return `Not stored: ${error.reason}`;
      case 'UnknownRoom':
        return 'Not stored: this room is no longer here.';
      case 'QuotaExceeded':
        return 'Not stored: this browser’s storage is full. Free some space and try again; your text is still here.';
      case 'StorageFailed':
        return `Not stored: the browser’s storage failed (${error.reason}). Your text is still here; try again.`;
      default:
        return unreachable(error);
    }
  },
} as const;
