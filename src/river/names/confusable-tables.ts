import { isIn, ranges } from './code-points.ts';

/**
 * Which characters are read as which. Source: river: ui/src/util/confusable.rs. Entries of the lists are code points in hex with
 * the character that they are read as: `410A` is U+0410 read as `A`; `410=` names a code point: `1d26=393`.
 */

const letters = (list: string): ReadonlyMap<number, string> =>
  new Map(
    list
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [from = '', to] = entry.includes('=')
          ? entry.split('=')
          : [entry.slice(0, -1), undefined];
        const letter =
          to === undefined ? entry.slice(-1) : String.fromCodePoint(Number.parseInt(to, 16));
        return [Number.parseInt(from, 16), letter] as const;
      }),
  );

/** Letter-like signs, modifiers, subscripts and roman numerals. */
const FORMS = letters(`
  2102C 212dC 2107E 210ag 210bH 210cH 210dH 210eh 210fh 2110I 2111I 2112L 2113l 2115N 2119P 211aQ 211bR 211cR 211dR 2124Z
  2128Z 212cB 212fE 2130E 2131F 2133M 2134o
  1d2cA 212bA aaa 1d43a 2090a 1d2eB 1d47b 216dC a7f2C 1d9cc 217dc 1d30D 2145D 216eD 1d48d 2146d 217ed 1d31E 1d49e 2091e
  2147e a7f3F 1da0f 1d33G 1d4dg 1d34H 2b0h 2095h 1d35I 2160I 1d62i 2071i 2148i 2170i 1d36J 2b2j 2149j 2c7cj 1d37K 212aK
  1d4fk 2096k 1d38L 216cL 2e1l 2097l 217cl 1d39M 216fM 1d50m 2098m 217fm 1d3aN 207fn 2099n 1d3cO bao 1d52o 2092o 1d3eP
  1d56p 209ap a7f4Q 107a5q 1d3fR 2b3r 1d63r 2e2s 209bs 1d40T 1d57t 209ct 1d41U 1d58u 1d64u 2164V 2c7dV 1d5bv 1d65v 2174v
  1d42W 2b7w 2169X 2e3x 2093x 2179x 2b8y 1dbbz
  1d6a4=131 1d6a5j 1d7ca=3dc 1d7cb=3dd
`);

const SMALL_CAPITALS = letters(`
  262G 26aI a7aeI 274N 280R 28fY 299B 29cH 29fL 1d00A 1d04C 1d05D 1d07E 1d0aJ 1d0bK 1d0dM 1d0fO 1d18P 1d1bT 1d1cU 1d20V
  1d21W 1d22Z a730F a731S a7afQ 1d26=393 1d27=39b 1d28=3a0 1d29=3a1 1d2a=3a8 ab65=3a9 1d2b=41b
`);

/** Letters of other scripts that look like Latin ones. */
export const HOMOGLYPHS = letters(`
  410A 412B 415E 41aK 41cM 41dH 41eO 420P 421C 422T 423Y 425X 405S 406I 408J 4aeY 4baH 430a 435e 43eo 440p 441c 443y 445x
  455s 456i 458j 4bbh 4cfl 501d 475v
  391A 392B 395E 396Z 397H 399I 39aK 39cM 39dN 39fO 3a1P 3a4T 3a5Y 3a7X 3f9C 3f2c 3bfo 3c1p 3bdv
  2c80A 2c81a 2c82B 2c83b 2c85r 2c88E 2c89e 2c8eH 2c8fh 2c92I 2c93i 2c94K 2c95k 2c98M 2c99m 2c9aN 2c9bn 2c9eO 2c9fo 2ca2P
  2ca3p 2ca4C 2ca5c 2ca6T 2ca7t 2ca8Y 2ca9y 2cacX 2cadx 2cbdw 2cceP 2ccfp 2cd0L 2cd1l
  585o 578n
  a4d0B a4d1P a4d2d a4d3D a4d4T a4d6G a4d7K a4d9J a4daC a4dcZ a4ddF a4dfM a4e0N a4e1L a4e2S a4e3R a4e6V a4e7H a4eaW a4ebX
  a4ecY a4eeA a4f0E a4f2I a4f3O a4f4U
  13a0D 13a1R 13a2T 13a5i 13a9Y 13aaA 13abJ 13acE 13b3W 13b7M 13bbH 13bdY 13c0G 13c2h 13c3Z 13cfb 13d2R 13d4W 13d5S 13d9V
  13daS 13deL 13dfC 13e2P 13e6K 13e7d 13f3G 13f4B
  ab75i ab81r ab83w ab93z aba9v abaas abafc
  1c0l 251a 131i 2223l
`);

const GREEK = Array.from('ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ');

/** Letters without a canonical decomposition that lose a mark all the same. */
const MARKED = new Map([
  [0x13f, 'L'],
  [0x140, 'l'],
  [0x17f, 's'],
]);

const COMBINING = ranges(
  '300-36f 483-489 1ab0-1aff 1dc0-1dff 20d0-20f0 2de0-2dff a66f a674-a67d fe20-fe2f',
);

/** What a visible character is without its form and its marks; a combining mark is nothing. */
export function plainCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const form = presentationForm(code) ?? SMALL_CAPITALS.get(code);
  if (form !== undefined) return form;
  return isIn(COMBINING, code) ? '' : withoutMark(character, code);
}

/** Full-width and mathematical letters and digits, and signs made of a letter. */
function presentationForm(code: number): string | undefined {
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0);
  if (code >= 0x1d400 && code <= 0x1d6a3) {
    const index = (code - 0x1d400) % 52;
    return String.fromCodePoint(index < 26 ? 0x41 + index : 0x61 + index - 26);
  }
  if (code >= 0x1d6a8 && code <= 0x1d7c9) return GREEK[(code - 0x1d6a8) % 58];
  if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
  return FORMS.get(code);
}

/** The base of an accented Latin letter, if it is one of ASCII. */
function withoutMark(character: string, code: number): string {
  const isLatin = (code >= 0xc0 && code <= 0x24f) || (code >= 0x1e00 && code <= 0x1eff);
  if (!isLatin) return character;
  const [base = character] = character.normalize('NFD');
  if (base !== character && base <= '\u007f') return base;
  return MARKED.get(code) ?? character;
}
