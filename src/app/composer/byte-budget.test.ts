import { expect, test } from 'vitest';
import { byteBudget } from './byte-budget.ts';

test('the budget counts UTF-8 bytes, warns from four fifths, and is over only above the limit', () => {
  expect(byteBudget('a'.repeat(799), 1_000).state).toBe('free');
  expect(byteBudget('a'.repeat(800), 1_000).state).toBe('near');
  expect(byteBudget('a'.repeat(1_000), 1_000).state).toBe('near');
  expect(byteBudget('a'.repeat(1_001), 1_000).state).toBe('over');
  expect(byteBudget('🌊é', 10)).toEqual({ used: 6, max: 10, state: 'free' });
});
