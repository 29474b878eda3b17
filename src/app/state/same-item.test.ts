import { expect, test } from 'vitest';
import { message } from '../testing/sample-message.ts';
import { sameItems } from './same-item.ts';

const said = (id: string, more: Parameters<typeof message>[5] = {}) =>
  message(id, 'ana', 'Ana', 1_000, 'words', {
    reactions: [{ emoji: '👍', by: ['Bo'], mine: false }],
    ...more,
  });

test('a message that says what it said is the same object', () => {
  const before = [said('1'), said('2')];
  const next = sameItems(before, [said('2'), said('3')]);
  expect(next[0]).toBe(before[1]);
  expect(next[1]).toEqual(said('3'));
});

test.each([
  ['another text', { text: 'other words' }],
  ['one more reaction', { reactions: [{ emoji: '👍', by: ['Bo', 'Jun'], mine: false }] }],
  ['no reaction any more', { reactions: [] }],
  ['a place where it has got to', { delivery: 'in-room' as const }],
  ['a quote', { replyTo: { id: '9', author: 'Bo', text: 'x' } }],
])('one with %s is another, and the other way round', (_, more) => {
  const [plain, changed] = [said('1'), said('1', more)];
  expect(sameItems([plain], [changed])[0]).toBe(changed);
  expect(sameItems([changed], [plain])[0]).toBe(plain);
});
