import type { Millis } from '../../shared/brand.ts';

/** Dates in the person's own language. Times come from strangers' signed messages, so every one may be nonsense. */

const DAY_MS = 86_400_000;
/** ECMA-262: a Date reaches 100 million days either side of 1970. */
const MAX_MILLIS = 8.64e15;

const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const clock = lazily(() => new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }));
const full = lazily(
  () => new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' }),
);
const weekday = lazily(() => new Intl.DateTimeFormat(undefined, { weekday: 'short' }));
const dayThisYear = lazily(
  () => new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' }),
);
const dayOtherYear = lazily(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'full' }));
const shortThisYear = lazily(
  () => new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
);
const shortOtherYear = lazily(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'short' }));
const nearDay = lazily(() => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }));

const isDate = (at: Millis): boolean => Math.abs(at) <= MAX_MILLIS;

/** Stands for a time that no calendar has. */
export const NO_TIME = '–';

/** `14:32`, or as the person's country writes it. */
export const clockTime = (at: Millis): string => (isDate(at) ? clock().format(at) : NO_TIME);

/** Everything: weekday, date and time. */
export const fullTime = (at: Millis): string => (isDate(at) ? full().format(at) : NO_TIME);

/** For `<time datetime>`; undefined when there is no such moment. */
export const machineTime = (at: Millis): string | undefined =>
  isDate(at) ? new Date(at).toISOString() : undefined;

/** Two moments of one local calendar day have the same key. */
export const dayKey = (at: Millis): string => (isDate(at) ? new Date(at).toDateString() : NO_TIME);

/** A day separator: Today, Yesterday, a weekday and date, with the year when it is another one. */
export function dayLabel(at: Millis, now: Millis): string {
  if (!isDate(at)) return NO_TIME;
  const ago = daysAgo(at, now);
  if (ago === 0 || ago === 1) return capital(nearDay().format(-ago, 'day'));
  return (sameYear(at, now) ? dayThisYear() : dayOtherYear()).format(at);
}

/** The time in a list: as short as it can be and still be understood. */
export function listTime(at: Millis, now: Millis): string {
  if (!isDate(at)) return NO_TIME;
  const ago = daysAgo(at, now);
  if (ago <= 0) return clockTime(at);
  if (ago === 1) return capital(nearDay().format(-1, 'day'));
  if (ago < 7) return weekday().format(at);
  return (sameYear(at, now) ? shortThisYear() : shortOtherYear()).format(at);
}

/** Whole local days between two moments; days of 23 or 25 hours count as days. */
function daysAgo(at: Millis, now: Millis): number {
  const midnight = (time: Millis): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / DAY_MS);
}

const sameYear = (a: Millis, b: Millis): boolean =>
  new Date(a).getFullYear() === new Date(b).getFullYear();

const capital = (word: string): string => {
  const [first = ''] = word;
  return first.toLocaleUpperCase() + word.slice(first.length);
};
