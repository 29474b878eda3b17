import { storageError, type WeirDatabase } from '../../persist/database.ts';
import { replaceUserToken, storedUserToken, userToken } from '../../persist/user-token.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { Random } from '../../shared/random.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseUserToken, type UserToken } from '../../shared/user-token.ts';
import type { KeyError, NodeApi, StorageFailed } from './node-api.ts';

export interface LiveNodeDeps {
  readonly db: WeirDatabase;
  readonly random: Pick<Random, 'bytes'>;
  /** What the host says: whether its node serves several people. Rejects when it does not answer. */
  readonly isHosted: () => Promise<boolean>;
  /** The person is another one now: what is here is to be brought there. */
  readonly moved: () => void;
}

/** The person's key to a node of several people, kept in the database and never sent anywhere but to the node. */
export class LiveNode implements NodeApi {
  readonly isShared = new LiveValue<boolean>();
  readonly #deps: LiveNodeDeps;

  constructor(deps: LiveNodeDeps) {
    this.#deps = deps;
  }

  /** Asks the host. Where it is away, what it last was is taken to be so. Never rejects. */
  async refresh(): Promise<void> {
    const { db, isHosted } = this.#deps;
    try {
      this.isShared.set(await isHosted());
    } catch {
      if (this.isShared.current !== undefined) return;
      const token = await storedUserToken(db).catch(() => undefined);
      this.isShared.set(token !== undefined);
    }
  }

  /** Who connects: undefined where the node serves one person. Rejects when the host does not answer. */
  async userToken(): Promise<UserToken | undefined> {
    const { db, random, isHosted } = this.#deps;
    return (await isHosted()) ? userToken(db, random) : undefined;
  }

  async key(): Promise<Result<string, StorageFailed>> {
    try {
      return ok(await userToken(this.#deps.db, this.#deps.random));
    } catch (error) {
      return err(failed(error));
    }
  }

  async takeKey(text: string): Promise<Result<'taken' | 'same', KeyError>> {
    const token = parseUserToken(text);
    if (token === undefined) return err({ type: 'NotAKey' });
    const { db, moved } = this.#deps;
    try {
      if ((await storedUserToken(db)) === token) return ok('same');
      await replaceUserToken(db, token);
    } catch (error) {
      return err(failed(error));
    }
    moved();
    return ok('taken');
  }
}

function failed(error: unknown): StorageFailed {
  const failure = storageError(error);
  const reason = failure.type === 'StorageFailed' ? failure.reason : 'it is full';
  return { type: 'StorageFailed', reason };
}
