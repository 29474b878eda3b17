import type { WeirDatabase } from './database.ts';
import { isAwaiting } from './awaiting-room.ts';
import { composeJoining } from './join.ts';
import { changeWholeRoom } from './whole-room.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { preverify, verifyRoom } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import { fromBase58 } from '../shared/bytes.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Alongside } from './edit-queue.ts';
import type { NewsRefused } from './merge-news.ts';

export interface ArrivalDeps {
  readonly db: WeirDatabase;
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when the room is stored. */
  readonly committed: (rooms: readonly RoomKey[]) => void;
  /** Written in the transaction that stores the room. */
  readonly alongside?: Alongside;
}

/**
 * The state of a room that was waited for takes the place of the stand-in, and the person becomes a member in the same
 * transaction. Who can't (they were banned meanwhile) still gets to see the room.
 *
 * @param state as it came from the node: every signature and rule is verified first
 * @returns whether the person has something to tell the room
 */
export async function arrive(
  deps: ArrivalDeps,
  room: RoomKey,
  state: RoomState,
): Promise<Result<boolean, NewsRefused>> {
  const params = { owner: fromBase58(room) };
  await preverify(state, params, deps.memo);
  const verified = verifyRoom(state, params, deps.memo);
  if (!verified.ok) return err({ type: 'RefusedByRules', reason: verified.error.reason });
  let joins = false;
  const changed = await changeWholeRoom<NewsRefused>(deps, room, (stored) => {
    if (!stored || !isAwaiting(stored.state)) return err({ type: 'Busy' }); // another tab was first
    const joining = composeJoining(state, stored.own, deps);
    const join = joining.ok ? joining.value : { own: stored.own, delta: null };
    joins = join.delta !== null;
    return ok({ type: 'arrive', state, ...join });
  });
  if (changed.ok) return ok(joins);
  const { error } = changed;
  switch (error.type) {
    case 'RefusedByRoom':
      return err({ type: 'RefusedByRules', reason: error.reason });
    case 'QuotaExceeded':
    case 'StorageFailed':
      throw new Error(`the room could not be stored: ${error.type}`);
    case 'UnknownRoom':
      return err({ type: 'Busy' });
    default:
      return err(error);
  }
}
