import type { RoomKey } from '../../shared/brand.ts';
import { fold } from '../search/fold.ts';
import type { RoomListItem } from '../state/api.ts';
import type { DmOverviewItem } from '../state/dm-api.ts';

/** Somewhere one can go by its name. */
export interface Place {
  readonly room: RoomKey;
  /** With whom, where it is a conversation of two. */
  readonly peer?: string;
  readonly name: string;
  /** The room that the conversation belongs to. */
  readonly roomName?: string;
  readonly unread: number;
}

/** More are not looked through by eye. */
const MAX_SHOWN = 50;

/** All rooms in the order of the list, then the conversations of two; archived ones too, since one looks for them by name. */
export const placesOf = (
  rooms: readonly RoomListItem[],
  dms: readonly DmOverviewItem[],
): readonly Place[] => [
  ...rooms.map(({ room, name, unread }) => ({ room, name, unread })),
  ...dms.map(({ room, peer, name, roomName, unread }) => ({ room, peer, name, roomName, unread })),
];

/** Those whose names have all words: first those that begin with them, then those of which a word does, then the others. */
export function placesNamed(places: readonly Place[], words: string): readonly Place[] {
  const wanted = fold(words).split(/\s+/u).filter(Boolean);
  const ranked = places.flatMap((place) => {
    const name = fold(place.name);
    const where = fold(place.roomName ?? '');
    const fits = wanted.every((word) => name.includes(word) || where.includes(word));
    return fits ? [{ place, rank: rankOf(name, wanted[0] ?? '') }] : [];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MAX_SHOWN)
    .map(({ place }) => place);
}

function rankOf(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 1;
  return name.includes(word) ? 2 : 3;
}
