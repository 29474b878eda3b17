import type { Millis } from '../shared/brand.ts';
import type { Failure, FailureCode } from '../persist/schema.ts';

const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

const FIRST_ASK_MS = 60_000;
const LONGEST_ASK_MS = 24 * 60 * 60_000;

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
  const base = REFUSALS.has(code) ? LONGEST_MS : doubled(FIRST_MS, attempts - 1, LONGEST_MS);
  return {
    code,
    sentence,
    since: previous?.since ?? now,
    at: now,
    attempts,
    ...(!WAITS.has(code) && { nextTryAt: now + jittered(base, unit) }),
  };
}

/**
 * Whether back-off allows a try now. A clock that jumped backwards beyond the delay means "now", never "much later".
 */
export function isDue(failure: Failure | undefined, now: Millis): boolean {
  if (!failure) return true;
  return failure.nextTryAt !== undefined && isTimeToAsk(failure, now);
}

/**
 * When an earlier version that said nothing is asked once more: after a minute doubling to a day, with ±20 % jitter.
 *
 * @param attempts tries before this one
 * @param unit a random number in [0, 1)
 */
export const nextAskAt = (attempts: number, now: Millis, unit: number): Millis =>
  now + jittered(doubled(FIRST_ASK_MS, attempts, LONGEST_ASK_MS), unit);

/** Whether an earlier version is to be asked now. A clock that jumped back means "now". */
export const isTimeToAsk = (
  { nextTryAt, at }: { readonly nextTryAt?: Millis; readonly at: Millis },
  now: Millis,
): boolean => nextTryAt === undefined || now >= nextTryAt || now < at;

const doubled = (first: number, times: number, longest: number): number =>
  Math.min(first * 2 ** times, longest);

const jittered = (ms: number, unit: number): number => Math.round(ms * (0.8 + 0.4 * unit));
