/** The words about one room as a whole: fetched with their dialog. */

const count = (n: number): string => n.toLocaleString('en');
const versions = (list: readonly number[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(list.map(String));

export const roomText = {
  name: 'Name',
  description: 'Description',
  descriptionPlaceholder: 'What the room is for (optional)',
  save: 'Save',
  saved: 'Saved',
  limits: 'Limits',
  limit: {
    maxMembers: 'Members besides the owner',
    maxRecentMessages: 'Messages that are kept',
    maxMessageSize: 'Bytes in a message',
    maxUserBans: 'Bans that are kept',
    maxNicknameSize: 'Bytes in a person’s name',
    maxRoomName: 'Bytes in the room’s name',
    maxRoomDescription: 'Bytes in the description',
  },
  limitWrong: 'Limits are whole numbers from 1 on.',
  nameTooLong: (max: number): string =>
    `That is too long: the room’s name has at most ${count(max)} bytes.`,
  descriptionTooLong: (max: number): string =>
    `That is too long: the description has at most ${count(max)} bytes.`,
  /** What lower limits would take away. */
  fewerMessages: (n: number): string =>
    `Messages beyond the newest ${count(n)} will be deleted for everybody.`,
  fewerMembers: (n: number): string =>
    `${count(n)} ${n === 1 ? 'person loses their place' : 'people lose their places'}, those furthest from you first.`,
  fewerBans: (n: number): string => `Bans beyond ${count(n)} end: who was banned may come back.`,
  saveAgain: 'Save again if you mean it.',
  members: (n: number, max: number): string => `${count(n)} of ${count(max)}`,
  membersLabel: 'Members now',
  full: 'The room is full: nobody can join until somebody leaves, or the owner makes it larger.',

  privacy: 'Privacy',
  public: 'Public: whoever knows the room’s key can read it. This can’t be changed.',
  encrypted: (version: number): string =>
    `Private: messages and names are encrypted. The key of now is version ${count(version)}.`,
  notEncrypted:
    'Not hidden: who is a member and who invited whom, when and how much somebody writes, bans, and limits.',
  missing: (list: readonly number[]): string =>
    list.length === 1
      ? `You don’t have key version ${versions(list)}: what was written with it can’t be read here yet.`
      : `You don’t have key versions ${versions(list)}: what was written with them can’t be read here yet.`,
  missingHelp:
    'Only the room’s owner can hand them out. Their Weir does it by itself while it is open; ask them to open the room.',
  rotate: 'New key',
  rotateHint:
    'Who has left or was banned can’t read what is written with a new key. Everybody who is here gets it. After a ban it is made by itself.',
  rotateAlone: 'A new key needs somebody else in the room.',
  rotated: (version: number): string => `Key version ${count(version)} is in use now`,

  leaveOwner:
    'You own this room. Nobody else can change it, and in a private room nobody else can hand out its keys. Your key stays in this browser: keep an export of your identity too.',
} as const;
