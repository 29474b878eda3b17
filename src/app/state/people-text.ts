/** The words of the dialogs around people and rooms: fetched with them, not before the first paint. */

const bytes = (n: number): string => n.toLocaleString('en');

export const peopleText = {
  dialogs: {
    close: 'Close',
    cancel: 'Cancel',
    done: 'Done',
    copy: 'Copy',
    copied: 'Copied',
  },

  nickname: {
    empty: 'You need a name in the room.',
    emoji: 'A name can’t contain emoji or hidden characters.',
    tooLong: (max: number): string => `That is too long: a name has at most ${bytes(max)} bytes.`,
  },

  create: {
    open: 'New room',
    title: 'New room',
    name: 'Name of the room',
    nickname: 'Your name in it',
    nicknameHint: 'Every room knows you by a key and a name of its own.',
    isPrivate: 'Private',
    privateHint:
      'Messages and names are encrypted: only members can read them. This can’t be changed later.',
    submit: 'Create',
  },
  join: {
    open: 'Join a room',
    title: 'Join a room',
    paste: 'Invitation',
    pasteHint:
      'A link or a code that somebody gave you. An identity that you exported works here too.',
    pasteEmpty: 'Paste the invitation first.',
    next: 'Next',
    reading: 'Reading the invitation…',
    invited:
      'You are invited to a room. Its name and messages come from the network once you have joined.',
    declinedBefore: 'You declined this invitation before.',
    nickname: 'Your name in the room',
    accept: 'Join',
    decline: 'Decline',
    alreadyHere: (name: string): string => `You are in “${name}” already. Nothing was changed.`,
    openRoom: 'Open it',
    comeBack: (name: string): string =>
      `You left “${name}”. You can come back with the key that you had there.`,
    back: 'Come back',
    backTo: (name: string): string => `Come back to “${name}”`,
    left: 'Rooms that you left',
    replaceKey: (name: string, reason: string): string =>
      `You have a key for “${name}” that no longer works there: ${reason} The invitation would give you a new one. The old one is kept in this browser.`,
    wouldReplace: (name: string): string =>
      `You are somebody else in “${name}” here. With this identity you would go on as the other. The key that you have now is kept in this browser.`,
    replace: 'Replace my key',
  },
  invite: {
    open: 'Invite somebody',
    title: (room: string): string => `Invite somebody to “${room}”`,
    onePerson:
      'For one person only: whoever opens it first is that member. Make another one for the next.',
    link: 'Link',
    code: 'Code, for any node',
    another: 'Another one',
  },

  details: {
    title: 'About this room',
    roomKey: 'The room’s public key',
    contractId: 'Contract',
    identity: 'Your identity here',
    identityHint:
      'It opens this room as you on another device. It is a private key: give it to nobody.',
    leave: 'Leave this room',
    leaveHint: 'It goes from your list. Your key stays in this browser, so that you can come back.',
  },
} as const;
