import type { ReadTx, WeirDatabase, WriteTx } from './database.ts';
import type { Failure, LaneRow, Path } from './schema.ts';

/** Thrown inside a transaction of a holder that lost its lane: it must stop and write nothing. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

const fresh = (path: Path): LaneRow => ({ path, epoch: 0, iterId: 0 });

/** Called with the path's lock held: takes the next epoch, which fences every earlier holder. */
export function takeEpoch(db: WeirDatabase, path: Path): Promise<number> {
  return db.write(['lanes'], 'strict', async (tx) => {
    const lanes = tx.objectStore('lanes');
    const lane = (await lanes.get(path)) ?? fresh(path);
    await lanes.put({ ...lane, epoch: lane.epoch + 1 });
    return lane.epoch + 1;
  });
}

/** @throws FencedError unless `epoch` is still the lane's; the transaction then writes nothing */
export async function checkEpoch(tx: WriteTx, path: Path, epoch: number): Promise<LaneRow> {
  const lane = (await tx.objectStore('lanes').get(path)) ?? fresh(path);
  if (lane.epoch !== epoch) throw new FencedError(`lane ${path}: epoch ${epoch} is over`);
  return lane;
}

/** Counts an iteration of the holder. */
export function nextIteration(db: WeirDatabase, path: Path, epoch: number): Promise<number> {
  return db.write(['lanes'], 'relaxed', async (tx) => {
    const lane = await checkEpoch(tx, path, epoch);
    await tx.objectStore('lanes').put({ ...lane, iterId: lane.iterId + 1 });
    return lane.iterId + 1;
  });
}

/** Records why the whole path could not be drained, or clears it. */
export function setLaneFailure(
  db: WeirDatabase,
  path: Path,
  epoch: number,
  failure: Failure | undefined,
): Promise<void> {
  return db.write(['lanes'], 'relaxed', async (tx) => {
    const { failure: _previous, ...lane } = await checkEpoch(tx, path, epoch);
    await tx.objectStore('lanes').put({ ...lane, ...(failure && { failure }) });
  });
}

/** The lane as it is in a transaction over `lanes`; fresh when nobody has held it. */
export const laneIn = async (tx: ReadTx, path: Path): Promise<LaneRow> =>
  (await tx.objectStore('lanes').get(path)) ?? fresh(path);

export const laneOf = (db: WeirDatabase, path: Path): Promise<LaneRow> =>
  db.read(['lanes'], (tx) => laneIn(tx, path));
