import { describe, expect, test } from 'vitest';
import { message } from '../testing/sample-message.ts';
import { historyRows } from './rows.ts';

const MINUTE = 60_000;
const noon = new Date(2026, 5, 3, 12).getTime();
const at = (minutes: number): number => noon + minutes * MINUTE;

const shape = (rows: ReturnType<typeof historyRows>): string[] =>
  rows.map((row) =>
    row.type === 'event'
      ? `event ${row.names.join('+')}`
      : `${row.opens ? '[' : ''}${row.key}${row.closes ? ']' : ''}`,
  );

describe('the lines of a history', () => {
  test('messages of one author less than five minutes apart are one group', () => {
    const rows = historyRows([
      message('1', 'ana', 'Ana', at(0), 'a'),
      message('2', 'ana', 'Ana', at(4), 'b'),
      message('3', 'ana', 'Ana', at(9), 'five minutes later'),
      message('4', 'bo', 'Bo', at(10), 'd'),
    ]);
    expect(shape(rows)).toEqual(['[1', '2]', '[3]', '[4]']);
  });

  test('two people of one name are two groups', () => {
    const rows = historyRows([
      message('1', 'id-1', 'Ana', at(0), 'a'),
      message('2', 'id-2', 'Ana', at(1), 'b'),
    ]);
    expect(shape(rows)).toEqual(['[1]', '[2]']);
  });

  test('a new day begins a group and carries the moment to name', () => {
    const rows = historyRows([
      message('1', 'ana', 'Ana', new Date(2026, 5, 3, 23, 59).getTime(), 'a'),
      message('2', 'ana', 'Ana', new Date(2026, 5, 4, 0, 1).getTime(), 'b'),
    ]);
    expect(shape(rows)).toEqual(['[1]', '[2]']);
    expect(rows.map((row) => row.day !== undefined)).toEqual([true, true]);
  });

  test('the unread divider stands before the first unread message and ends a group', () => {
    const rows = historyRows(
      [message('1', 'ana', 'Ana', at(0), 'a'), message('2', 'ana', 'Ana', at(1), 'b')],
      '2',
    );
    expect(shape(rows)).toEqual(['[1]', '[2]']);
    expect(rows.map((row) => row.unreadStart)).toEqual([false, true]);
  });

  test('people who join within an hour are one line, each named once', () => {
    const join = (id: string, name: string, minutes: number) =>
      message(id, name, name, at(minutes), '', { kind: 'event' });
    const rows = historyRows([
      join('1', 'Ana', 0),
      join('2', 'Bo', 20),
      join('3', 'Ana', 59),
      join('4', 'Jun', 60),
    ]);
    expect(shape(rows)).toEqual(['event Ana+Bo', 'event Jun']);
    expect(rows[0]).toMatchObject({ ids: ['1', '2', '3'] });
  });

  test('a time that no calendar has is a day of its own and breaks nothing', () => {
    const rows = historyRows([
      message('1', 'ana', 'Ana', at(0), 'a'),
      message('2', 'ana', 'Ana', 1e300, 'b'),
      message('3', 'ana', 'Ana', Number.NaN, 'c'),
    ]);
    expect(rows).toHaveLength(3);
    expect(rows[1]?.day).toBe(1e300);
  });
});
