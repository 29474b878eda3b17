import { delegateKeyOfRoom } from '../../persist/room-keys.ts';
import type { DirtyMarker, FailureCode } from '../../persist/schema.ts';
import type { RoomKey } from '../../shared/brand.ts';

/** Failures that only the person, or others in the room, can do something about. */
const BY_THE_ROOM: ReadonlySet<FailureCode> = new Set([
  'room-refused',
  'remote-undecodable',
  'merge-failed',
]);

/**
 * The markers of the delegate's path, with what rooms' contracts have refused among them: a room whose edits are on the node and
 * will not get into the room has to say so.
 */
export function withRefusals(
  markers: readonly DirtyMarker[],
  contracts: readonly DirtyMarker[],
): readonly DirtyMarker[] {
  const byKey = new Map(markers.map((marker) => [marker.key, marker]));
  for (const marker of contracts) {
    const { failure } = marker;
    if (!failure || !BY_THE_ROOM.has(failure.code)) continue;
    const key = delegateKeyOfRoom(marker.key as RoomKey);
    const own = byKey.get(key) ?? { ...marker, key };
    byKey.set(key, { ...own, failure: own.failure ?? failure });
  }
  return [...byKey.values()];
}
