/** What the history itself says; the rest is in the messages. */
export const historyText = {
  notHere:
    'That message isn’t here. It may have been deleted, be too old for the room to keep, or not have arrived yet.',
  firstUnread: (n: number): string =>
    n > 1 ? `${n.toLocaleString()} unread, from here` : 'Jump to the first unread',
} as const;
