import type { RoomKey } from '../shared/brand.ts';
import { equalBytes } from '../shared/bytes.ts';
import type { PartName } from './schema.ts';

/** A part as it is stored, and what it says. */
export interface DecodedPart {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/** Rooms whose parts are kept. */
const ROOMS = 4;

/**
 * What was decoded of the rooms that were looked at last: to open one again costs no decoding of its thousand members. Of the same bytes
 * the same value, which nobody changes.
 */
export class DecodedParts {
  readonly #rooms = new Map<RoomKey, Map<PartName, DecodedPart>>();

  /** What these bytes were decoded to. */
  get(room: RoomKey, part: PartName, bytes: Uint8Array): DecodedPart | undefined {
    const known = this.#rooms.get(room)?.get(part);
    return known && equalBytes(known.bytes, bytes) ? known : undefined;
  }

  set(room: RoomKey, part: PartName, decoded: DecodedPart): void {
    const parts = this.#rooms.get(room) ?? new Map<PartName, DecodedPart>();
    parts.set(part, decoded);
    this.#rooms.delete(room);
    this.#rooms.set(room, parts);
    const [oldest] = this.#rooms.keys();
    if (this.#rooms.size > ROOMS && oldest !== undefined) this.#rooms.delete(oldest);
  }
}
