import { describe, expect, it } from 'vitest';
import { HELP, readOptions } from './options.ts';
import { htmlReport, reportOf, summary } from './report.ts';
import type { Measured } from './storm.ts';
import { verdictOn } from './verdict.ts';

const MIB = 1_048_576;

const measured = (
  inside: Partial<NonNullable<Measured['inside']>> = {},
  change: Partial<Measured> = {},
): Measured => ({
  seconds: 10,
  saves: [{ at: 1000, bytes: 100, from: 'service_worker' }],
  memory: [{ at: 0, renderers: 120 * MIB, others: 80 * MIB, heaps: { 'tab 1': 5 * MIB } }],
  marks: [{ at: 500, what: '</script><b>' }],
  ready: [500, 700, undefined],
  failures: [],
  bytesSent: 2000,
  peakBytes: 120 * MIB,
  settledBytes: 100 * MIB,
  keptBytes: { before: 50 * MIB, after: 60 * MIB },
  reloads: 2,
  kills: {},
  inside: {
    accepted: 10,
    lost: 0,
    duplicated: 0,
    dirtyBytes: 9 * MIB,
    bytesChanged: 5000,
    bursts: 2,
    iterations: 4,
    storeRequests: 12,
    requestBytes: 9 * MIB,
    ...inside,
  },
  ...change,
});

const missed = (of: Measured, isWeir = true): string[] =>
  verdictOn(of, isWeir)
    .filter(({ isMet }) => !isMet)
    .map(({ what }) => what);

describe('the verdict', () => {
  it('misses only that a tab could not be used', () => {
    expect(missed(measured())).toEqual(['tabs that could not be used']);
    expect(missed(measured({}, { ready: [500] }))).toEqual([]);
  });

  it.each([
    [{ lost: 1 }, 'accepted edits lost'],
    [{ duplicated: 1 }, 'edits twice'],
    [{ iterations: 5 }, 'iterations in 2 bursts'],
    [{ storeRequests: 13 }, 'store requests'],
  ])('%j is beyond', (inside, what) => {
    expect(missed(measured(inside, { ready: [] }))).toEqual([what]);
  });

  it('what reloads leave behind is beyond', () => {
    const kept = { before: 50 * MIB, after: 66 * MIB };
    expect(missed(measured({}, { ready: [], keptBytes: kept }))).toEqual([
      'memory kept at the end ÷ before',
    ]);
  });

  it('without edits allows no save at all', () => {
    const calm = { bursts: 0, iterations: 0, storeRequests: 1 };
    expect(missed(measured(calm, { ready: [] }))).toEqual(['store requests']);
  });

  it('on another app asks for memory, errors and tabs', () => {
    const other = measured({ lost: 9 }, { ready: [], failures: ['x'], peakBytes: 131 * MIB });
    expect(missed(other, false)).toEqual(['errors that nobody caught', 'peak memory ÷ settled']);
  });
});

describe('the report', () => {
  const options = readOptions(['--edits', '10']);
  if (options === 'help') throw new Error(HELP);
  const decoder = { name: 'x', counts: 'everything', isSave: () => true };
  const of = measured();
  const report = reportOf('Weir', '2026-01-01', options, decoder, of, verdictOn(of, true));

  it('has the figures by the names that machines look for', () => {
    expect(report).toMatchObject({
      saves: 4,
      requests: 12,
      bytesSent: 9 * MIB,
      bytesChanged: 5000,
      peakBytes: 120 * MIB,
      settledBytes: 100 * MIB,
      lost: 0,
      verdict: 'beyond the budgets',
      ready: { median: 700, p95: 700, never: 1 },
    });
    expect(summary(report)).toContain('verdict: beyond the budgets');
  });

  it('is one page that asks nobody for anything, whatever was measured', () => {
    const page = htmlReport(report);
    expect(page).toContain('uPlot');
    expect(page).not.toMatch(/(?:src|href)=/);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });
});
