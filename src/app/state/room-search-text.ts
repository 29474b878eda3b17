import type { RoomSearchStatus } from './live-room-search.ts';

/** Words about the search for one room under earlier contracts. */
export const roomSearchText = {
  heading: 'Earlier versions of this room',
  line({ answered, of, found }: RoomSearchStatus): string {
    const said = `${answered} of ${of} answered`;
    if (found.length > 0) return `${said}; what ${named(found)} held is here`;
    return answered === of ? `${said}; nothing was found` : `${said}; nothing was found so far`;
  },
  reasons: 'Why not all of it is known',
  reason: (version: string, reason: string): string => `${version}: ${reason}`,
  silent: 'Versions that have not answered are asked again by themselves.',
} as const;

const named = (versions: readonly string[]): string =>
  versions.length > 3 ? `${versions.length} of them` : versions.join(' and ');
