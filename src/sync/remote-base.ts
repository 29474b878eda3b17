import type { Clock } from '../shared/clock.ts';
import type { WeirDatabase, WriteTx } from '../persist/database.ts';
import { checkEpoch } from '../persist/lanes.ts';
import type { BaseRow, FailureCode, Path } from '../persist/schema.ts';
import type { RemoteValue } from './node-link.ts';
import { valueHash } from './value-hash.ts';

export type ImportOutcome =
  /** What the node holds is in the rows, or was already. */
  | { readonly type: 'imported' }
  /** The node holds a tombstone: the room was left elsewhere. The rows and the key in them stay. */
  | { readonly type: 'left' }
  /** Nothing was changed on either side. */
  | { readonly type: 'refused'; readonly code: FailureCode; readonly sentence: string };

export const IMPORTED: ImportOutcome = { type: 'imported' };

export const refused = (code: FailureCode, sentence: string): ImportOutcome => ({
  type: 'refused',
  code,
  sentence,
});

export interface RemoteBaseDeps {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly epoch: number;
  readonly target: string;
}

/** A value as the node holds it under a key of a path. */
export interface RemoteNews {
  readonly path: Path;
  readonly key: string;
  readonly generation: bigint;
  readonly bytes: Uint8Array;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Undefined when the node holds nothing under the key: what is here is then stored as new, from no generation. */
export async function remoteNews(
  deps: RemoteBaseDeps,
  path: Path,
  key: string,
  { generation, value: bytes }: RemoteValue,
): Promise<RemoteNews | undefined> {
  if (bytes) return { path, key, generation, bytes, hash: await valueHash(bytes) };
  await forgetBase(deps, path, key);
  return undefined;
}

/** Whether the value is the one that the base was taken from: then there is nothing to decode. */
export async function isKnown(
  { db, target }: RemoteBaseDeps,
  { path, key, generation, hash }: RemoteNews,
): Promise<boolean> {
  const base = await readBase(db, path, key);
  return base?.target === target && base.generation === generation && base.valueHash === hash;
}

const readBase = (db: WeirDatabase, path: Path, key: string): Promise<BaseRow | undefined> =>
  db.read(['base'], (tx) => tx.objectStore('base').get([path, key]));

/** In the transaction that takes the value in. */
export async function putBase(
  tx: WriteTx,
  { path, key, generation, hash }: RemoteNews,
  target: string,
  now: number,
): Promise<void> {
  const bases = tx.objectStore('base');
  const previous = await bases.get([path, key]);
  await bases.put({
    path,
    key,
    target,
    generation,
    valueHash: hash,
    coverage: previous?.target === target ? previous.coverage : 0,
    at: now,
  });
}

async function forgetBase({ db, epoch }: RemoteBaseDeps, path: Path, key: string): Promise<void> {
  if (!(await readBase(db, path, key))) return;
  await db.write(['lanes', 'base'], 'strict', async (tx) => {
    await checkEpoch(tx, path, epoch);
    await tx.objectStore('base').delete([path, key]);
  });
}

/**
 * Keeps a value that is not what it should be, with the reason; neither side is overwritten.
 *
 * @param found what is wrong with it, as a sentence without its end
 */
export async function setAside(
  { db, clock, epoch, target }: RemoteBaseDeps,
  { path, key, bytes }: RemoteNews,
  found: string,
  reason: string,
): Promise<ImportOutcome> {
  await db.write(['lanes', 'quarantine'], 'strict', async (tx) => {
    await checkEpoch(tx, path, epoch);
    await tx
      .objectStore('quarantine')
      .put({ source: target, key, reason, bytes: bytes.slice(), at: clock.now() });
  });
  return refused(
    'remote-undecodable',
    `${found} (${reason}). It was set aside and not overwritten.`,
  );
}

/** A good value has taken the place of one that was set aside. */
export async function resolveAside(
  tx: WriteTx,
  { key }: RemoteNews,
  target: string,
): Promise<void> {
  const quarantine = tx.objectStore('quarantine');
  const aside = await quarantine.get([target, key]);
  if (aside) await quarantine.put({ ...aside, resolved: true });
}
