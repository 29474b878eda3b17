import { describe, expect, it } from 'vitest';
import { exponentOf, growthOf, growthPage, growthSummary } from './growth.ts';
import { readOptions } from './options.ts';
import type { StormReport } from './report.ts';

const options = readOptions([]);
if (options === 'help') throw new Error('no options');

const report = (saves: number, bytesSent: number): StormReport => ({
  app: 'Weir',
  at: '',
  options,
  counted: '',
  verdict: 'within the budgets',
  budgets: [],
  saves,
  requests: saves,
  bytesSent,
  bytesChanged: null,
  peakBytes: 2_097_152,
  settledBytes: 1_048_576,
  keptBytes: { before: 1_048_576, after: 1_048_576 },
  lost: 0,
  accepted: 0,
  seconds: 1,
  reloads: 1,
  kills: {},
  ready: { median: 100, p95: 100, never: 0 },
  failures: [],
  series: { memory: [], marks: [], saves: [], ready: [] },
});

describe('growth', () => {
  it('is the power of the size', () => {
    expect(exponentOf([1, 2, 4], [3, 3, 3])).toBeCloseTo(0);
    expect(exponentOf([1, 2, 4], [3, 6, 12])).toBeCloseTo(1);
    expect(exponentOf([1, 2, 4], [3, 12, 48])).toBeCloseTo(2);
  });

  it('is none of what costs nothing or was not measured', () => {
    expect(exponentOf([1, 2], [0, 0])).toBeUndefined();
    expect(exponentOf([1, 2], [null, 5])).toBeUndefined();
    expect(exponentOf([3, 3], [1, 5])).toBeUndefined();
  });

  it('of linear costs is within the budgets, and a square is not', () => {
    const sizes = [1, 10, 100];
    const linear = growthOf(
      { what: 'rooms', sizes },
      sizes.map((size) => report(0, size * 1024)),
    );
    expect(linear.verdict).toBe('within the budgets');
    expect(growthSummary(linear)).toContain('| 100 | 0 | 0 | 100 | 2 | 1 | 100 |');
    const square = growthOf(
      { what: 'rooms', sizes },
      sizes.map((size) => report(0, size * size * 1024)),
    );
    expect(square.verdict).toBe('beyond the budgets');
    expect(growthSummary(square)).toContain('NOT: KiB sent grow with the power 2.00');
    expect(growthPage(square)).toContain('worse than linear');
  });

  it('is beyond the budgets where one of its storms was', () => {
    const beyond: StormReport = {
      ...report(1, 1),
      verdict: 'beyond the budgets',
      budgets: [{ what: 'accepted edits lost', measured: '3', allowed: '0', isMet: false }],
    };
    const growth = growthOf({ what: 'tabs', sizes: [1, 2] }, [report(1, 1), beyond]);
    expect(growth.verdict).toBe('beyond the budgets');
    expect(growthSummary(growth)).toContain('NOT at 2: accepted edits lost 3 (0)');
  });
});
