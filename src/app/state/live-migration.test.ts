import { describe, expect, it } from 'vitest';
import type { GenerationRow, Verdict } from '../../persist/earlier-rows.ts';
import { migrationStatus, nextAskOf } from './live-migration.ts';

const row = (verdict: Verdict, more: Partial<GenerationRow> = {}): GenerationRow => ({
  target: 't',
  fingerprint: 'f',
  delegate: 'd',
  version: 'V9',
  rank: 1,
  verdict,
  attempts: 1,
  at: 0,
  found: [],
  ...more,
});
const failure = {
  code: 'node-unreachable',
  sentence: 'The node is away.',
  since: 1,
  at: 1,
  attempts: 1,
} as const;

describe('what is told of earlier versions', () => {
  it('nothing before anything was decided, and nothing when all of it is proved', () => {
    const undelivered: [] = [];
    expect(migrationStatus({ rows: [], undelivered })).toEqual({ type: 'nothing' });
    const rows = [row('imported'), row('empty'), row('superseded')];
    expect(migrationStatus({ rows, undelivered })).toEqual({ type: 'nothing' });
  });

  it('how many were asked while some are not; those that are never asked do not count', () => {
    const rows = [row('unknown'), row('unreachable'), row('imported'), row('superseded')];
    expect(migrationStatus({ rows, undelivered: [] })).toEqual({
      type: 'running',
      asked: 2,
      of: 3,
    });
    expect(migrationStatus({ rows, undelivered: [], failure })).toEqual({
      type: 'waiting',
      reason: 'The node is away.',
    });
  });

  it('every reason why it is not sealed, with the name of a room that was refused', () => {
    const rows = [
      row('imported-local'),
      row('imported-local', { version: 'V8', reason: 'direct messages wait' }),
      row('partial', { version: 'V7', reason: 'room:x: no room' }),
      row('unreachable'),
      row('unreachable'),
      row('empty'),
    ];
    const harbour = { type: 'room', name: 'Harbour' } as const;
    const undelivered = [
      { what: harbour, refusal: 'It is full.' },
      { what: { type: 'list' } as const },
    ];
    expect(migrationStatus({ rows, undelivered })).toEqual({
      type: 'open',
      reasons: [
        { type: 'refused', what: harbour, reason: 'It is full.' },
        { type: 'on-the-way', values: 1 },
        { type: 'kept', version: 'V8', reason: 'direct messages wait' },
        { type: 'kept', version: 'V7', reason: 'room:x: no room' },
        { type: 'silent', versions: 2 },
      ],
    });
  });

  it('is open, never nothing, as long as one verdict is', () => {
    for (const verdict of ['unreachable', 'partial', 'imported-local'] as const) {
      const rows = [row('empty'), row(verdict)];
      expect(migrationStatus({ rows, undelivered: [] }).type).toBe('open');
    }
  });

  it('wakes the worker for the earliest that is open, and for none that is final', () => {
    const rows = [
      row('imported', { nextTryAt: 1 }),
      row('unreachable', { nextTryAt: 9 }),
      row('partial', { nextTryAt: 5 }),
      row('unknown'),
    ];
    expect(nextAskOf({ rows })).toBe(5);
    expect(nextAskOf({ rows: [row('empty')] })).toBeUndefined();
  });
});
