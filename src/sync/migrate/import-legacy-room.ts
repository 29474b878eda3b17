import type { Broadcast } from '../../bridge/messages.ts';
import { MARKER_STORES, raiseMarker } from '../../persist/dirty-markers.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { changeWrite, loadRoom } from '../../persist/loaded-room.ts';
import { foundOfRoom, recordFound } from '../../persist/migration.ts';
import { archiveIdentity } from '../../persist/room-choice.ts';
import { delegateKeyOfRoom } from '../../persist/room-keys.ts';
import {
  RevMovedError,
  ROOM_WRITE_STORES,
  writeRoom,
  type RoomWrite,
} from '../../persist/room-store.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import { encode } from '../../river/cbor/codec.ts';
import { NO_CHANGES } from '../../river/room.ts';
import { roomSlot, type OwnRoomData, type RoomData, type RoomSlot } from '../../river/room-data.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { created, identityOf, merged, whyInvalid } from './merge-legacy-room.ts';
import { decide, standingOf, type Decision } from './ranks.ts';
import { keep, keyOf, note, type RecordDeps } from './record-value.ts';

export interface LegacyImportDeps extends RecordDeps {
  readonly memo: SignatureMemo;
  /** BLAKE3 of the room contract of now: rooms of earlier contracts move to it. */
  readonly roomCodeHash: Uint8Array;
  readonly tell: (message: Broadcast) => void;
}

/** One room, or the tombstone of one, as an earlier delegate holds it. */
export interface LegacyCopy {
  readonly row: GenerationRow;
  /** What it is recorded under in the generation's row. */
  readonly key: string;
  readonly room: RoomKey;
  /** Of the stored value, SHA-256 in hex. */
  readonly hash: string;
  readonly rank: number;
  /** null: that the room was left. */
  readonly data: RoomData | null;
}

/** An edit may win the race for the room's revision this often. */
const MAX_TRIES = 10;

const LOST = 'An earlier version held this room with it; a newer one holds another';

/**
 * Takes one room of an earlier delegate in: rows, dirty marker, the archive of a key that loses, and what the generation's row
 * says of it, in one fenced transaction. It is an edit like any other: the path `rooms` brings it to the delegate in use.
 *
 * Bytes from a node are hostile until every signature and rule holds; what does not is set aside with the reason.
 */
export async function importLegacyRoom(deps: LegacyImportDeps, copy: LegacyCopy): Promise<void> {
  const invalid = copy.data && (await whyInvalid(deps.memo, copy.room, copy.data));
  if (copy.data && invalid) return setAside(deps, copy, invalid);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      const written = await takeIn(deps, copy);
      if (written) deps.tell({ type: 'rooms-changed', rooms: [copy.room] });
      return;
    } catch (error) {
      if (!(error instanceof RevMovedError)) throw error;
    }
  }
  throw new Error(`room ${copy.room} is being edited all the time`); // the whole pass is tried again
}

async function takeIn(deps: LegacyImportDeps, copy: LegacyCopy): Promise<boolean> {
  const { db, memo, roomCodeHash: codeHash } = deps;
  const { room, row, data, rank } = copy;
  const local = await loadRoom(db, room, memo);
  if (!local.ok) {
    const { path, reason } = local.error;
    const why = `the room can’t be read in this browser (${path}: ${reason})`;
    await setAside(deps, copy, why);
    return false;
  }
  const held = local.value;
  const { found, roomRow, base } = await db.read(['generations', 'rooms', 'base'], async (tx) => ({
    found: await foundOfRoom(tx, row.target, room),
    roomRow: await tx.objectStore('rooms').get(room),
    base: await tx.objectStore('base').get(['rooms', delegateKeyOfRoom(room)]),
  }));
  const standing = standingOf(
    found,
    roomRow,
    held && identityOf(held.own),
    base?.target === row.target,
  );
  const identity = data === null ? undefined : identityOf(data);
  const decision = decide(standing, { type: data ? 'room' : 'left', rank, identity });
  const before = found.find((value) => value.key === copy.key);
  const record: FoundValue = {
    key: copy.key,
    hash: copy.hash,
    room,
    held: data ? 'room' : 'left',
    rank,
    ...(identity !== undefined && { identity }),
    ...((before?.created || (data && !held)) && { created: true }),
    fate: 'noted',
  };
  if (!data) {
    if (!held || decision.choice === undefined) {
      await note(deps, row, record);
      return false;
    }
    held.status = 'left';
    await write(deps, copy, record, decision, changeWrite(held, NO_CHANGES, false));
    return true;
  }
  const prepared = held
    ? merged({ memo, codeHash }, held, data, decision)
    : created(codeHash, room, data, decision);
  if (typeof prepared === 'string') {
    await setAside(deps, copy, prepared);
    return false;
  }
  await write(deps, copy, record, decision, prepared.rows, prepared.loser);
  return true;
}

async function write(
  { db, clock, epoch }: LegacyImportDeps,
  { room, row }: LegacyCopy,
  record: FoundValue,
  { choice }: Decision,
  rows: RoomWrite,
  loser?: OwnRoomData,
): Promise<void> {
  const now = clock.now();
  const stores = [
    ...ROOM_WRITE_STORES,
    ...MARKER_STORES,
    'lanes',
    'quarantine',
    'generations',
  ] as const;
  await db.write(stores, 'strict', async (tx) => {
    await checkEpoch(tx, 'migrate', epoch);
    const { seq } = await raiseMarker(tx, 'rooms', delegateKeyOfRoom(room), now);
    await writeRoom(tx, { ...rows, ...(choice && { choice: { type: choice, seq } }) });
    if (loser) await archiveIdentity(tx, room, loser, LOST, now);
    await recordFound(tx, keyOf(row), { ...record, fate: 'imported', seq });
  });
}

/** Keeps a copy that can't be taken in; the generation stays open. */
async function setAside(
  deps: RecordDeps,
  { row, key, hash, rank, data }: LegacyCopy,
  reason: string,
): Promise<void> {
  const slot: RoomSlot = data ? { type: 'Present', room: data } : { type: 'Tombstone' };
  const value: FoundValue = { key, hash, rank, held: 'other', fate: 'set-aside', reason };
  await keep(deps, row, encode(roomSlot, slot), value);
}
