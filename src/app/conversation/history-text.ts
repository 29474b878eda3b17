/** A length of time in the largest whole unit: `5 min`, `3 h`, `2 days`. */
function delay(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}\u00a0h` : `${Math.floor(hours / 24)}\u00a0days`;
}

/** What the history itself says; the rest is in the messages. */
export const historyText = {
  notHere:
    'That message isn’t here. It may have been deleted, be too old for the room to keep, or not have arrived yet.',
  firstUnread: (n: number): string =>
    n > 1 ? `${n.toLocaleString()} unread, from here` : 'Jump to the first unread',
  /** Behind the time of a message that has come so much later, ms. */
  late: (ms: number): string => `(received after ${delay(ms)} delay)`,
} as const;
