/** The words of the dialog about a node of several people: fetched with it. */
export const nodeText = {
  title: 'A shared node',
  about:
    'Several people keep their rooms on this node, each apart from the others. Which of them you are is decided by a key that this browser made for itself: there is no name and no password.',
  move: 'Move to another browser',
  moveHint:
    'Whoever has this key can read and change everything that you keep on this node. Take it to another browser of your own, and show it to nobody.',
  show: 'Show my key',
  key: 'Your key',
  enter: 'Use a key that you have',
  enterHint:
    'This browser then becomes the person with that key. Rooms that are here stay here, and are brought along. Note your present key first if you want to come back to it.',
  otherKey: 'Key from your other browser',
  take: 'Use this key',
  taken: 'Done. Your rooms are on their way.',
  same: 'That is the key this browser uses already.',
  notAKey: 'That is no key: a key has 43 or 44 letters and digits. Copy all of it.',
  notStored: (reason: string): string =>
    `Nothing was changed: the browser’s storage failed (${reason}). Try again.`,
} as const;
