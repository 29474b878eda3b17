import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHiddenCharacters, shownName } from './display-name.ts';

describe('a shown name', () => {
  it.each([
    ['Mod\u{1F6E1}\uFE0F', 'Mod'],
    ['Alice\u202Ebob', 'Alicebob'],
    ['A\u200Bl\uFEFFice', 'Alice'],
    ['Alice\nBob', 'Alice Bob'],
    ['Alice 🛡 Smith', 'Alice Smith'],
    ['Bo\u200Db', 'Bob'],
    ['Ali\u200D\u0633ce', 'Ali\u0633ce'],
    ['Kim\u{1F1EC}\u{1F1E7}', 'Kim'],
    ['山田\u3000太郎', '山田\u3000太郎'],
    ['可\u{E0100}', '可\u{E0100}'],
    ['\u0646\u200c\u0647', '\u0646\u200c\u0647'],
    ['🛡👑⭐', 'Unnamed'],
    ['', 'Unnamed'],
    ['   ', 'Unnamed'],
    ['\u{E0100}', 'Unnamed'],
  ])('of %j is %j', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it('is never empty, and shown again is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
        const shown = shownName(name);
        return shown !== '' && shownName(shown) === shown && !hasHiddenCharacters(shown);
      }),
    );
  });

  it('a typed name is refused for what would not be shown, never for joiners', () => {
    expect(['Theo 🛡', 'a\u202eb', '\u0646\u200c\u0647', 'Inês'].map(hasHiddenCharacters)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
