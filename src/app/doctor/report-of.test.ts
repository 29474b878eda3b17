import { describe, expect, test } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import { explainReport } from '../../shared/explain-report.ts';
import { decodeDoctorReport } from '../../shared/read-report.ts';
import { sampleFacts, ROOM } from './testing/sample-facts.ts';
import { reportOf } from './report-of.ts';

const SALT = new Uint8Array(16).fill(1);
const plain = { names: false, salt: SALT };

describe('a report', () => {
  test('names no room, neither by key nor by name, also where a sentence does', () => {
    const text = JSON.stringify(reportOf(sampleFacts(), plain));
    expect(text).not.toContain(ROOM);
    expect(text).not.toContain('Harbour');
    expect(text).toMatch(/"key":"id-[0-9a-f]{8}"/);
  });

  test('has names where the person has ticked them, and no keys all the same', () => {
    const report = reportOf(sampleFacts(), { names: true, salt: SALT });
    expect(report.markers[0]).toMatchObject({ name: 'Harbour', level: 'edit' });
    expect(JSON.stringify(report)).not.toContain(ROOM);
  });

  test('calls one room by one alias throughout, and by another one in another report', () => {
    const report = reportOf(sampleFacts(), plain);
    expect(report.receipts[0]?.key).toBe(report.markers[0]?.key);
    const other = reportOf(sampleFacts(), { names: false, salt: new Uint8Array(16) });
    expect(other.markers[0]?.key).not.toBe(report.markers[0]?.key);
  });

  test.each([
    'a'.repeat(32),
    'e765339ba3039f937256f4b6f7e8683d43f90e158f5d80f0dd45afdca69911e5',
    'QUJD'.repeat(11) + '=',
  ])('holds nothing that could be a key: %s', (key) => {
    const facts = sampleFacts({ reason: `the value “${key}” is odd` });
    expect(JSON.stringify(reportOf(facts, plain))).not.toContain(key);
  });

  test('of a database that does not open says so, and what else is known', () => {
    const facts = { ...sampleFacts(), database: { type: 'shut', reason: 'It is newer.' } } as const;
    const report = reportOf(facts, plain);
    expect(report.database).toEqual({ type: 'shut', reason: 'It is newer.' });
    expect(report.markers).toEqual([]);
    expect(explainReport(report)[0]?.sentence).toContain('can’t be read: It is newer.');
  });

  test('is read again as it was written', () => {
    const report = reportOf(sampleFacts(), plain);
    expect(decodeDoctorReport(JSON.parse(JSON.stringify(report)))).toEqual({
      ok: true,
      value: report,
    });
  });

  test('survives times that no calendar has', () => {
    const facts = sampleFacts({ since: 9e15 });
    expect(reportOf(facts, plain).markers[0]?.since).toBe('unknown');
  });
});

test('a room whose key was never seen here is an alias too', () => {
  const facts = sampleFacts();
  if (facts.database.type !== 'open') throw new Error('it is open');
  const rows = { ...facts.database.rows, rooms: [] };
  const report = reportOf({ ...facts, database: { type: 'open', rows } }, plain);
  expect(JSON.stringify(report)).not.toContain(ROOM satisfies RoomKey);
});
