import { blocks, fenceAfter } from '../markdown/sections.ts';

/** More parts than this would flood the room: then the text is left to the person. */
export const MAX_PARTS = 40;

/**
 * Splits a text into messages that each fit: at paragraphs, then lines, sentences, words, and at the last between what a reader
 * sees as one character. Fenced code stays whole where it fits; else each part has fences of its own.
 *
 * @param fits whether a text is short enough for one message; shorter ones are too
 * @returns undefined when it would take more than `MAX_PARTS`
 */
export function splitMessage(
  text: string,
  fits: (part: string) => boolean,
): readonly string[] | undefined {
  const parts: string[] = [];
  let part = '';
  for (const piece of pieces(text, fits)) {
    const joined = part + piece;
    if (part !== '' && !(fits(joined.trim()) && !isFencedApart(part, piece))) {
      parts.push(part);
      part = '';
      if (parts.length > MAX_PARTS) return undefined;
    }
    part += piece;
  }
  parts.push(part);
  const whole = parts.map((each) => each.trim()).filter((each) => each !== '');
  return whole.length > MAX_PARTS ? undefined : whole;
}

/** Pieces of code that were given fences of their own are messages of their own. */
const isFencedApart = (part: string, piece: string): boolean =>
  piece.endsWith(APART) || part.endsWith(APART);

/** Marks a piece that was made from a longer block of code. It is white space, and trimmed away. */
const APART = '\n\v';

function* pieces(text: string, fits: (part: string) => boolean): Generator<string> {
  for (const block of blocks(text)) {
    if (fits(block.trim())) yield block;
    else if (fenceAfter(undefined, block.slice(0, block.indexOf('\n') + 1)) !== undefined) {
      yield* code(block, fits);
    } else yield* words(block, fits);
  }
}

/** As many lines as fit between copies of the fences. A line that is too long by itself is cut. */
function* code(block: string, fits: (part: string) => boolean): Generator<string> {
  const [open = '', ...rest] = block.trimEnd().split('\n');
  const fence = fenceAfter(undefined, open) ?? '```';
  const isClosed = rest.length > 0 && fenceAfter(fence, rest.at(-1) ?? '') === undefined;
  const lines = isClosed ? rest.slice(0, -1) : rest;
  const fenced = (inside: string): string => `${open}\n${inside}\n${fence}`;
  if (!fits(fenced('x'))) {
    yield* words(block, fits);
    return;
  }
  let inside: string | undefined;
  const short = (some: string): boolean => fits(fenced(some));
  for (const line of cutAll(lines, short)) {
    const joined = inside === undefined ? line : `${inside}\n${line}`;
    if (inside !== undefined && !fits(fenced(joined))) {
      yield `${fenced(inside)}${APART}`;
      inside = line;
    } else inside = joined;
  }
  if (inside !== undefined) yield `${fenced(inside)}${APART}`;
}

function* cutAll(lines: readonly string[], fits: (part: string) => boolean): Generator<string> {
  for (const line of lines) yield* cut(line, fits);
}

/** By lines, sentences, words, characters: each only where the one before does not fit. */
function* words(block: string, fits: (part: string) => boolean): Generator<string> {
  for (const line of block.split(/(?<=\n)/)) {
    if (fits(line.trim())) yield line;
    else {
      for (const sentence of sentences(line)) {
        if (fits(sentence.trim())) yield sentence;
        else {
          for (const word of sentence.split(/(?<=\s)(?=\S)/u)) {
            if (fits(word.trim())) yield word;
            else yield* cut(word, fits);
          }
        }
      }
    }
  }
}

/** The longest beginnings that fit, never through a character as a reader sees it. */
function* cut(line: string, fits: (part: string) => boolean): Generator<string> {
  if (fits(line)) {
    yield line;
    return;
  }
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    .segment(line)
    [Symbol.iterator]();
  let ahead: string[] = [];
  let size = 1; // as long as the last one, at first
  for (;;) {
    const has = (count: number): boolean => {
      for (let next; ahead.length < count && !(next = characters.next()).done;) {
        ahead.push(next.value.segment);
      }
      return ahead.length >= count;
    };
    if (!has(1)) return;
    const isShort = (count: number): boolean => fits(ahead.slice(0, count).join(''));
    while (has(size * 2) && isShort(size * 2)) size *= 2;
    let [some, most] = [1, Math.min(size * 2, ahead.length)];
    while (some < most) {
      const middle = Math.ceil((some + most) / 2);
      if (isShort(middle)) some = middle;
      else most = middle - 1;
    }
    yield ahead.slice(0, some).join('');
    ahead = ahead.slice(some);
    size = some;
  }
}

function* sentences(text: string): Generator<string> {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}
