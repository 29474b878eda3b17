/** The words of inviting, joining, and bringing an identity along: fetched with their dialogs. */

const count = (n: number): string => n.toLocaleString('en');

export const joinText = {
  qr: {
    show: 'QR code',
    label: (room: string): string => `QR code of the invitation to “${room}”`,
    download: 'Save as a picture',
    tooLong: 'This invitation is too long for a QR code: the room has had many keys. Use the link.',
  },

  invite: {
    message: 'Copy it all with an explanation',
    messageCopied: 'Copied: link, code and explanation',
    /** As it is pasted into a mail or another chat. */
    wholeMessage: (room: string, { link, code }: { link: string; code: string }): string =>
      [
        `You are invited to “${room}”, a group chat on River.`,
        '',
        `If you have Weir, open this link:`,
        link,
        '',
        'If you have River, choose “Join with code” there and paste this code:',
        code,
        '',
        'If you have neither, begin with Freenet: https://freenet.org/quickstart',
        '',
        'This invitation is for you alone. Whoever uses it first is you in that room, so don’t pass it on.',
      ].join('\n'),
    byMessage:
      'Are you in another room with them? Send it as a direct message there: nobody else can read it, and nothing gets cut off on the way.',
    lasts:
      'It has no expiry and can’t be taken back: it stays open until somebody uses it, or until you are no longer in the room.',
    made: 'Passed on from this browser',
    state: {
      pending: 'not used yet',
      used: (by: string): string => `used: ${by} is in the room`,
      void: 'no longer opens the room',
    },
    sentTo: (name: string): string => `sent to ${name}`,
    madeAt: (time: string): string => `Made ${time}`,
    copyAgain: 'Copy the link again',
    copied: 'Link copied',
    remove: 'Take it from this list',
    removeHint: 'Taking one from the list does not take the invitation back.',
    notKept: (reason: string): string =>
      `It is copied, but could not be noted in the list below. ${reason}`,
  },

  join: {
    file: 'From a file…',
    identityHint:
      'The whole text, as it was shown or saved. It is a private key: take it only from yourself.',
    fileHint: 'A picture of a QR code, or an identity that was saved as a file.',
    picture: {
      'too-large': 'This picture is too large to look through.',
      'no-picture': 'This file can’t be read as a picture.',
      'no-code': 'There is no QR code to be found in this picture. A sharper one may help.',
    },
    fileTooLarge: 'This file is too large for an invitation or an identity.',
    river: 'Your rooms from River',
    riverSame:
      'On the node that you use River with there is nothing to do: your rooms appear by themselves.',
    riverOther:
      'From another node: open a room in River, choose “Export ID” beside its members, and paste what it shows here. Each room has an identity of its own.',
    loading:
      'Your rooms are still being loaded from your node. It goes on by itself when they are here.',
    imported: 'Identity brought here',
    waiting: 'On their way',
    waitingHint:
      'Rooms that you have joined and that have not arrived yet. They come as soon as somebody who has them is online.',
    waitingRoom: (key: string): string => `Room ${key}…`,
    retry: 'Look again',
    cancel: 'Cancel',
    cancelOf: (key: string): string => `Cancel joining room ${key}`,
  },

  identity: {
    title: 'Bring an identity',
    label: 'Identity',
    show: 'Show my identity',
    warning:
      'This is your private key for the room. Whoever has it is you there: give it to nobody, and keep it where only you look.',
    copy: 'Copy it',
    copied: 'Copied',
    save: 'Save as a file',
    saved: 'Saved',
    how: 'To go on as yourself on another device, choose “Join a room” there and paste it, or choose the file.',
  },

  share: {
    title: (name: string): string => `Invite ${name} to another room`,
    room: 'Room',
    none: 'You have no other room to invite to.',
    isPrivate: 'private',
    note: 'A few words with it',
    noteHint: 'You may leave this empty.',
    noteLong: (n: number): string => `That is too long: a note has at most ${count(n)} characters.`,
    hint: (name: string): string =>
      `A new invitation is made for ${name} alone, and goes as a direct message. Nobody else can read it.`,
    choose: 'Choose a room first.',
    send: 'Send',
    sent: (name: string): string => `The invitation is on its way to ${name}`,
  },

  awaiting: {
    body: 'You have joined. The room itself comes from the others in it, as soon as one of them is online. You can close this: it arrives by itself.',
    retry: 'Look again',
    cancel: 'Don’t join after all',
  },

  firstSteps: {
    invite: 'Invite somebody',
    body: 'This room is yours. Write the first message, and invite the people you want in it.',
  },
} as const;
