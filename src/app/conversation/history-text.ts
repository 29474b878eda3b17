/** What the history itself says; the rest is in the messages. */
export const historyText = {
  firstUnread: (n: number): string =>
    n > 1 ? `${n.toLocaleString()} unread, from here` : 'Jump to the first unread',
} as const;
