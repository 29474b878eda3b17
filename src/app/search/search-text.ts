const number = (count: number): string => count.toLocaleString();

/** The words of the search screen. */
export const searchText = {
  open: 'Search messages',
  title: 'Search',
  back: 'Back',
  label: 'Words in messages',
  placeholder: 'Search messages',
  scope: 'Where to look',
  everywhere: 'All rooms',
  inRoom: (name: string): string => `Only in ${name}`,
  results: 'Messages found',
  looking: (read: number, of: number): string =>
    of === 0 ? 'Looking…' : `Looking… ${number(read)} of ${number(of)} rooms`,
  found: (total: number, shown: number): string => {
    if (total === 0) return 'Nothing found';
    if (total === 1) return '1 message';
    return shown < total
      ? `${number(total)} messages, the newest ${number(shown)} of them`
      : `${number(total)} messages`;
  },
  emptyTitle: 'Find what was said',
  emptyBody:
    'Every word stored in this browser can be found, without a network: messages of all rooms, private ones and direct messages too. Put a phrase in quotes, or write from: and a name.',
  nothingTitle: 'Nothing found',
  nothingBody:
    'No message that is stored here has these words. What a room no longer keeps can’t be found.',
  failed: (reason: string): string =>
    `The messages could not be read: ${reason}. Nothing is lost; try again.`,
  you: (author: string): string => `${author} (you)`,
  dm: (peer: string): string => `Direct messages with ${peer}`,
} as const;
