import type { Millis } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import type { DirtyMarker, Failure, Path } from './schema.ts';

/** Names one committed change: the receipt that covers `seq` for (path, key) tells its fate. */
export interface Token {
  readonly path: Path;
  readonly key: string;
  readonly seq: number;
}

/** The stores a transaction needs for `raiseMarker`. */
export const MARKER_STORES = ['dirty', 'counters'] as const;

/** News from a room's contract may wait so long before the delegate gets it too: others keep it, and more will come. */
const CACHE_DELAY_MS = 300_000;

/**
 * Raises the marker of (path, key) in the transaction that writes its data: both are committed or neither.
 *
 * @param level `cache` for what others have too: it neither hastens nor postpones what is owed already
 * @returns the token of the change; its seq grows for ever and survives reloads
 */
export async function raiseMarker(
  tx: WriteTx,
  path: Path,
  key: string,
  now: Millis,
  level: 'critical' | 'cache' = 'critical',
): Promise<Token> {
  const counters = tx.objectStore('counters');
  const dirty = tx.objectStore('dirty');
  const [last, marker] = await Promise.all([counters.get('seq'), dirty.get([path, key])]);
  const seq = (last ?? 0) + 1;
  const next: DirtyMarker = {
    path,
    key,
    seq,
    firstSeq: marker?.firstSeq ?? seq,
    since: marker && (marker.level !== 'cache' || level === 'cache') ? marker.since : now,
    ...(marker?.failure && { failure: marker.failure }),
    ...(marker?.flushSeq !== undefined && { flushSeq: marker.flushSeq }),
    ...(level === 'cache' && afterNews(marker, now)),
  };
  await Promise.all([counters.put(seq, 'seq'), dirty.put(next)]);
  return { path, key, seq };
}

/** What becomes of a marker's urgency when mere news is added to it. */
function afterNews(marker: DirtyMarker | undefined, now: Millis): Partial<DirtyMarker> {
  if (marker && marker.level !== 'cache') {
    return { criticalSeq: marker.criticalSeq ?? marker.seq };
  }
  return { level: 'cache', dueAt: marker?.dueAt ?? now + CACHE_DELAY_MS };
}

/** As `raiseMarker`, for what is found to be lacking on the other side: nothing is raised where an edit is owed already. */
export async function raiseUnlessOwed(
  tx: WriteTx,
  path: Path,
  key: string,
  now: Millis,
): Promise<void> {
  const marker = await tx.objectStore('dirty').get([path, key]);
  if (!marker || marker.level === 'cache') await raiseMarker(tx, path, key, now);
}

/** The stores that `flushNews` needs. */
export const FLUSH_STORES = [...MARKER_STORES, 'base'] as const;

/** What the node was given less than so long ago is not sent again just because a page is hidden: pages are, all the time. */
const FLUSH_APART_MS = 60_000;

/**
 * A page is hidden, and may never be shown again: news that wait are owed now. It is a change like any other, with a seq of its own,
 * so that an iteration under way, which may or may not have read them, does not settle it.
 *
 * @returns whether anything is owed by it
 */
export async function flushNews(tx: WriteTx, path: Path, now: Millis): Promise<boolean> {
  let flushed = false;
  for (const marker of await allOf(tx, path)) {
    const hasNews = marker.level === 'cache' || marker.criticalSeq !== undefined;
    const base = await tx.objectStore('base').get([path, marker.key]);
    const isFresh = base !== undefined && now >= base.at && now - base.at < FLUSH_APART_MS;
    const isFlushed = marker.flushSeq === marker.seq;
    if (!hasNews || isFresh || isFlushed) continue;
    const { seq } = await raiseMarker(tx, path, marker.key, now, 'cache');
    const raised = await tx.objectStore('dirty').get([path, marker.key]);
    if (!raised) continue;
    await tx
      .objectStore('dirty')
      .put({ ...raised, flushSeq: seq, ...(raised.level === 'cache' && { dueAt: now }) });
    flushed = true;
  }
  return flushed;
}

const allOf = (tx: ReadTx | WriteTx, path: Path): Promise<DirtyMarker[]> =>
  tx.objectStore('dirty').getAll(IDBKeyRange.bound([path], [path, []]));

/** The changes that nothing else has: what a person is told of as not stored yet. */
export const markersOf = async (tx: ReadTx, path: Path): Promise<DirtyMarker[]> =>
  (await allOf(tx, path)).filter((marker) => marker.level !== 'cache');

/** What is to be brought now: changes that nothing else has, and news that has waited long enough. */
export const owedMarkers = async (tx: ReadTx, path: Path, now: Millis): Promise<DirtyMarker[]> =>
  (await allOf(tx, path)).filter(
    ({ dueAt, since }) => dueAt === undefined || now >= dueAt || now < since,
  );

/**
 * Deletes a marker whose seq the receipt covers; a change that came meanwhile keeps it.
 * A kept marker's `since` becomes `now` at the earliest moment it can be known: the uncovered change is newer than the snapshot.
 */
export async function settleMarker(
  tx: WriteTx,
  path: Path,
  key: string,
  coverage: number,
  now: Millis,
): Promise<void> {
  const dirty = tx.objectStore('dirty');
  const marker = await dirty.get([path, key]);
  if (!marker) return;
  if (marker.seq <= coverage) {
    await dirty.delete([path, key]);
    return;
  }
  const { seq, criticalSeq } = marker;
  const onlyNews = marker.level === 'cache' || (criticalSeq ?? seq) <= coverage;
  const flushSeq = (marker.flushSeq ?? 0) > coverage ? marker.flushSeq : undefined;
  await dirty.put({
    path,
    key,
    seq,
    firstSeq: coverage + 1,
    since: now,
    ...(onlyNews
      ? { level: 'cache', dueAt: flushSeq === undefined ? now + CACHE_DELAY_MS : now }
      : criticalSeq !== undefined && { criticalSeq }),
  });
}

export async function failMarker(
  tx: WriteTx,
  path: Path,
  key: string,
  failure: Failure,
): Promise<void> {
  const dirty = tx.objectStore('dirty');
  const marker = await dirty.get([path, key]);
  if (marker) await dirty.put({ ...marker, failure });
}
