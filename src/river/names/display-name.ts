import { isIn, ranges } from './code-points.ts';

/**
 * Names as they are shown: without characters that hide, imitate badges or turn text around. What is stored and signed is not
 * changed. Source of the rules: river: ui/src/util/display_name.rs.
 */

/** First and last code points of what is hidden; controls (general category Cc) besides. */
const HIDDEN = ranges(`
  ad 600-605 61c 6dd 70f 890-891 8e2 180e 200b 200e-200f 202a-202e 2060-2064 2066-206f feff fff9-fffb 110bd 110cd
  13430-1343f 1bca0-1bca3 1d173-1d17a e0001 e0020-e007f
  a9 ae 34f 488-489 66d 6de 115f 1160 17b4-17b5 180b-180d 180f 1abe 203c 2028-2029 2049 2065 20d0-20f0 2122 2139 2190-21ff
  2300-23ff 2460-24ff 25a0-27bf 2800 2900-297f 2b00-2bff 3030 303d 3164 3297 3299 a670-a673 e000-f8ff fe00-fe0f ffa0
  ffed-ffee fff0-fffb 10100-101fc 1cc00-1cebf 1f000-1faff 1fb00-1fbff e0000-e0fff f0000-ffffd 100000-10fffd
`);
const IDEOGRAPHS = ranges('3400-4dbf 4e00-9fff f900-faff 20000-323af');

export const JOINER = /^[\u200c\u200d]$/;
export const SPACE = /^\p{White_Space}$/u;
export const NAMELESS = 'Unnamed';

export function shownName(name: string): string {
  const kept = withoutHidden(Array.from(name));
  const joined = kept.filter(
    (character, i) => !JOINER.test(character) || joins(kept[i - 1], kept[i + 1]),
  );
  const spaced = joined.join('').replace(/[\u00a0\u2000-\u200a\u202f\u205f ]+/gu, ' ');
  return spaced.trim() || NAMELESS;
}

/** Whether a name that somebody types has characters that would not be shown. */
export const hasHiddenCharacters = (name: string): boolean => {
  const characters = Array.from(name);
  return characters.some((character, i) => isHidden(character, characters[i - 1]));
};

function withoutHidden(characters: readonly string[]): string[] {
  return characters.flatMap((character, i) => {
    if (!isHidden(character, characters[i - 1])) return [character];
    return SPACE.test(character) ? [' '] : [];
  });
}

/** Whether a character is taken out of a shown name. Variation selectors after an ideograph choose its form, and stay. */
export function isHidden(character: string, before: string | undefined): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xe0100 && code <= 0xe01ef && before !== undefined) {
    if (isIn(IDEOGRAPHS, before.codePointAt(0) ?? 0)) return false;
  }
  return /^\p{Cc}$/u.test(character) || isIn(HIDDEN, code);
}

/** A joiner means something between letters of scripts that join. */
function joins(before: string | undefined, after: string | undefined): boolean {
  const isLetter = (character: string): boolean =>
    (character.codePointAt(0) ?? 0) > 127 && !SPACE.test(character) && !JOINER.test(character);
  if (before === undefined || !isLetter(before)) return false;
  return after === undefined || SPACE.test(after) || isLetter(after);
}
