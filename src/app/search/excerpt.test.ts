import { expect, test } from 'vitest';
import { excerptOf } from './excerpt.ts';

const marked = (words: string, ...terms: string[]): string[] => {
  const { text, marks } = excerptOf(words, terms);
  return marks.map(([from, to]) => text.slice(from, to));
};

test('a short message is shown whole, on one line', () => {
  expect(excerptOf('We\nmeet   at noon', ['noon'])).toEqual({
    text: 'We meet at noon',
    marks: [[11, 15]],
  });
});

test('of a long one the words around the first find are shown', () => {
  const words = `${'far '.repeat(100)}needle ${'away '.repeat(100)}`;
  const { text, marks } = excerptOf(words, ['needle']);
  expect(text.startsWith('…far ')).toBe(true);
  expect(text.endsWith('…')).toBe(true);
  expect(text.length).toBeLessThan(185);
  expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(['needle']);
});

test('finds that overlap are one mark', () => {
  expect(marked('banana', 'ana', 'nan')).toEqual(['anana']);
});

test('accents are marked with their letters', () => {
  expect(marked('ein Café, ein CAFE\u0301', 'cafe')).toEqual(['Café', 'CAFE\u0301']);
});

test('no character is cut in two', () => {
  const { text } = excerptOf(`${'😀'.repeat(100)}x${'😀'.repeat(300)}`, ['x']);
  expect(text).not.toMatch(/^…?[\udc00-\udfff]|[\ud800-\udbff]…?$/);
});
