import type { Millis, RoomKey } from '../../shared/brand.ts';
import { ROOMS_META } from '../../persist/list-preferences.ts';
import type { DirtyMarker, Failure, LaneRow } from '../../persist/schema.ts';
import type { RoomSync, SyncStatus } from './api.ts';

/** Everything that the sync status is derived from; all of it comes from the database, except `syncing`. */
export interface SyncFacts {
  readonly markers: readonly DirtyMarker[];
  readonly lane: LaneRow;
  /** Why values on the node were set aside, one for each. */
  readonly setAside: readonly string[];
  readonly syncing: boolean;
  readonly pageDrains: boolean;
}

/** What is true of all rooms together. The last error stays until a durable receipt has covered what it did not. */
export function syncStatus(facts: SyncFacts): SyncStatus {
  const { markers, syncing, pageDrains } = facts;
  // what goes beside a room's change is done when all of it is, and is no room of its own
  const rooms = markers.filter(({ path, key }) => path === 'rooms' && key !== ROOMS_META).length;
  const pendingRooms = Math.max(rooms, Math.min(1, markers.length));
  const since = pendingRooms > 0 ? Math.min(...markers.map((marker) => marker.since)) : undefined;
  const failure = worst(facts);
  const base = { pendingRooms, pageDrains, ...(since !== undefined && { since }) };
  if (failure) {
    const told = { ...base, reason: failure.sentence, ...nextTry(failure) };
    const offline = failure.code === 'node-unreachable';
    if (syncing && offline) return { ...told, type: 'syncing' };
    return { ...told, since: since ?? failure.since, type: offline ? 'offline' : 'refused' };
  }
  const [reason] = facts.setAside;
  if (reason !== undefined) {
    const count = facts.setAside.length;
    const values = count === 1 ? 'A room' : `${count} rooms`;
    const told = `${values} on your node can’t be read (${reason}). Nothing was overwritten.`;
    return { ...base, type: 'refused', reason: told };
  }
  if (syncing && pendingRooms > 0) return { ...base, type: 'syncing' };
  return { ...base, type: pendingRooms > 0 ? 'stored-here' : 'all-on-node' };
}

/** The rooms' facts with those of a path that goes beside them: neither is done before the other. */
export function withPath(
  rooms: Pick<SyncFacts, 'markers' | 'lane'>,
  beside: Pick<SyncFacts, 'markers' | 'lane'>,
): Pick<SyncFacts, 'markers' | 'lane'> {
  const markers = [...rooms.markers, ...beside.markers];
  const failure =
    rooms.lane.failure ?? (beside.markers.length > 0 ? beside.lane.failure : undefined);
  return { markers, lane: failure ? { ...rooms.lane, failure } : rooms.lane };
}

/** Where the newest edit of one room is. */
export function roomSync(room: DirtyMarker | undefined, lane: LaneRow): RoomSync {
  if (!room) return { type: 'on-node' };
  const failure = room.failure ?? lane.failure;
  if (!failure || failure.code === 'node-unreachable')
    return { type: 'stored-here', since: room.since };
  return { type: 'refused', reason: failure.sentence, since: room.since, ...nextTry(failure) };
}

/** The earliest moment at which a failed try may be repeated by itself. */
export function nextTryOf({
  markers,
  lane,
}: Pick<SyncFacts, 'markers' | 'lane'>): Millis | undefined {
  if (markers.length === 0) return undefined;
  const times = [lane.failure, ...markers.map((marker) => marker.failure)]
    .map((failure) => failure?.nextTryAt)
    .filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** A room's own refusal says more than that the node is away. */
function worst({ markers, lane }: SyncFacts): Failure | undefined {
  const own = markers.map((marker) => marker.failure).filter((failure) => failure !== undefined);
  const refused = own.find(
    (failure) => failure.code !== 'node-unreachable' && failure.code !== 'unknown',
  );
  return refused ?? lane.failure ?? own[0];
}

const nextTry = (failure: Failure): { nextTryAt?: Millis } =>
  failure.nextTryAt === undefined ? {} : { nextTryAt: failure.nextTryAt };

export const markerOfRoom = (
  markers: readonly DirtyMarker[],
  room: RoomKey,
): DirtyMarker | undefined => markers.find((marker) => marker.key === `room:${room}`);
