/** What the composer says besides the words in `text.ts`. */
export const composerText = {
  split: (n: number): string => `Send as ${n} messages`,
  splitHint: 'Nothing is cut off: shorten it, or send it in parts.',
  tooManyParts: 'Too long to be sent in parts. Shorten it; it stays here until then.',
  notKept:
    'This browser does not store what you type right now. Keep this page open until it is sent.',
  emoji: 'Add an emoji',
} as const;
