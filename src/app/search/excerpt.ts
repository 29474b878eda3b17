import { fold, unfold } from './fold.ts';

const BEFORE = 48;
const LENGTH = 180;

export interface Excerpt {
  readonly text: string;
  /** From, to; in order, apart from each other. */
  readonly marks: readonly (readonly [number, number])[];
}

/** The words around the first find, on one line, and where in them the terms are. */
export function excerptOf(words: string, terms: readonly string[]): Excerpt {
  const line = words.replace(/\s+/gu, ' ').trim();
  const [first = 0] = marksOf(line, terms).map(([from]) => from);
  const from = first <= BEFORE ? 0 : wordStart(line, first - BEFORE);
  const characters = Array.from(line.slice(from));
  const cut = characters.slice(0, LENGTH).join('').trimEnd();
  const text = `${from > 0 ? '…' : ''}${cut}${characters.length > LENGTH ? '…' : ''}`;
  return { text, marks: marksOf(text, terms) };
}

/** Never in the middle of a word, where there are words. */
function wordStart(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  if (space >= 0 && space < at + BEFORE / 2) return space + 1;
  return (line.codePointAt(at - 1) ?? 0) > 0xffff ? at + 1 : at;
}

function marksOf(text: string, terms: readonly string[]): (readonly [number, number])[] {
  const folded = fold(text);
  const found = terms.flatMap((term) => {
    const marks: [number, number][] = [];
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
      marks.push([...unfold(text, at, at + term.length)] as [number, number]);
    }
    return marks;
  });
  found.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
