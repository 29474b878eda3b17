import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../shared/bytes.ts';
import { MAX_PARTS, splitMessage } from './split-message.ts';

const upTo =
  (bytes: number) =>
  (part: string): boolean =>
    utf8(part).length <= bytes;
const split = (text: string, bytes: number) => splitMessage(text, upTo(bytes));

describe('a text that is too long for one message', () => {
  it('is split between paragraphs, as many as fit together', () => {
    expect(split('one\n\ntwo\n\nthree three', 9)).toEqual(['one\n\ntwo', 'three', 'three']);
    expect(split('one\n\ntwo\n\nthree', 100)).toEqual(['one\n\ntwo\n\nthree']);
  });

  it('is split between lines and sentences where a paragraph does not fit', () => {
    expect(split('First line.\nSecond line. Third one.', 13)).toEqual([
      'First line.',
      'Second line.',
      'Third one.',
    ]);
  });

  it('is never split through a character, whatever it is made of', () => {
    expect(split('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 30)).toEqual(['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']);
    expect(split('äöü', 4)).toEqual(['äö', 'ü']);
  });

  it('keeps fenced code whole where it fits', () => {
    expect(split('before\n\n```\na\n\nb\n```\n\nafter', 16)).toEqual([
      'before',
      '```\na\n\nb\n```',
      'after',
    ]);
  });

  it('gives every part of longer code its own fences', () => {
    expect(split('so:\n```js\none();\ntwo();\nthree();\n```\nthat', 24)).toEqual([
      'so:',
      '```js\none();\ntwo();\n```',
      '```js\nthree();\n```',
      'that',
    ]);
  });

  it('is left alone when it would be too many', () => {
    expect(split('x\n\n'.repeat(MAX_PARTS), 1)).toHaveLength(MAX_PARTS);
    expect(split('x\n\n'.repeat(MAX_PARTS + 1), 1)).toBeUndefined();
    expect(split('x'.repeat(100_000), 10)).toBeUndefined();
  });

  it('loses nothing, and every part fits', () => {
    const piece = fc.constantFrom(
      'a',
      'word ',
      'Sentence. ',
      '\n',
      '\n\n',
      'ü',
      '🌊',
      '- item\n',
      'longerword',
      '> ',
      '  ',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 8, max: 60 }),
        (pieces, bytes) => {
          const text = pieces.join('');
          const parts = split(text, bytes);
          if (!parts) return;
          expect(parts.every(upTo(bytes))).toBe(true);
          expect(parts.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        },
      ),
      { numRuns: 500 },
    );
  });
});
