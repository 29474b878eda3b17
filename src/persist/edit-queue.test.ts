import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { editRoom } from '../river/edits/author.ts';
import { composeText } from '../river/edits/messages.ts';
import { loadRoom as recorded, moment } from '../river/testing/rooms.ts';
import type { UserDataVectors } from '../river/testing/vectors.ts';
import type { RoomKey } from '../shared/brand.ts';
import { toBase58 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { ok } from '../shared/result.ts';
import { EditQueue, type ComposeEdit } from './edit-queue.ts';
import type { LoadedRoom } from './loaded-room.ts';
import { RoomCache } from './room-cache.ts';
import { openTestDatabase } from './testing.ts';
import { changeWholeRoom } from './whole-room.ts';

const vectors = readVectors<UserDataVectors>('user-data');

async function page() {
  const { memo, own, state } = recorded(vectors, 'small public room');
  const data = { ...own, roomState: state };
  const db = await openTestDatabase();
  const room = toBase58(data.ownerVk) as RoomKey;
  const deps = { db, memo, clock: systemClock, committed: () => {} };
  await changeWholeRoom(deps, room, () => ok({ type: 'store', data, joined: false }));
  const cache = new RoomCache(db, memo);
  const edits = new EditQueue({ ...deps, cache });
  const say =
    (text: string): ComposeEdit<unknown> =>
    ({ state, own }) => {
      const author = editRoom(state, own, memo);
      if (!author.ok) return author;
      const composed = composeText(author.value, text, moment());
      return composed.ok ? ok(composed.value.delta) : composed;
    };
  return { db, room, cache, edits, say };
}

const count = (loaded: { ok: boolean; value?: LoadedRoom | undefined }): number | undefined =>
  loaded.ok ? loaded.value?.state.recentMessages.length : undefined;

describe('an edit', () => {
  it('is on no screen before it is on disk', async () => {
    const { db, room, cache, edits, say } = await page();
    const before = count(await cache.stored(room));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const write = db.write.bind(db);
    Object.assign(db, {
      write: (...args: Parameters<typeof write>) => held.then(() => write(...args)), // a slow disk
    });
    const submitted = edits.submit(room, say('Not yet'));
    let shown: number | undefined;
    const reading = cache.stored(room).then((loaded) => (shown = count(loaded)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(count(await cache.get(room))).toBe((before ?? 0) + 1); // in memory it is already there
    expect(shown).toBeUndefined();
    release();
    expect((await submitted).ok).toBe(true);
    await reading;
    expect(shown).toBe((before ?? 0) + 1);
  });

  it('C20: whose transaction fails is gone from memory too, and its caller is told', async () => {
    const { db, room, cache, edits, say } = await page();
    const before = count(await cache.stored(room));
    const write = db.write.bind(db);
    let failures = 1;
    Object.assign(db, {
      write: (...args: Parameters<typeof write>) =>
        failures-- > 0
          ? Promise.reject(new DOMException('no room left', 'QuotaExceededError'))
          : write(...args),
    });
    const refused = await edits.submit(room, say('No room'));
    expect(refused).toMatchObject({ ok: false, error: { type: 'QuotaExceeded' } });
    expect(count(await cache.stored(room))).toBe(before);
    expect((await edits.submit(room, say('Now'))).ok).toBe(true);
    expect(count(await cache.stored(room))).toBe((before ?? 0) + 1);
  });
});
