import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { systemRandom } from '../shared/random.ts';
import { newUserToken } from '../shared/user-token.ts';
import { WeirDatabase } from './database.ts';
import { replaceUserToken, storedUserToken, userToken } from './user-token.ts';

async function database(name: string): Promise<WeirDatabase> {
  const opened = await WeirDatabase.open(name);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
}

test('a profile makes its key when it is first asked for, and once, whoever asks: page and worker have it in common', async () => {
  const [page, worker] = [await database('weir-keys'), await database('weir-keys')];
  expect(await storedUserToken(page)).toBeUndefined();
  const asked = await Promise.all(
    [page, worker, page, worker].map((db) => userToken(db, systemRandom)),
  );
  expect(new Set(asked).size).toBe(1);
  expect(await storedUserToken(worker)).toBe(asked[0]);
});

test('another key takes its place everywhere', async () => {
  const [page, worker] = [await database('weir-other'), await database('weir-other')];
  await userToken(worker, systemRandom);
  const other = newUserToken(systemRandom);
  await replaceUserToken(page, other);
  expect(await userToken(worker, systemRandom)).toBe(other);
});

test('what is no key, left by a fault, is replaced by one', async () => {
  const db = await database('weir-broken');
  await db.write(['settings'], 'strict', async (tx) => {
    await tx.objectStore('settings').put('no key', 'user-token');
  });
  expect(await storedUserToken(db)).toBeUndefined();
  const made = await userToken(db, systemRandom);
  expect(await storedUserToken(db)).toBe(made);
});
