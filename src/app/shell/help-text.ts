/** The words of the help sheet: every key that does something, by where it does it. */
interface KeyGroup {
  readonly where: string;
  /** Keys that are pressed together in one string, alternatives apart. */
  readonly keys: readonly (readonly [keys: readonly string[], does: string])[];
}

export const helpText = {
  title: 'Keyboard',
  open: 'Keyboard shortcuts',
  groups: [
    {
      where: 'Everywhere',
      keys: [
        [['Ctrl K', '/'], 'Go to a room or a conversation by its name'],
        [['Ctrl Shift F'], 'Search all messages'],
        [
          ['Alt Shift ↓', 'Alt Shift ↑'],
          'The next room with something unread, down or up the list',
        ],
        [['?', 'Ctrl /'], 'This sheet'],
        [['Esc'], 'Close, or go back'],
      ],
    },
    {
      where: 'List of rooms',
      keys: [
        [['↑', '↓'], 'From room to room'],
        [['Home', 'End'], 'The first and the last one'],
        [['Enter'], 'Open the room'],
        [['Alt ↑', 'Alt ↓'], 'Move the room up or down'],
      ],
    },
    {
      where: 'Messages',
      keys: [
        [['Page Up', 'Page Down'], 'From message to message'],
        [['Home', 'End'], 'The first and the newest message'],
        [['Tab'], 'To what can be done with the message'],
        [['Ctrl End', 'Ctrl Home'], 'On to the field for writing, or back to the room’s name'],
      ],
    },
    {
      where: 'Writing',
      keys: [
        [['Enter'], 'Send'],
        [['Shift Enter'], 'A new line'],
        [['↑'], 'In an empty field: change your last message'],
        [['@'], 'Mention somebody; arrow keys choose, Enter takes'],
        [['Esc'], 'Give up an answer or a change'],
      ],
    },
  ] satisfies readonly KeyGroup[] as readonly KeyGroup[],
} as const;
