import type { Millis } from '../shared/brand.ts';
import type { WriteTx } from './database.ts';
import { presentGenerationsIn } from './migration.ts';

/** The stores that `askGenerationsAgain` needs. */
export const GENERATION_STORES = ['settings', 'generations'] as const;

/**
 * The person asks to look again: every earlier delegate is asked once more, those too that were not asked because the delegate in use
 * had rooms already. What they have given before stays recorded, so nothing is imported twice; what is still on its way to the
 * node goes on.
 */
export async function askGenerationsAgain(tx: WriteTx, now: Millis): Promise<void> {
  // none while nothing was loaded yet: all of them are still to be asked, or to be decided about
  for (const row of await presentGenerationsIn(tx)) {
    if (row.verdict === 'imported-local') continue;
    const { reason: _reason, nextTryAt: _nextTryAt, ...rest } = row;
    const asked = { ...rest, verdict: 'unknown' as const, attempts: 0, at: now };
    await tx.objectStore('generations').put(asked);
  }
}
