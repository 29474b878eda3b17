import { expect, test } from 'vitest';
import { message } from '../testing/sample-message.ts';
import { arrivals, newsBehind } from './arrivals.ts';

const m = (id: string, at: number) => message(id, 'ana', 'Ana', at, id);
const ids = (items: ReturnType<typeof arrivals>): string[] => items.map((item) => item.id);

test('messages with unseen ids arrive, also when their clock puts them before the last', () => {
  expect(
    ids(arrivals([m('1', 10), m('2', 30)], [m('1', 10), m('x', 20), m('2', 30), m('3', 40)])),
  ).toEqual(['x', '3']);
});

test('older messages that are only now loaded are no news', () => {
  expect(ids(arrivals([m('2', 30)], [m('1', 10), m('2', 30)]))).toEqual([]);
});

test('the first load is no news, nor is a deletion', () => {
  expect(ids(arrivals([], [m('1', 10)]))).toEqual([]);
  expect(ids(arrivals([m('1', 10), m('2', 20)], [m('1', 10)]))).toEqual([]);
});

test('behind a window that does not reach the end, only a number tells of what has come', () => {
  const view = (from: number, to: number, after: number): Parameters<typeof newsBehind>[0] => ({
    messages: Array.from({ length: to - from }, (_, n) => m(String(from + n), from + n)),
    before: from,
    after,
    exact: true,
  });
  expect(newsBehind(view(10, 20, 30), view(10, 20, 33))).toBe(3);
  expect(newsBehind(view(10, 20, 30), view(15, 30, 20))).toBe(0);
  expect(newsBehind(view(10, 20, 30), view(15, 30, 22))).toBe(2);
  expect(newsBehind(view(10, 20, 30), view(40, 50, 0))).toBe(0);
  expect(newsBehind(view(10, 20, 30), view(10, 20, 29))).toBe(0);
});
