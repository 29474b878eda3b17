import type { Millis } from '../../shared/brand.ts';
import { toHex } from '../../shared/bytes.ts';
import { roomOfKey } from '../../persist/room-keys.ts';
import { isFinal, ROOMS_DATA } from '../../persist/migration.ts';
import type { GenerationRow } from '../../persist/earlier-rows.ts';
import { isTimeToAsk, nextAskAt } from '../backoff.ts';
import type { LegacyDelegate } from './legacy-delegates.ts';

/** Which generations are to be asked, decided once for a target: by what its delegate listed before anything was stored there. */
export interface FirstVerdict {
  readonly delegate: string;
  readonly version: string;
  readonly rank: number;
  readonly verdict: 'unknown' | 'superseded';
}

/**
 * A delegate that has rooms has had them from earlier ones, or made them: what is missing in it may have been deleted, so the
 * earlier ones are not asked, except where River says that it was interrupted in taking one over (`wip` without `done`). Without
 * rooms, but with all of them in one old value, that value is taken over and nothing else. Without either, all are asked, and the
 * old value too: the list may lack it.
 *
 * @param current the delegate in use, hex
 * @param index the keys that it lists
 */
export function firstVerdicts(
  registry: readonly LegacyDelegate[],
  current: string,
  index: ReadonlySet<string>,
): readonly FirstVerdict[] {
  const hasRooms = [...index].some((key) => roomOfKey(key) !== undefined);
  const hasBlob = index.has(ROOMS_DATA);
  const earlier = registry.map(({ version, key }, rank): FirstVerdict => {
    const delegate = toHex(key.key);
    const interrupted =
      index.has(`__migrate_pred_wip__:${delegate}`) &&
      !index.has(`__migrate_pred_done__:${delegate}`);
    const superseded = (hasRooms || hasBlob) && !interrupted;
    return { delegate, version, rank, verdict: superseded ? 'superseded' : 'unknown' };
  });
  const own: FirstVerdict = {
    delegate: current,
    version: 'this version',
    rank: registry.length,
    verdict: hasRooms ? 'superseded' : 'unknown',
  };
  return [...earlier, own];
}

/** How one try to read a generation has ended. What it gave by then is in the row. */
export type Ending =
  /** It did not even list its keys: whether it has any is not known. */
  | { readonly type: 'silent'; readonly reason: string }
  /** It listed its keys, and left something unanswered. */
  | { readonly type: 'broke-off'; readonly reason: string }
  /** The list, both fixed keys and every listed one were answered. */
  | { readonly type: 'answered' };

/**
 * The row after a try. Only a complete answer can lead to a final verdict, and by itself only to `empty`; silence leaves what an
 * earlier try has found as it was.
 *
 * @param unit a random number in [0, 1); the same for all that are tried together, so that they are due together
 */
export function judged(
  row: GenerationRow,
  ending: Ending,
  now: Millis,
  unit: number,
): GenerationRow {
  const { reason: _reason, nextTryAt: _nextTryAt, ...rest } = row;
  const attempts = row.attempts + 1;
  const next = { ...rest, attempts, at: now };
  const again = { nextTryAt: nextAskAt(row.attempts, now, unit) };
  if (ending.type === 'silent' && row.found.length === 0) {
    return { ...next, ...again, verdict: 'unreachable', reason: ending.reason };
  }
  if (ending.type !== 'answered') {
    return { ...next, ...again, verdict: 'partial', reason: ending.reason };
  }
  const invalid = row.found.filter(({ fate }) => fate === 'set-aside');
  if (invalid.length > 0) {
    return { ...next, ...again, verdict: 'partial', reason: wordsOf(invalid) };
  }
  if (row.found.length === 0) return { ...next, verdict: 'empty' };
  return { ...next, verdict: 'imported-local' };
}

const wordsOf = (values: GenerationRow['found']): string =>
  [...new Set(values.map(({ key, reason }) => `${key}: ${reason ?? 'it is kept here'}`))].join(
    '; ',
  );

/** Whether it is to be read now. @param asked what waits for its next try, too */
export const isToBeRead = (row: GenerationRow, now: Millis, asked: boolean): boolean =>
  !isFinal(row) && row.verdict !== 'imported-local' && (asked || isTimeToAsk(row, now));
