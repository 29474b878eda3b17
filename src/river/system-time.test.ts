import { describe, expect, it } from 'vitest';
import { fromHex } from '../shared/bytes.ts';
import { messageId } from './ids.ts';
import { millisFromTime, timeFromMillis } from './system-time.ts';

describe('times', () => {
  it('are milliseconds for people, exactly or as near as a Date can', () => {
    expect(timeFromMillis(1_700_000_000_123)).toEqual({
      secsSinceEpoch: 1_700_000_000n,
      nanosSinceEpoch: 123_000_000,
    });
    expect(millisFromTime(timeFromMillis(1_700_000_000_123))).toBe(1_700_000_000_123);
    expect(millisFromTime({ secsSinceEpoch: 2n ** 64n - 1n, nanosSinceEpoch: 0 })).toBe(8.64e15);
  });

  it('give messages their ids by signature alone', () => {
    expect(
      messageId({
        signature: fromHex(
          '7d1117eef43726dd113d05c971fb57476d5235e824008199828da6c04382b2ab4e6f7303de75fed60753aa50c2f6b92121b0a847f4fa7b1a98feae5207d48600',
        ),
      }),
    ).toBe(-4104013538549455734n);
  });
});
