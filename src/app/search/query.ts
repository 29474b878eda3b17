import { fold } from './fold.ts';

/** What is looked for: every term, anywhere in the text, in any order. All folded. */
export interface SearchQuery {
  readonly terms: readonly string[];
  /** What the author's name has to hold. */
  readonly from?: string;
}

/** Words, “phrases in quotes”, and `from:name`. Undefined where nothing is looked for. */
export function parseQuery(text: string): SearchQuery | undefined {
  const terms: string[] = [];
  let from: string | undefined;
  for (const [, key, quoted, word] of text.matchAll(TERM)) {
    const term = fold((quoted ?? word ?? '').trim());
    if (term === '') continue;
    if (key === undefined) terms.push(term);
    else from = term;
  }
  if (terms.length === 0 && from === undefined) return undefined;
  return { terms, ...(from !== undefined && { from }) };
}

/** A term, in quotes or without; an opening quote without its closing one counts as part of a word. */
const TERM = /(from:)?(?:["“”]([^"“”]*)["“”]|(\S+))/giu;
