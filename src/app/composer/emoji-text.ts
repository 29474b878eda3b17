/** The words of the emoji picker. */
export const emojiText = {
  title: 'Emoji',
  search: 'Search for an emoji',
  loading: 'Loading…',
  failed: 'The emoji could not be fetched. Try again when you are online.',
  none: 'None is called that.',
  found: (n: number): string => (n === 1 ? '1 emoji' : `${n} emoji`),
  /** By the numbers of emojibase's groups; components are not offered by themselves. */
  groups: [
    'Smileys and emotion',
    'People and body',
    undefined,
    'Animals and nature',
    'Food and drink',
    'Travel and places',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
} as const;
