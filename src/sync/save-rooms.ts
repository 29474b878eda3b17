import type { RoomKey } from '../shared/brand.ts';
import { err, ok } from '../shared/result.ts';
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
  stores: ROOM_STORES,
  what: 'this room',
  async value(tx, key) {
    const room = await readRoom(tx, roomOfKey(key) as RoomKey);
    if (!room) return err('its rows are missing');
    const slot = slotOfStored(room);
    return slot.ok ? ok(slot.value) : err(`${slot.error.path}: ${slot.error.reason}`);
  },
};

/** One iteration over the dirty rooms: all of them in one compare-and-swap request. */
export const saveRoomsToDelegate = (context: SaveContext): Promise<SaveResult> =>
  saveKeysToDelegate(context, ROOMS);
