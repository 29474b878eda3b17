import { utf8Text } from '../shared/bytes.ts';
import type { LoadedRoom } from './loaded-room.ts';
import type { RoomListing } from './schema.ts';

export function listingOf({ state }: Pick<LoadedRoom, 'state' | 'own' | 'lastRead'>): RoomListing {
  const { configuration } = state.configuration;
  const { name } = configuration.display;
  return {
    name: name.type === 'Public' ? utf8Text(name.value) : 'Private room',
    isPrivate: configuration.privacyMode === 'Private',
    unread: 0,
  };
}
