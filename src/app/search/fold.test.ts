import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, unfold } from './fold.ts';

test.each([
  ['Grüße aus KÖLN', 'gruße aus koln'],
  ['ﬁne ＦＵＬＬ width', 'fine full width'],
  ['Ὀδυσσεύς', 'οδυσσευς'],
  ['plain', 'plain'],
])('%s is searched as %s', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test('a composed and a taken-apart letter are the same', () => {
  expect(fold('caf\u00e9')).toBe(fold('cafe\u0301'));
});

test('what was found is where it was found', () => {
  const text = 'Ein ﬁfth Café, bitte';
  const at = fold(text).indexOf('cafe');
  expect(text.slice(...unfold(text, at, at + 4))).toBe('Café');
  const ligature = fold(text).indexOf('fifth');
  expect(text.slice(...unfold(text, ligature, ligature + 5))).toBe('ﬁfth');
});

test('folding the place of any find gives the find back, whole characters around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
      const folded = fold(text);
      if (folded === '') return;
      const from = a % folded.length;
      const to = from + 1 + (b % (folded.length - from));
      const [start, end] = unfold(text, from, to);
      expect(fold(text.slice(start, end))).toContain(folded.slice(from, to));
    }),
  );
});
