import { expect, test } from 'vitest';
import { message } from '../testing/sample-message.ts';
import { arrivals } from './arrivals.ts';

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
