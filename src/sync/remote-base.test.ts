import { expect, it } from 'vitest';
import { openTestDatabase } from '../persist/testing.ts';
import { systemClock } from '../shared/clock.ts';
import { utf8 } from '../shared/bytes.ts';
import { isKnown, putBase, remoteNews } from './remote-base.ts';

const KEY = 'room:x';

it('a base does not outlive the store that it was of', async () => {
  const db = await openTestDatabase();
  const deps = { db, clock: systemClock, epoch: 1, target: 'node' };
  const value = utf8('value');
  const news = await remoteNews(deps, 'rooms', KEY, { generation: 4n, value });
  if (!news) throw new Error('no news');
  await db.write(['base', 'lanes'], 'strict', async (tx) => {
    await tx.objectStore('lanes').put({ path: 'rooms', epoch: 1, iterId: 0 });
    await putBase(tx, news, 'node', 0);
  });
  expect(await isKnown(deps, news)).toBe(true);

  expect(
    await remoteNews(deps, 'rooms', KEY, { generation: 0n, value: undefined }),
  ).toBeUndefined();
  expect(await isKnown(deps, news)).toBe(false);
  await db.close();
});
