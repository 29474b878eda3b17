import { contractIdText, type ContractKey } from '../river/contract-key.ts';
import { selfKeyOf, type OwnRoomData, type RoomData } from '../river/room-data.ts';
import type { RoomDelta, RoomState } from '../river/room-state/room-state.ts';
import { applyDelta, NO_CHANGES } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import { equalBytes } from '../shared/bytes.ts';
import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { isAwaiting } from './awaiting-room.ts';
import { storageError, type WeirDatabase } from './database.ts';
import { raiseMarker, type Token } from './dirty-markers.ts';
import type { Alongside, EditFailure } from './edit-queue.ts';
import { dropFromOrder, PREFERENCE_EDIT_STORES } from './list-preferences.ts';
import { changeWrite, loadRoom, newRoomWrite, type LoadedRoom } from './loaded-room.ts';
import { archiveIdentity } from './room-choice.ts';
import { delegateKeyOfRoom } from './room-keys.ts';
import { RevMovedError, ROOM_WRITE_STORES, writeRoom, type RoomWrite } from './room-store.ts';
import type { RoomRow } from './schema.ts';

const MAX_TRIES = 10;

/** A change of more than a room's state. */
export type WholeRoomChange =
  /** The room is not stored yet. */
  | { readonly type: 'store'; readonly data: RoomData; readonly joined: boolean }
  /** Left: the delegate gets a tombstone, the rows stay, with the key in them. */
  | { readonly type: 'leave' }
  /** A room that was left comes back as it was, or under another identity, the old one being archived. */
  | {
      readonly type: 'come-back';
      readonly own: OwnRoomData;
      /** Goes into the room with it, or null. */
      readonly delta: RoomDelta | null;
    }
  /** The verified state of a room that was awaited has arrived. */
  | {
      readonly type: 'arrive';
      readonly state: RoomState;
      readonly own: OwnRoomData;
      readonly delta: RoomDelta | null;
    }
  /** The person's own part changes, together with the state. */
  | { readonly type: 'own'; readonly own: OwnRoomData; readonly delta: RoomDelta };

/** Decides from what is stored now (undefined: nothing is); asked again when that has moved on. */
export type ComposeWholeRoom<E> = (stored: LoadedRoom | undefined) => Result<WholeRoomChange, E>;

export interface WholeRoomDeps {
  readonly db: WeirDatabase;
  readonly memo: SignatureMemo;
  readonly clock: Pick<Clock, 'now'>;
  readonly committed: (rooms: readonly RoomKey[]) => void;
  /** Written in the transaction that writes the change. */
  readonly alongside?: Alongside;
}

/**
 * Creates, leaves, joins and renames oneself in rooms: as the edit queue does for what a room says, data and dirty marker in one
 * strict transaction. The room is read afresh, so nothing that is only in memory gets in.
 *
 * @returns the token whose receipt tells how the change fares on the node
 */
export async function changeWholeRoom<E>(
  deps: WholeRoomDeps,
  room: RoomKey,
  compose: ComposeWholeRoom<E>,
): Promise<Result<Token, E | EditFailure>> {
  for (let tries = 1; ; tries++) {
    try {
      const stored = await loadRoom(deps.db, room, deps.memo);
      if (!stored.ok) return stored;
      const change = compose(stored.value);
      if (!change.ok) return change;
      const prepared = prepare(deps, room, stored.value, change.value);
      if (!prepared.ok) return prepared;
      const token = await commit(deps, room, prepared.value);
      deps.committed([room]);
      return ok(token);
    } catch (error) {
      if (!(error instanceof RevMovedError) || tries >= MAX_TRIES) return err(storageError(error));
    }
  }
}

interface Prepared {
  readonly write: RoomWrite;
  readonly choice?: NonNullable<RoomRow['choice']>['type'];
  /** The room's contract has something to learn. */
  readonly isNews: boolean;
  readonly replaced?: OwnRoomData;
  /** The contract of a room that was made here: it has no earlier ones. */
  readonly madeUnder?: ContractKey;
}

