/** The words around invitations that the person makes: fetched with the core. */

export const inviteText = {
  warning: {
    notListed:
      'The room has taken you off its list of members because you haven’t written for a while. Write something there first: until then, this invitation opens nothing.',
    full: (most: number): string =>
      `The room is full: it holds ${most.toLocaleString('en')} members. Whoever joins now may be left out again.`,
    unread:
      'You can’t read this private room yourself yet. Whoever joins can’t either, until its owner has been there.',
  },
  void: {
    banned: 'Whoever came with it was banned.',
    notListed:
      'You are not on the room’s list of members now. It works again once you write there.',
    gone: 'The key that it was made with is no longer in the room.',
  },
} as const;
