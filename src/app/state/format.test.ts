import { describe, expect, test } from 'vitest';
import { clockTime, dayKey, dayLabel, fullTime, listTime, machineTime, NO_TIME } from './format.ts';

const now = new Date(2026, 5, 10, 9, 30).getTime();
const local = (...parts: [number, number, number, number?, number?]): number =>
  new Date(...parts).getTime();

describe('dates', () => {
  test('a day is Today, Yesterday, a weekday with its date, and names another year', () => {
    expect(dayLabel(local(2026, 5, 10, 0, 1), now)).toBe('Today');
    expect(dayLabel(local(2026, 5, 9, 23, 59), now)).toBe('Yesterday');
    expect(dayLabel(local(2026, 5, 3, 12), now)).toMatch(/Wednesday.*3|3.*Wednesday/);
    expect(dayLabel(local(2026, 5, 3, 12), now)).not.toContain('2026');
    expect(dayLabel(local(2024, 5, 3, 12), now)).toContain('2024');
  });

  test('a list says the time today, then the day, then the date', () => {
    expect(listTime(local(2026, 5, 10, 8, 5), now)).toBe(clockTime(local(2026, 5, 10, 8, 5)));
    expect(listTime(local(2026, 5, 9, 23), now)).toBe('Yesterday');
    expect(listTime(local(2026, 5, 5, 12), now)).toBe('Fri');
    expect(listTime(local(2026, 4, 1, 12), now)).toMatch(/May/);
  });

  test('a time from the future is shown as a time, not as a day ago', () => {
    expect(listTime(now + 3_600_000, now)).toBe(clockTime(now + 3_600_000));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -1e300])(
    'a stranger’s impossible time %d formats as a dash and never throws',
    (at) => {
      for (const words of [
        clockTime(at),
        fullTime(at),
        dayKey(at),
        dayLabel(at, now),
        listTime(at, now),
      ]) {
        expect(words).toBe(NO_TIME);
      }
      expect(machineTime(at)).toBeUndefined();
    },
  );
});
