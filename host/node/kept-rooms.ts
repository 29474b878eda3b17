import type { RoomState } from '../../src/river/room-state/room-state.ts';
import { equalBytes } from '../../src/shared/bytes.ts';

/** Decoded, a room takes some ten times its encoding: about a hundred megabytes at most. */
export const MAX_KEPT_BYTES = 12 * 1024 * 1024;

interface KeptRoom {
  readonly bytes: Uint8Array;
  readonly room: RoomState;
}

/**
 * Rooms kept decoded, so that a change verifies only what is new in it: the last ones used, as many as their encodings have room
 * for. Counted in bytes, because a node with many small rooms would otherwise read all of them again with each round of changes.
 */
export class KeptRooms {
  /** By name; the longest unused first. */
  readonly #rooms = new Map<string, KeptRoom>();
  #bytes = 0;

  /** The decoded room, if it was kept with exactly these bytes. */
  get(name: string, bytes: Uint8Array): RoomState | undefined {
    const kept = this.#rooms.get(name);
    if (!kept || !equalBytes(kept.bytes, bytes)) return undefined;
    this.#rooms.delete(name);
    this.#rooms.set(name, kept);
    return kept.room;
  }

  /** Instead of what was kept under the name before. */
  keep(name: string, bytes: Uint8Array, room: RoomState): void {
    this.#drop(name);
    this.#rooms.set(name, { bytes, room });
    this.#bytes += bytes.length;
    for (const oldest of this.#rooms.keys()) {
      if (this.#bytes <= MAX_KEPT_BYTES) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#rooms.get(name)?.bytes.length ?? 0;
    this.#rooms.delete(name);
  }
}
