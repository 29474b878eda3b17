import type { Broadcast } from '../bridge/messages.ts';
import type { WeirDatabase } from '../persist/database.ts';
import { MARKER_STORES, raiseMarker } from '../persist/dirty-markers.ts';
import { checkEpoch } from '../persist/lanes.ts';
import { changeWrite, loadRoom } from '../persist/loaded-room.ts';
import { delegateKeyOfRoom } from '../persist/room-keys.ts';
import { RevMovedError, ROOM_WRITE_STORES, writeRoom } from '../persist/room-store.ts';
import { decode } from '../river/cbor/codec.ts';
import { ofPresentContract } from '../river/present-contract.ts';
import { NO_CHANGES } from '../river/room.ts';
import { ownRoomData } from '../river/room-data.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { Clock } from '../shared/clock.ts';

export interface ContractKeysDeps {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly memo: SignatureMemo;
  readonly epoch: number;
  readonly tell: (message: Broadcast) => void;
}

/**
 * Every room that is here says which contract it lies under: `contract_key` becomes that of now and `previous_contract_key` the one
 * before, as River does when it loads a room. Where that changes something it is an edit, once for every change of the contract.
 *
 * @param codeHash of the room contract of now, 32 bytes
 */
export async function moveToPresentContract(
  deps: ContractKeysDeps,
  codeHash: Uint8Array,
): Promise<void> {
  const rows = await deps.db.read(['rooms', 'parts'], async (tx) => {
    const rooms = await tx.objectStore('rooms').getAll();
    const present = rooms.filter(({ status }) => status === 'present');
    return Promise.all(
      present.map(async ({ room }) => ({
        room,
        own: await tx.objectStore('parts').get([room, 'own']),
      })),
    );
  });
  for (const { room, own } of rows) {
    const decoded = own && decode(ownRoomData, own.bytes, 'own');
    if (!decoded?.ok || ofPresentContract(decoded.value, codeHash) === decoded.value) continue;
    await move(deps, room, codeHash);
  }
}

async function move(deps: ContractKeysDeps, room: RoomKey, codeHash: Uint8Array): Promise<void> {
  const { db, clock, memo, epoch, tell } = deps;
  const loaded = await loadRoom(db, room, memo);
  if (!loaded.ok || !loaded.value) return; // the load itself says what can't be read
  const held = loaded.value;
  held.own = ofPresentContract(held.own, codeHash);
  const rows = changeWrite(held, NO_CHANGES, true);
  try {
    await db.write([...ROOM_WRITE_STORES, ...MARKER_STORES, 'lanes'], 'strict', async (tx) => {
      await checkEpoch(tx, 'rooms', epoch);
      await raiseMarker(tx, 'rooms', delegateKeyOfRoom(room), clock.now());
      await writeRoom(tx, rows);
    });
  } catch (error) {
    if (error instanceof RevMovedError) return; // edited meanwhile: the next load moves it
    throw error;
  }
  tell({ type: 'rooms-changed', rooms: [room] });
}
