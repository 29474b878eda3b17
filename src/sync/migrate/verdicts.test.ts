import { describe, expect, it } from 'vitest';
import { isFinal, isSealed } from '../../persist/migration.ts';
import type { FoundValue, GenerationRow, Verdict } from '../../persist/earlier-rows.ts';
import { toHex } from '../../shared/bytes.ts';
import type { LegacyDelegate } from './legacy-delegates.ts';
import { firstVerdicts, isToBeRead, judged, type Ending } from './verdicts.ts';

const NOW = 1_000_000_000;

const found = (fate: FoundValue['fate'], key = 'room:a'): FoundValue => ({
  key,
  hash: 'h',
  held: 'other',
  rank: 3,
  fate,
});

const row = (verdict: Verdict, values: readonly FoundValue[] = []): GenerationRow => ({
  target: 't',
  fingerprint: 'f',
  delegate: 'd',
  version: 'V1',
  rank: 3,
  verdict,
  attempts: 0,
  at: NOW,
  found: values,
});

const silent: Ending = { type: 'silent', reason: 'nothing came' };
const brokeOff: Ending = { type: 'broke-off', reason: 'nothing more came' };
const answered: Ending = { type: 'answered' };

describe('the verdict on an earlier delegate', () => {
  it.each<[string, GenerationRow, Ending, Verdict]>([
    ['silence', row('unknown'), silent, 'unreachable'],
    ['silence again', row('unreachable'), silent, 'unreachable'],
    ['silence after something was found', row('partial', [found('imported')]), silent, 'partial'],
    ['a list, and no values', row('unknown'), brokeOff, 'partial'],
    ['everything answered, nothing there', row('unreachable'), answered, 'empty'],
    ['everything answered', row('unknown', [found('imported')]), answered, 'imported-local'],
    ['only what needs no place', row('unknown', [found('noted')]), answered, 'imported-local'],
    [
      'something invalid',
      row('unknown', [found('imported'), found('set-aside', 'x')]),
      answered,
      'partial',
    ],
  ])('%s', (_, before, ending, verdict) => {
    const after = judged(before, ending, NOW, 0.5);
    expect(after.verdict).toBe(verdict);
    expect(after.attempts).toBe(1);
    const open = verdict === 'unreachable' || verdict === 'partial';
    expect([after.nextTryAt !== undefined, open && after.reason === undefined]).toEqual([
      open,
      false,
    ]);
  });

  describe('A20 A23 C31', () => {
    it('is final after silence, an interruption or an invalid value under no circumstances', () => {
      for (const verdict of ['unknown', 'unreachable', 'partial'] as const) {
        for (const values of [[], [found('imported')], [found('set-aside')]]) {
          for (const ending of [silent, brokeOff]) {
            expect(isFinal(judged(row(verdict, values), ending, NOW, 0))).toBe(false);
          }
        }
      }
      expect(isFinal(judged(row('unknown', [found('set-aside')]), answered, NOW, 0))).toBe(false);
    });
  });

  it('waits a minute, then longer and longer, for a day at most; a clock that jumped back means now', () => {
    let waiting = row('unknown');
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      waiting = judged(waiting, silent, NOW, 0.5);
      waits.push((waiting.nextTryAt ?? 0) - NOW);
    }
    expect(waits.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
    expect(Math.max(...waits)).toBe(24 * 60 * 60_000);
    expect(isToBeRead(waiting, NOW + 1, false)).toBe(false);
    expect(isToBeRead(waiting, NOW + 1, true)).toBe(true);
    expect(isToBeRead(waiting, NOW - 1, false)).toBe(true);
    expect(isToBeRead(row('superseded'), NOW, true)).toBe(false);
    expect(isToBeRead(row('imported-local'), NOW, true)).toBe(false);
  });

  describe('A16', () => {
    it('seals only when every generation is final, and never before anything was decided', () => {
      expect(isSealed([])).toBe(false);
      expect(isSealed([row('empty'), row('imported'), row('superseded')])).toBe(true);
      for (const open of ['unknown', 'unreachable', 'partial', 'imported-local'] as const) {
        expect(isSealed([row('empty'), row(open)])).toBe(false);
      }
    });
  });
});

describe('what is decided at the first load', () => {
  const delegate = (n: number): LegacyDelegate => {
    const id = new Uint8Array(32).fill(n);
    return { version: `V${n}`, key: { key: id, codeHash: id } };
  };
  const registry = [delegate(1), delegate(2), delegate(3)];
  const room = 'room:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z';
  const verdicts = (...index: string[]): string[] =>
    firstVerdicts(registry, 'c', new Set(index)).map(({ verdict }) => verdict);
  const wip = `__migrate_pred_wip__:${toHex(new Uint8Array(32).fill(2))}`;
  const done = `__migrate_pred_done__:${toHex(new Uint8Array(32).fill(2))}`;

  it.each<[string, string[], string[]]>([
    [
      'nothing is there: all are asked',
      ['rooms_meta'],
      ['unknown', 'unknown', 'unknown', 'unknown'],
    ],
    ['rooms are there: none is', [room], ['superseded', 'superseded', 'superseded', 'superseded']],
    [
      'only the old value is',
      ['rooms_data'],
      ['superseded', 'superseded', 'superseded', 'unknown'],
    ],
    ['River was interrupted', [room, wip], ['superseded', 'unknown', 'superseded', 'superseded']],
    ['River was not', [room, wip, done], ['superseded', 'superseded', 'superseded', 'superseded']],
    [
      'what only looks like a room is none',
      ['room:x'],
      ['unknown', 'unknown', 'unknown', 'unknown'],
    ],
  ])('%s', (_, index, expected) => {
    expect(verdicts(...index)).toEqual(expected);
  });

  it('ranks by age, the one in use above all', () => {
    expect(firstVerdicts(registry, 'c', new Set()).map(({ rank }) => rank)).toEqual([0, 1, 2, 3]);
  });
});
