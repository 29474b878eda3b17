import type { RoomDelta, RoomState } from '../river/room-state/room-state.ts';
import { applyDelta, delta, preverifyDelta, summarize, type RoomChanges } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { Clock } from '../shared/clock.ts';
import { isAwaiting } from './awaiting-room.ts';
import type { WeirDatabase, WriteTx } from './database.ts';
import { MARKER_STORES, raiseMarker } from './dirty-markers.ts';
import type { Alongside } from './edit-queue.ts';
import { changeWrite, type LoadedRoom } from './loaded-room.ts';
import type { RoomCache } from './room-cache.ts';
import { freshDelta } from './fresh-delta.ts';
import { delegateKeyOfRoom } from './room-keys.ts';
import { RevMovedError, ROOM_WRITE_STORES, writeRoom } from './room-store.ts';
import type { RowsError } from './stored-room.ts';

/** What others have written in a room, as it came: nothing of it is believed yet. */
export type RoomNews =
  | { readonly type: 'state'; readonly state: RoomState }
  | { readonly type: 'delta'; readonly delta: RoomDelta };

export type NewsRefused =
  /** A signature or a rule of the room does not hold. Nothing was written. */
  | { readonly type: 'RefusedByRules'; readonly reason: string }
  /** The rows here can't be read: nothing can be merged into them. */
  | RowsError
  /** Somebody else wrote the room at every try. */
  | { readonly type: 'Busy' };

export type NewsOutcome =
  /** The room is not here, or was left. */
  | { readonly type: 'absent' }
  /** A key is here and no room yet: only a whole state can begin it. */
  | { readonly type: 'awaiting'; readonly room: LoadedRoom }
  /** It is as it is now stored; `changed`: something was new. Not to be changed by the caller. */
  | { readonly type: 'merged'; readonly room: LoadedRoom; readonly changed: boolean }
  | { readonly type: 'refused'; readonly refusal: NewsRefused };

export interface MergeNewsDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  /** Asked in the transaction that writes (`lanes` is open in it); what it throws undoes the transaction. */
  readonly guard?: (tx: WriteTx) => Promise<unknown>;
  /** What is to be written in the very transaction that writes the news, if there is any. It is then written to disk at once. */
  readonly alongside?: Alongside;
}

/** An edit may win the race for the room's revision this often. */
const MAX_TRIES = 10;

/**
 * Merges news into a stored room: every signature and rule is verified first, then what changed is written in one transaction
 * that fails when the room has moved on, and then everything is done again.
 *
 * The delegate gets news late (a marker of level `cache`): the room's contract has it, so nothing can be lost.
 * One call per room at a time.
 */
export async function mergeNews(
  deps: MergeNewsDeps,
  room: RoomKey,
  news: RoomNews,
): Promise<NewsOutcome> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const loaded = await deps.cache.get(room);
    if (!loaded.ok) return { type: 'refused', refusal: loaded.error };
    if (!loaded.value || loaded.value.status !== 'present') return { type: 'absent' };
    if (isAwaiting(loaded.value.state)) return { type: 'awaiting', room: loaded.value };
    try {
      return await mergeInto(deps, loaded.value, news);
    } catch (error) {
      deps.cache.drop(room); // memory is ahead of what is stored
      if (!(error instanceof RevMovedError)) throw error;
    }
  }
  return { type: 'refused', refusal: { type: 'Busy' } };
}

async function mergeInto(
  deps: MergeNewsDeps,
  room: LoadedRoom,
  news: RoomNews,
): Promise<NewsOutcome> {
  const { state, params } = room;
  const missing =
    news.type === 'delta' ? freshDelta(news.delta, state) : delta(news.state, summarize(state));
  if (missing === null) return { type: 'merged', room, changed: false };
  await preverifyDelta(missing, state, params, deps.memo);
  const applied = applyDelta(state, params, missing, deps.memo);
  if (!applied.ok) {
    return { type: 'refused', refusal: { type: 'RefusedByRules', reason: applied.error.reason } };
  }
  const changed = hasChanged(applied.value);
  if (changed) await write(deps, room, applied.value);
  return { type: 'merged', room, changed };
}

/** The rules may make a list anew without anything new in it. */
const hasChanged = ({ fields, messagesAdded, messagesRemoved }: RoomChanges): boolean =>
  messagesAdded.length + messagesRemoved.length > 0 ||
  [...fields].some((field) => field !== 'recentMessages');

async function write(
  { db, clock, guard, alongside }: MergeNewsDeps,
  room: LoadedRoom,
  changes: RoomChanges,
): Promise<void> {
  const now = clock.now();
  const rows = changeWrite(room, changes, false);
  const put = rows.put.map(({ order, row }) => ({ order, row: { ...row, firstSeen: now } }));
  const stores = [
    ...ROOM_WRITE_STORES,
    ...MARKER_STORES,
    'lanes',
    ...(alongside?.stores ?? []),
  ] as const;
  // relaxed: a crash costs a fetch, the contract still has it
  await db.write(stores, alongside ? 'strict' : 'relaxed', async (tx) => {
    await guard?.(tx);
    await writeRoom(tx, { ...rows, put });
    const token = await raiseMarker(tx, 'rooms', delegateKeyOfRoom(room.room), now, 'cache');
    await alongside?.write(tx, token, now);
  });
  room.rev += 1;
}
