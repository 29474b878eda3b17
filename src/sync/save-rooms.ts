import type { RoomKey } from '../shared/brand.ts';
import { err, ok } from '../shared/result.ts';
import { preferencesIn, putPreferences, ROOMS_META } from '../persist/list-preferences.ts';
import { decodePreferences, encodePreferences, leftRoomsIn } from '../persist/preferences-value.ts';
import { roomOfKey } from '../persist/room-keys.ts';
import { readRoom, ROOM_STORES } from '../persist/room-store.ts';
import { slotOfStored } from '../persist/stored-room.ts';
import {
  saveKeysToDelegate,
  type KeyRows,
  type SaveContext,
  type SaveResult,
} from './save-keys.ts';

const ROOMS: KeyRows = {
  path: 'rooms',
  stores: [...ROOM_STORES, 'list_preferences'],
  what: (key) => (key === ROOMS_META ? 'the order of your rooms and their settings' : 'this room'),
  async value(tx, key) {
    if (key === ROOMS_META) {
      return ok(encodePreferences(await preferencesIn(tx), await leftRoomsIn(tx)));
    }
    const room = await readRoom(tx, roomOfKey(key) as RoomKey);
    if (!room) return err('its rows are missing');
    const slot = slotOfStored(room);
    return slot.ok ? ok(slot.value) : err(`${slot.error.path}: ${slot.error.reason}`);
  },
  async held(tx, key, value) {
    if (key !== ROOMS_META) return;
    const preferences = decodePreferences(value);
    if (preferences.ok) await putPreferences(tx, 'node', preferences.value);
  },
};

/** One iteration over what is dirty of the rooms and of their list: all of it in one compare-and-swap request. */
export const saveRoomsToDelegate = (context: SaveContext): Promise<SaveResult> =>
  saveKeysToDelegate(context, ROOMS);
