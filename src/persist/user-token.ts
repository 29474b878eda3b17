import type { Random } from '../shared/random.ts';
import { newUserToken, parseUserToken, type UserToken } from '../shared/user-token.ts';
import type { WeirDatabase } from './database.ts';

const KEY = 'user-token';

/** Who this browser profile is on its node; undefined when nobody has asked yet. */
export async function storedUserToken(db: WeirDatabase): Promise<UserToken | undefined> {
  const stored = await db.read(['settings'], (tx) => tx.objectStore('settings').get(KEY));
  return stored === undefined ? undefined : parseUserToken(stored);
}

/** The same, made when it is first asked for: page and worker may ask at once, and get the same one. */
export async function userToken(
  db: WeirDatabase,
  random: Pick<Random, 'bytes'>,
): Promise<UserToken> {
  const stored = await storedUserToken(db);
  if (stored !== undefined) return stored;
  return db.write(['settings'], 'strict', async (tx) => {
    const settings = tx.objectStore('settings');
    const meanwhile = parseUserToken((await settings.get(KEY)) ?? '');
    if (meanwhile !== undefined) return meanwhile;
    const made = newUserToken(random);
    await settings.put(made, KEY);
    return made;
  });
}

/** From now on the profile is somebody else on its node. What is stored here stays, and is brought there. */
export async function replaceUserToken(db: WeirDatabase, token: UserToken): Promise<void> {
  await db.write(['settings'], 'strict', async (tx) => {
    await tx.objectStore('settings').put(token, KEY);
  });
}
