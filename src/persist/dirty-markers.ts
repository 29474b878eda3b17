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

/**
 * Raises the marker of (path, key) in the transaction that writes its data: both are committed or neither.
 *
 * @returns the token of the change; its seq grows for ever and survives reloads
 */
export async function raiseMarker(
  tx: WriteTx,
  path: Path,
  key: string,
  now: Millis,
): Promise<Token> {
  const counters = tx.objectStore('counters');
  const dirty = tx.objectStore('dirty');
  const [last, marker] = await Promise.all([counters.get('seq'), dirty.get([path, key])]);
  const seq = (last ?? 0) + 1;
  await Promise.all([
    counters.put(seq, 'seq'),
    dirty.put({
      path,
      key,
      seq,
      firstSeq: marker?.firstSeq ?? seq,
      since: marker?.since ?? now,
      ...(marker?.failure && { failure: marker.failure }),
    }),
  ]);
  return { path, key, seq };
}

export const markersOf = (tx: ReadTx, path: Path): Promise<DirtyMarker[]> =>
  tx.objectStore('dirty').getAll(IDBKeyRange.bound([path], [path, []]));

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
  if (marker.seq <= coverage) await dirty.delete([path, key]);
  else await dirty.put({ path, key, seq: marker.seq, firstSeq: coverage + 1, since: now });
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
