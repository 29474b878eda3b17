import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, testFiles } from './support/test-files.ts';

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);

/** The rows of the design's two matrices: known bugs, and crashes and faults. */
const ROWS = [...numbered('A', 50), ...numbered('C', 43)];

const IDS = /\b[AC]\d\d\b/g;

/** The rows that names of tests, or of groups of them, begin with: `A49 C07: …`, or the rows alone. */
function namedRows(): string[] {
  return testFiles().flatMap((file) =>
    [
      ...readFileSync(`${root}${file}`, 'utf8').matchAll(/['"`]((?:[AC]\d\d ?)+)(?:: |['"`])/g),
    ].flatMap(([, ids = '']) => ids.match(IDS) ?? []),
  );
}

/** What docs/faults.md says of a row: the second cell of its line. */
function linesOf(): Map<string, string> {
  const lines = readFileSync(`${root}docs/faults.md`, 'utf8').split('\n');
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, ids, what] = /^\| ((?:[AC]\d\d ?)+)\| (.+) \|$/.exec(line) ?? [];
    for (const id of ids?.match(IDS) ?? []) said.set(id, what ?? '');
  }
  return said;
}

describe('every row of the fault matrices', () => {
  const shown = new Set(namedRows());
  const said = linesOf();

  it.each(ROWS)('%s has a line in docs/faults.md', (id) => {
    expect([...said.keys()]).toContain(id);
  });

  it.each(ROWS)(
    '%s has a test that carries its name, or its line says why it cannot arise',
    (id) => {
      const cannotArise = /^cannot arise: \S/.test(said.get(id) ?? '');
      expect({ id, isShown: shown.has(id), cannotArise }).toEqual({
        id,
        isShown: !cannotArise,
        cannotArise,
      });
    },
  );

  it('is one of the design’s: no test carries the name of another', () => {
    expect([...shown].filter((id) => !ROWS.includes(id))).toEqual([]);
  });
});
