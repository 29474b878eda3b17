import type { Millis } from '../shared/brand.ts';
import type { Failure, FailureCode } from '../persist/schema.ts';

const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

/** These wait for the person or for a new remote value: trying again by itself can't help. */
const WAITS: ReadonlySet<FailureCode> = new Set([
  'remote-undecodable',
  'conflict-user',
  'local-undecodable',
]);

/** Asking again soon only repeats these. */
const REFUSALS: ReadonlySet<FailureCode> = new Set(['store-refused', 'room-refused']);

/**
 * The failure that follows `previous`: attempts grow, the delay doubles from 2 s to 5 min with ±20 % jitter.
 * A refusal (quota, a room's rules) waits the full 5 minutes at once.
 *
 * @param unit a random number in [0, 1)
 */
export function nextFailure(
  previous: Failure | undefined,
  code: FailureCode,
  sentence: string,
  now: Millis,
  unit: number,
): Failure {
  const attempts = (previous?.attempts ?? 0) + 1;
  const base = REFUSALS.has(code)
    ? LONGEST_MS
    : Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  const delay = Math.round(base * (0.8 + 0.4 * unit));
  return {
    code,
    sentence,
    since: previous?.since ?? now,
    at: now,
    attempts,
    ...(!WAITS.has(code) && { nextTryAt: now + delay }),
  };
}

/**
 * Whether back-off allows a try now. A clock that jumped backwards beyond the delay means "now", never "much later".
 */
export function isDue(failure: Failure | undefined, now: Millis): boolean {
  if (!failure) return true;
  if (failure.nextTryAt === undefined) return false;
  return now >= failure.nextTryAt || now < failure.at;
}
