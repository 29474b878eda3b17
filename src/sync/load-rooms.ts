import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from '../persist/database.ts';
import { MARKER_STORES, raiseUnlessOwed } from '../persist/dirty-markers.ts';
import { checkEpoch } from '../persist/lanes.ts';
import { NO_PREFERENCES, preferencesIn, ROOMS_META } from '../persist/list-preferences.ts';
import { delegateKeyOfRoom, roomOfKey } from '../persist/room-keys.ts';
import type { ImportOutcome } from './remote-base.ts';
import type { LinkFailure, NodeLink, RemoteValue } from './node-link.ts';
import { READ_WAVE } from './save-keys.ts';

export interface LoadContext {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly epoch: number;
  readonly link: NodeLink;
  importRemote(key: string, remote: RemoteValue): Promise<ImportOutcome>;
}

export interface LoadedRooms {
  /** Whether every listed room could be taken in. */
  readonly complete: boolean;
}

/**
 * Reads every room that the delegate lists, and what it holds of the list itself, in waves, and merges what is news into the
 * database. One room that does not decode, verify or merge keeps nobody else from loading.
 *
 * Rooms that are here and that the delegate does not list (another node, a wiped store, a new delegate) are marked dirty:
 * what this browser holds is then stored again.
 */
export async function fireLoadRoomsRequest(
  context: LoadContext,
): Promise<Result<LoadedRooms, LinkFailure>> {
  const { link } = context;
  const listed = await link.list();
  if (!listed.ok) {
    link.close();
    return listed;
  }
  const keys = [...listed.value].filter((key) => isRoomOrList(key));
  let complete = true;
  for (let i = 0; i < keys.length; i += READ_WAVE) {
    const read = await link.getVersioned(keys.slice(i, i + READ_WAVE));
    if (!read.ok) {
      link.close();
      return err(read.error);
    }
    for (const [key, remote] of read.value) {
      const imported = await context.importRemote(key, remote);
      if (imported.type === 'refused' && key !== ROOMS_META) complete = false;
    }
  }
  await markUnlisted(context);
  return ok({ complete });
}

const isRoomOrList = (key: string): boolean => roomOfKey(key) !== undefined || key === ROOMS_META;

async function markUnlisted({ db, clock, epoch, link }: LoadContext): Promise<void> {
  const held = await db.read(['rooms', 'list_preferences'], async (tx) => {
    const rooms = await tx.objectStore('rooms').getAll();
    const keys = rooms
      .filter((row) => row.status === 'present')
      .map((row) => delegateKeyOfRoom(row.room as RoomKey));
    return (await preferencesIn(tx)) === NO_PREFERENCES ? keys : [...keys, ROOMS_META];
  });
  const missing = held.filter((key) => !link.index.has(key));
  if (missing.length === 0) return;
  await db.write([...MARKER_STORES, 'lanes', 'base'], 'strict', async (tx) => {
    await checkEpoch(tx, 'rooms', epoch);
    for (const key of missing) {
      await tx.objectStore('base').delete(['rooms', key]);
      await raiseUnlessOwed(tx, 'rooms', key, clock.now());
    }
  });
}
