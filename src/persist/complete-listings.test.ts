import { expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { memberId } from '../river/ids.ts';
import { selfKeyOf } from '../river/room-data.ts';
import { loadRoom as recordedRoom } from '../river/testing/rooms.ts';
import type { UserDataVectors } from '../river/testing/vectors.ts';
import { toBase58 } from '../shared/bytes.ts';
import type { RoomKey } from '../shared/brand.ts';
import { completeListings } from './complete-listings.ts';
import { newRoomWrite } from './loaded-room.ts';
import { ROOM_STORES, writeRoom } from './room-store.ts';
import { openTestDatabase } from './testing.ts';

it('rows of an older version are completed once, and say the same as new ones', async () => {
  const recorded = recordedRoom(readVectors<UserDataVectors>('user-data'), 'big room');
  const room = toBase58(recorded.params.owner) as RoomKey;
  const db = await openTestDatabase();
  const write = newRoomWrite(room, { ...recorded.own, roomState: recorded.state });
  const { dms, ...older } = write.listing;
  await db.write(ROOM_STORES, 'strict', (tx) => writeRoom(tx, { ...write, listing: older }));

  expect(await completeListings(db)).toEqual([room]);
  const row = await db.read(['rooms'], (tx) => tx.objectStore('rooms').get(room));
  expect(row).toMatchObject({ rev: 1, listing: { name: older.name, dms } });
  // the person's conversations are with the others of the room's direct messages
  const key = selfKeyOf(recorded.own);
  if (key === null) throw new Error('nobody');
  const self = memberId(key);
  const { messages } = recorded.state.directMessages;
  const peers = new Set(
    messages
      .filter(({ message }) => message.sender === self || message.recipient === self)
      .map(({ message }) => String(message.sender === self ? message.recipient : message.sender)),
  );
  expect(peers.size).toBeGreaterThan(0);
  expect(dms?.map(({ peer }) => peer)).toEqual([...peers]);
  expect(await completeListings(db)).toEqual([]);
});
