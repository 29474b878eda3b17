import { describe, expect, it } from 'vitest';
import { isDue, nextFailure } from './backoff.ts';

describe('back-off', () => {
  it('doubles from two seconds to five minutes and keeps since when it has been failing', () => {
    let failure = nextFailure(undefined, 'node-unreachable', 'x', 1_000, 0.5);
    const delays = [];
    for (let i = 0; i < 10; i++) {
      delays.push((failure.nextTryAt ?? 0) - failure.at);
      failure = nextFailure(failure, 'node-unreachable', 'x', failure.nextTryAt ?? 0, 0.5);
    }
    expect(delays).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
    ]);
    expect(failure.since).toBe(1_000);
    expect(failure.attempts).toBe(11);
  });

  it('spreads retries by a fifth either way', () => {
    expect(nextFailure(undefined, 'unknown', 'x', 0, 0).nextTryAt).toBe(1_600);
    expect(nextFailure(undefined, 'unknown', 'x', 0, 0.999999).nextTryAt).toBe(2_400);
  });

  it('waits for the person where trying again cannot help', () => {
    expect(nextFailure(undefined, 'remote-undecodable', 'x', 0, 0).nextTryAt).toBeUndefined();
    expect(isDue(nextFailure(undefined, 'remote-undecodable', 'x', 0, 0), 1e12)).toBe(false);
  });

  it('A33: waits five minutes at once when the node refuses to store', () => {
    expect(nextFailure(undefined, 'store-refused', 'x', 0, 0.5).nextTryAt).toBe(300_000);
  });

  it('takes a clock that jumped backwards as due, so that nothing is stranded', () => {
    const failure = nextFailure(undefined, 'unknown', 'x', 1_000_000, 0.5);
    expect(isDue(failure, 1_001_000)).toBe(false);
    expect(isDue(failure, 1_002_000)).toBe(true);
    expect(isDue(failure, 999_999)).toBe(true);
  });
});
