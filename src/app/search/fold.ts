/**
 * Text as it is searched: lower case, without accents, and with compatibility forms (ligatures, full-width letters) taken apart. It is folded
 * code point by code point, so that a place in the folded text has a place in the original.
 */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : Array.from(text, foldOne).join('');
}

/** Where `folded.slice(from, to)` lies in the text that it was folded from. */
export function unfold(text: string, from: number, to: number): readonly [number, number] {
  let at = 0;
  let start = 0;
  let foldedAt = 0;
  for (const character of text) {
    const { length } = foldOne(character);
    if (foldedAt >= to && length > 0) break; // an accent of its own belongs to the letter before
    if (foldedAt <= from) start = at;
    foldedAt += length;
    at += character.length;
  }
  return [start, at];
}

const ASCII = /^[\0-\x7f]*$/;

const foldOne = (character: string): string =>
  character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
