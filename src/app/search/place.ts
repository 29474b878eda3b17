import type { MessageKey } from '../../persist/schema.ts';
import type { RoomKey } from '../../shared/brand.ts';
import type { Place } from './room-texts.ts';

/** A row's key within its room, one character for each byte: strings compare as the bytes do, and take less room than arrays. */
export function placeOf([, key]: MessageKey): Place {
  // IndexedDB gives binary keys back as ArrayBuffer, whatever view they were stored from
  return String.fromCharCode(...new Uint8Array(key as unknown as ArrayBuffer));
}

export const keyOf = (room: RoomKey, place: Place): MessageKey => [room, bytesOf(place)];

/** The first 12 bytes of a place are the author's time (see `messageSortKey`). */
export function millisOf(place: Place): number {
  const view = new DataView(bytesOf(place).buffer);
  return Number(view.getBigUint64(0)) * 1000 + Math.floor(view.getUint32(8) / 1e6);
}

const bytesOf = (place: Place): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(place, (character) => character.charCodeAt(0));
