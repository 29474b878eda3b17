import type { WeirDatabase } from '../../persist/database.ts';
import { EditQueue } from '../../persist/edit-queue.ts';
import { composeJoining } from '../../persist/join.ts';
import { loadRoom, type LoadedRoom } from '../../persist/loaded-room.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import { changeWholeRoom } from '../../persist/whole-room.ts';
import type { DirtyMarker } from '../../persist/schema.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { ok, type Result } from '../../shared/result.ts';
import { MembersCore } from '../state/members-core.ts';
import { PeopleCore } from '../state/people-core.ts';

/** One browser: its own database, no node anywhere. */
export class OfflineBrowser {
  readonly db: WeirDatabase;
  readonly memo = new SignatureMemo();
  readonly people: PeopleCore;
  readonly members: MembersCore;
  readonly edits: EditQueue;
  readonly compose = { memo: this.memo, clock: systemClock, random: systemRandom };

  constructor(db: WeirDatabase) {
    this.db = db;
    const cache = new RoomCache(db, this.memo);
    this.people = new PeopleCore({
      db,
      cache,
      sync: { tell: () => {}, edited: () => {} },
      origin: 'http://localhost:7520',
      compose: this.compose,
    });
    this.edits = new EditQueue({
      db,
      cache,
      memo: this.memo,
      clock: systemClock,
      committed: () => {},
    });
    this.members = new MembersCore({
      db,
      cache,
      edits: this.edits,
      sync: { tell: () => {}, edited: () => {} },
      compose: this.compose,
    });
  }

  async room(room: RoomKey): Promise<LoadedRoom> {
    const loaded = await loadRoom(this.db, room, this.memo);
    if (!loaded.ok || !loaded.value) throw new Error('not stored');
    return loaded.value;
  }

  /** A room of one's own, as Ana. */
  async create(name: string, isPrivate = false): Promise<RoomKey> {
    return good(await this.people.createRoom({ name, nickname: 'Ana', isPrivate })).key;
  }

  /** What the room's contract would bring. */
  async arrive(room: RoomKey, from: LoadedRoom): Promise<void> {
    const done = await changeWholeRoom(
      { db: this.db, ...this.compose, committed: () => {} },
      room,
      (stored) => {
        if (!stored) throw new Error('not stored');
        const join = composeJoining(from.state, stored.own, this.compose);
        if (!join.ok) throw new Error(join.error.type);
        return ok({ type: 'arrive', state: { ...from.state }, ...join.value });
      },
    );
    good(done);
  }

  markers(): Promise<DirtyMarker[]> {
    return this.db.read(['dirty'], (tx) => tx.objectStore('dirty').getAll());
  }
}

/** What was done. @throws when it was refused */
export function good<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error, (_, v: unknown) => String(v)));
  return result.value;
}

/** The whole state of a room as one browser has it becomes another's. */
export async function copyState(
  from: OfflineBrowser,
  to: OfflineBrowser,
  room: RoomKey,
): Promise<void> {
  const { state } = await from.room(room);
  const done = await changeWholeRoom(
    { db: to.db, ...to.compose, committed: () => {} },
    room,
    (stored) => {
      if (!stored) throw new Error('not stored');
      return ok({ type: 'arrive', state, own: stored.own, delta: null });
    },
  );
  good(done);
}
