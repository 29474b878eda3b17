import { describe, expect, it } from 'vitest';
import { clockTime, fullTime } from '../state/format.ts';
import { shownAt, shownClock, timeInFull } from './message-time.ts';

const at = Date.UTC(2026, 5, 3, 12);
const MINUTE = 60_000;

describe('the time of a message', () => {
  it('is what its author says', () => {
    expect([shownAt({ at }), shownClock({ at }), timeInFull({ at })]).toEqual([
      at,
      clockTime(at),
      fullTime(at),
    ]);
  });

  it('is when it came, with a mark, where the author’s clock is ahead', () => {
    const item = { at, firstSeen: at - 90 * MINUTE };
    expect(shownAt(item)).toBe(item.firstSeen);
    expect(shownClock(item)).toBe(`~${clockTime(item.firstSeen)}`);
    expect(timeInFull(item)).toBe(fullTime(item.firstSeen));
  });

  it('says how late it came', () => {
    const late = (ms: number): string => timeInFull({ at, firstSeen: at + ms });
    expect(late(5 * MINUTE)).toBe(`${fullTime(at)} (received after 5\u00a0min delay)`);
    expect(late(200 * MINUTE)).toContain('(received after 3\u00a0h delay)');
    expect(late(3 * 1_440 * MINUTE)).toContain('(received after 3\u00a0days delay)');
    expect(shownClock({ at, firstSeen: at + MINUTE })).toBe(clockTime(at));
  });
});
