import type { DeletedStorage } from '../state/deleted-storage.ts';
import { fullTime } from '../state/format.ts';

export const deletedText = {
  title: 'The browser has deleted what Weir had stored',
  body({ at, pendingRooms }: DeletedStorage): string {
    const when = `Found out on ${fullTime(at)}. What your node keeps is being loaded from it.`;
    if (pendingRooms === 0) return `${when} As far as is known, everything was on your node.`;
    const rooms = pendingRooms === 1 ? 'one room' : `${pendingRooms} rooms`;
    return `${when} Changes in ${rooms} were not known to be there yet: where they had not arrived, they are lost.`;
  },
  noted: 'I have taken note',
} as const;
