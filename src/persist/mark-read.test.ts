import { expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { messageId } from '../river/ids.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { loadRoom as recordedRoom } from '../river/testing/rooms.ts';
import type { UserDataVectors } from '../river/testing/vectors.ts';
import { toBase58 } from '../shared/bytes.ts';
import type { RoomKey } from '../shared/brand.ts';
import { listingOf } from './listing.ts';
import { loadRoom, newRoomWrite } from './loaded-room.ts';
import { markAllSeen, markSeen } from './mark-read.ts';
import { ROOM_STORES, writeRoom } from './room-store.ts';
import { openTestDatabase } from './testing.ts';

const nothingRead = async () => {
  const { own, params, state } = recordedRoom(
    readVectors<UserDataVectors>('user-data'),
    'big room',
  );
  const room = toBase58(params.owner) as RoomKey;
  const db = await openTestDatabase();
  const write = newRoomWrite(room, { ...own, lastReadMessageId: null, roomState: state });
  await db.write(ROOM_STORES, 'strict', (tx) => writeRoom(tx, write));
  const newest = state.recentMessages.at(-1);
  if (!newest) throw new Error('no message');
  const row = () => db.read(['rooms'], (tx) => tx.objectStore('rooms').get(room));
  return { db, room, newest: messageId(newest), row };
};

it('a room that is marked as read says what it would say if it was read whole, and is no other revision', async () => {
  const { db, room, newest, row } = await nothingRead();
  expect((await row())?.listing.unread).toBeGreaterThan(0);

  expect(await markAllSeen(db, room)).toBe(true);
  const marked = await row();
  expect(marked).toMatchObject({ rev: 1, lastRead: String(newest), listing: { unread: 0 } });
  const loaded = await loadRoom(db, room, new SignatureMemo());
  if (!loaded.ok || !loaded.value) throw new Error('not stored');
  expect(marked?.listing).toEqual(listingOf(loaded.value));
  expect(await markAllSeen(db, 'nobody' as RoomKey)).toBe(false);
});

it('what was on screen is not marked as read when the room has changed since', async () => {
  const { db, room, newest, row } = await nothingRead();
  const before = await row();
  await markSeen(db, room, 2, newest);
  expect(await row()).toEqual(before);
  await markSeen(db, room, 1, newest);
  expect(await row()).toMatchObject({ lastRead: String(newest), listing: { unread: 0 } });
});
