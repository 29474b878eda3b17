/** The words of direct messages: fetched with them, not before the first paint. */

const count = (n: number): string => n.toLocaleString('en');

export const dmText = {
  list: {
    title: 'Direct messages',
    in: (room: string): string => `in ${room}`,
    back: 'Back to the room',
    label: 'Conversations',
    archived: (n: number): string => `Archived (${count(n)})`,
    archivedLabel: 'Archived conversations',
    emptyTitle: 'No direct messages yet',
    emptyBody:
      'Choose somebody in “People in this room” to write to them alone. Nobody else can read it.',
    onlyArchived: 'All conversations are archived.',
    unread: (n: number): string => `${count(n)} unread`,
    unreadShort: (n: number): string => (n > 99 ? '99+' : String(n)),
    you: 'You: ',
    nothing: 'No messages yet',
    invitation: (note: string): string => (note === '' ? 'Invitation' : `Invitation: ${note}`),
    archiveOf: (name: string): string => `Archive the conversation with ${name}`,
    unarchiveOf: (name: string): string => `Take the conversation with ${name} out of the archive`,
  },

  thread: {
    back: 'Back',
    private: (name: string): string =>
      `Only you and ${name} can read this. Everybody in the room sees that you write to each other.`,
    emptyTitle: 'No messages yet',
    emptyBody: 'Say hello!',
    gone: 'This conversation isn’t here',
    goneBody: 'Nobody in the room has this address.',
    archive: 'Archive this conversation',
    archived: (name: string): string => `Archived the conversation with ${name}`,
    unarchive: 'Take out of the archive',
    undo: 'Undo',
    purge: 'Delete their messages',
    invite: 'Send an invitation to another room',
  },

  purge: {
    title: (name: string): string => `Delete the messages from ${name}?`,
    body: (n: number): string =>
      `${n === 1 ? 'The one message' : `All ${count(n)} messages`} that you have received in this conversation will be deleted for everybody. It can’t be undone. Your own stay until the other deletes them.`,
    keep: 'Keep them',
    confirm: 'Delete',
  },

  /** What stands for words that can't be shown. */
  unreadable: {
    'not-kept': 'Sent from elsewhere: only its recipient can read it.',
    'no-key': 'Can’t be read: this device has no key for the room.',
    'not-for-this-key': 'Can’t be read: it was not sealed for your key.',
    undecodable: 'Can’t be read: what is in it is no message that Weir knows.',
    'another-room': 'An invitation that names another room than it opens. It was not shown.',
  },
  card: {
    sent: 'Invitation',
    sentTitle: 'Invitation sent',
    title: 'Invitation',
    to: (room: string): string => `to “${room}”`,
    toUnknown: 'to a room that is new to you',
    accept: 'Accept invitation',
    alreadyHere: 'Already a member',
    open: 'Open it',
    banned: 'You’re banned from this room',
    used: 'They are in the room.',
    notUsed: 'Not used yet, as far as this browser knows.',
  },
  invitation: (note: string, link: string): string =>
    `${note === '' ? 'An invitation to a room.' : note}\n${link}`,

  notAMember: (name: string): string =>
    `${name} is not in this room any more, so nothing can be sent to them.`,
  pairFull: (n: number): string =>
    `The room keeps ${count(n)} direct messages from you to one person. With the next one, the oldest goes.`,
  roomFull: (n: number): string =>
    `This room keeps ${count(n)} direct messages in all. With the next one, the oldest of the room goes.`,
} as const;
