/** A piece of text that is longer is not given to the Markdown reader. */
export const MAX_SECTION = 4_000;

const MAX_LINES = 120;
const MAX_CONTAINERS = 12;
const MAX_CELLS = 240;
/** By how often a character that may begin something occurs: their readers look forward or back from each. */
const MAX_MARKS: readonly (readonly [RegExp, number])[] = [
  [/[*_~]+/g, 120],
  [/\[/g, 60],
  [/<|&/g, 120],
  [/`+/g, 80],
  [/@/g, 60],
  [/:\/\/|www\./gi, 60],
  [/\\/g, 200],
];

/**
 * Whether reading a piece of text as Markdown costs about what its length says. Markdown's readers are quadratic or worse in
 * text that nobody writes by hand (a thousand quotes in each other); such text is shown as it was written.
 */
export function isTame(piece: string): boolean {
  if (piece.length > MAX_SECTION) return false;
  const lines = piece.split('\n');
  if (lines.length > MAX_LINES) return false;
  if (lines.some(hasLongRun)) return false;
  if (MAX_MARKS.some(([mark, most]) => (piece.match(mark)?.length ?? 0) > most)) return false;
  let cells = 0;
  for (const line of lines) {
    if (containers(line) > MAX_CONTAINERS) return false;
    cells += line.split('|').length - 1;
  }
  return cells <= MAX_CELLS;
}

/** Many equal marks in a row, unless they are all of a line: a rule, or a fence. */
const hasLongRun = (line: string): boolean =>
  /([*_~>])\1{8}/.test(line) && !/^ {0,3}([*_~])\1+\s*$/.test(line);

/** How many quotes and lists a line may be in: those that it begins, and those that its indent goes on with. */
function containers(line: string): number {
  let depth = 0;
  let rest = line;
  for (;;) {
    const mark = /^([ \t]*)(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/.exec(rest);
    if (!mark || depth > MAX_CONTAINERS) return depth;
    depth += 1 + Math.floor((mark[1]?.length ?? 0) / 2);
    rest = rest.slice(mark[0].length);
  }
}
