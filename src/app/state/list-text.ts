/** The words of the list of rooms beyond its rows, and of what is reached from it. */

const count = (n: number): string => n.toLocaleString('en');

export const listText = {
  filter: 'Find a room',
  filterHint: 'Find a room (Ctrl+K finds from everywhere)',
  found: (n: number): string => (n === 1 ? 'one room' : `${count(n)} rooms`),
  noneFound: (words: string): string => `No room here is called “${words}”.`,
  clear: 'Show all rooms',

  sort: 'Put rooms in order',
  sortDone: 'Done',
  sortHint:
    'Drag a room by its handle, or use the arrows. Alt with the arrow keys moves a room at any time.',
  up: (name: string): string => `Move “${name}” up`,
  down: (name: string): string => `Move “${name}” down`,
  handle: (name: string): string => `Drag “${name}”`,
  moved: (name: string, place: number, of: number): string =>
    `“${name}” is number ${count(place)} of ${count(of)} now`,
  undo: 'Undo',

  muted: 'muted',
  mentionsOnly: (n: number): string =>
    n === 1 ? '1 unread mention or reply' : `${count(n)} unread mentions or replies`,
  unreadDms: (n: number): string =>
    n === 1 ? '1 unread direct message' : `${count(n)} unread direct messages`,

  menu: {
    open: (name: string): string => `Actions for “${name}”`,
    read: 'Mark as read',
    search: 'Search in this room',
    notifications: 'Notifications…',
    details: 'Details',
    leave: 'Leave this room',
  },

  switcher: {
    title: 'Go to a room or a conversation',
    label: 'Name of a room or a person',
    options: 'Rooms and conversations',
    none: (words: string): string => `Nothing here is called “${words}”.`,
    found: (n: number): string => (n === 1 ? 'one found' : `${count(n)} found`),
    in: (room: string): string => `in ${room}`,
    room: 'room',
  },
} as const;
