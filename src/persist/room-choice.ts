import { encodeOwn } from '../river/room-parts.ts';
import { selfKeyOf, type OwnRoomData } from '../river/room-data.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { toBase58 } from '../shared/bytes.ts';
import type { ReadTx, WeirDatabase, WriteTx } from './database.ts';
import { delegateKeyOfRoom } from './room-keys.ts';
import type { RoomRow } from './schema.ts';

/** What a person has decided about a room and no receipt covers yet: it wins over what the node still holds. */
export async function pendingChoice(
  tx: ReadTx | WriteTx,
  room: RoomKey,
): Promise<NonNullable<RoomRow['choice']>['type'] | undefined> {
  const row = await tx.objectStore('rooms').get(room);
  const marker = await tx.objectStore('dirty').get(['rooms', delegateKeyOfRoom(room)]);
  if (!row?.choice || !marker) return undefined;
  return row.choice.seq >= marker.firstSeq ? row.choice.type : undefined;
}

/** Where replaced identities are kept: they are private keys that nothing else could bring back. */
export const REPLACED_IDENTITY = 'replaced-identity';

/** Keeps a person's part of a room that is about to be replaced. The store is `quarantine`; nothing is ever deleted from it. */
export async function archiveIdentity(
  tx: WriteTx,
  room: RoomKey,
  own: OwnRoomData,
  reason: string,
  at: Millis,
): Promise<void> {
  const key = selfKeyOf(own);
  if (own.selfSk === null || key === null) return;
  await tx.objectStore('quarantine').put({
    source: REPLACED_IDENTITY,
    key: archiveKey(room, key),
    reason,
    bytes: encodeOwn(own).slice(),
    at,
    resolved: true,
  });
}

const archiveKey = (room: RoomKey, key: VerifyingKey): string =>
  `${delegateKeyOfRoom(room)}#${toBase58(key)}`;

/** Whether an identity was replaced in this browser, and has not been overruled yet. */
export async function isStaleIdentity(
  db: WeirDatabase,
  room: RoomKey,
  own: OwnRoomData,
): Promise<boolean> {
  const key = selfKeyOf(own);
  if (key === null) return false;
  const row = await db.read(['quarantine'], (tx) =>
    tx.objectStore('quarantine').get([REPLACED_IDENTITY, archiveKey(room, key)]),
  );
  return row !== undefined && row.overruled !== true;
}

/** Remembers that the identity in use was stored over a replaced one that had come back. */
export async function noteOverruled(tx: WriteTx, room: RoomKey, own: OwnRoomData): Promise<void> {
  const key = selfKeyOf(own);
  if (key === null) return;
  const store = tx.objectStore('quarantine');
  const row = await store.get([REPLACED_IDENTITY, archiveKey(room, key)]);
  if (row) await store.put({ ...row, overruled: true });
}
