import type { WeirDatabase, WriteTx } from './database.ts';
import type { Token } from './dirty-markers.ts';
import type { Path, Receipt } from './schema.ts';

/** Receipts kept per key: enough for every caller that can still be waiting. */
const KEPT_PER_KEY = 64;

const DURABLE: ReadonlySet<Receipt['outcome']> = new Set(['stored', 'unchanged', 'adopted-leave']);

/** Whether the receipt proves that the node holds what it covers. */
export const isDurable = (receipt: Receipt): boolean => DURABLE.has(receipt.outcome);

const rangeOf = (path: Path, key: string): IDBKeyRange =>
  IDBKeyRange.bound([path, key], [path, key, []]);

/** Writes a receipt and drops the oldest ones of its key beyond what callers can wait for. */
export async function writeReceipt(tx: WriteTx, receipt: Receipt): Promise<void> {
  const receipts = tx.objectStore('receipts');
  await receipts.add(receipt); // add: a receipt is never rewritten
  const keys = await receipts.getAllKeys(rangeOf(receipt.path, receipt.key));
  for (const old of keys.slice(0, Math.max(0, keys.length - KEPT_PER_KEY)))
    await receipts.delete(old);
}

/**
 * The first receipt whose coverage reaches the token's seq: the true result of the iteration that covered the change,
 * success or failure. Undefined while no iteration has covered it. Nothing else is ever an answer.
 */
export function attempted(db: WeirDatabase, token: Token): Promise<Receipt | undefined> {
  return firstCovering(db, token, () => true);
}

/** The first receipt that proves the change is on the node; undefined until there is one. */
export function durable(db: WeirDatabase, token: Token): Promise<Receipt | undefined> {
  return firstCovering(db, token, isDurable);
}

function firstCovering(
  db: WeirDatabase,
  token: Token,
  accept: (receipt: Receipt) => boolean,
): Promise<Receipt | undefined> {
  return db.read(['receipts'], async (tx) => {
    const receipts = await tx.objectStore('receipts').getAll(rangeOf(token.path, token.key));
    return receipts.find((receipt) => receipt.coverage >= token.seq && accept(receipt));
  });
}