function prepare(
  { memo }: WholeRoomDeps,
  room: RoomKey,
  stored: LoadedRoom | undefined,
  change: WholeRoomChange,
): Result<Prepared, EditFailure> {
  if (change.type === 'store') {
    const write = newRoomWrite(room, change.data);
    const isNews = !isAwaiting(change.data.roomState);
    return ok({
      write,
      isNews,
      ...(change.joined && { choice: 'join' }),
      ...(isNews && { madeUnder: change.data.contractKey }),
    });
  }
  if (!stored) return err({ type: 'UnknownRoom', room });
  switch (change.type) {
    case 'leave':
      stored.status = 'left';
      return ok({ write: changeWrite(stored, NO_CHANGES, false), choice: 'leave', isNews: false });
    case 'come-back': {
      const replaced = sameKey(stored.own, change.own) ? undefined : stored.own;
      stored.status = 'present';
      const write = changed(stored, change.own, change.delta, memo);
      if (!write.ok) return write;
      const isNews = change.delta !== null;
      return ok({ write: write.value, choice: 'join', isNews, ...(replaced && { replaced }) });
    }
    case 'arrive': {
      const state = { ...change.state };
      if (change.delta) {
        const applied = applyDelta(state, stored.params, change.delta, memo);
        if (!applied.ok) return err({ type: 'RefusedByRoom', reason: applied.error.reason });
      }
      const write = newRoomWrite(room, { ...change.own, roomState: state }, stored);
      return ok({ write, isNews: change.delta !== null });
    }
    case 'own': {
      if (stored.status !== 'present') return err({ type: 'UnknownRoom', room });
      const write = changed(stored, change.own, change.delta, memo);
      return write.ok ? ok({ write: write.value, isNews: true }) : write;
    }
  }
}

function changed(
  stored: LoadedRoom,
  own: OwnRoomData,
  delta: RoomDelta | null,
  memo: SignatureMemo,
): Result<RoomWrite, EditFailure> {
  stored.own = own;
  if (delta === null) return ok(changeWrite(stored, NO_CHANGES, true));
  const changes = applyDelta(stored.state, stored.params, delta, memo);
  if (!changes.ok) return err({ type: 'RefusedByRoom', reason: changes.error.reason });
  return ok(changeWrite(stored, changes.value, true));
}

function sameKey(a: OwnRoomData, b: OwnRoomData): boolean {
  const [one, other] = [selfKeyOf(a), selfKeyOf(b)];
  return one !== null && other !== null && equalBytes(one, other);
}

async function commit(
  { db, clock, alongside }: WholeRoomDeps,
  room: RoomKey,
  { write, choice, isNews, replaced, madeUnder }: Prepared,
): Promise<Token> {
  const stores = [
    ...ROOM_WRITE_STORES,
    ...PREFERENCE_EDIT_STORES,
    'quarantine',
    'room_searches',
    ...(alongside?.stores ?? []),
  ] as const;
  return db.write(stores, 'strict', async (tx) => {
    const now = clock.now();
    const token = await raiseMarker(tx, 'rooms', delegateKeyOfRoom(room), now);
    if (isNews) await raiseMarker(tx, 'contracts', room, now);
    else if (choice === 'leave') await tx.objectStore('dirty').delete(['contracts', room]);
    if (choice === 'leave') await dropFromOrder(tx, room, now);
    const put = write.put.map(({ order, row }) => ({ order, row: { ...row, seq: token.seq } }));
    await writeRoom(tx, {
      ...write,
      put,
      ...(choice && { choice: { type: choice, seq: token.seq } }),
    });
    if (replaced) {
      await archiveIdentity(tx, room, replaced, 'Replaced by the key of an invitation', now);
    }
    if (madeUnder) {
      const target = contractIdText(madeUnder);
      await tx.objectStore('room_searches').put({ room, target, since: now, contracts: [] });
    }
    await alongside?.write(tx, token, now);
    return token;
  });
}
