import type { RoomKey } from '../../shared/brand.ts';

/** Where somebody was reading in a room when they left it. */
export interface ReadingPlace {
  /** Of the message at the upper edge. */
  readonly id: string;
  /** How far below the edge it began, px. */
  readonly top: number;
  /** When the message says it was written: nothing older has to be looked through for it. */
  readonly at: number;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const nameOf = (room: RoomKey): string => `weir:place:${room}`;

/** In this browser only; nothing is lost when it is lost. */
export class ReadingPlaces {
  readonly #store: () => Store;

  constructor(store: () => Store = () => localStorage) {
    this.#store = store;
  }

  of(room: RoomKey): ReadingPlace | undefined {
    try {
      return decoded(this.#store().getItem(nameOf(room)));
    } catch {
      return undefined; // storage is forbidden, or holds something else
    }
  }

  /** @param place undefined: at the end, where a room opens by itself */
  set(room: RoomKey, place: ReadingPlace | undefined): void {
    try {
      if (place) this.#store().setItem(nameOf(room), JSON.stringify(place));
      else this.#store().removeItem(nameOf(room));
    } catch {
      // full or forbidden: the room opens at its end
    }
  }
}

function decoded(stored: string | null): ReadingPlace | undefined {
  if (stored === null) return undefined;
  const { id, top, at } = JSON.parse(stored) as Record<string, unknown>;
  if (typeof id !== 'string' || !/^-?\d{1,20}$/.test(id)) return undefined;
  return typeof top === 'number' && typeof at === 'number' ? { id, top, at } : undefined;
}
