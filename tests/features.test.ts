import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, testFiles } from './support/test-files.ts';

const FILES = testFiles();

/** A test as docs/features.md names it. */
interface Named {
  readonly row: string;
  /** The end of its file's path. */
  readonly file: string;
  /** What its name begins with, and what is in it after that; empty: the file as a whole. */
  readonly parts: readonly string[];
}

/** A file of tests, then, after a colon, names of tests in it. */
const FILE = /`([\w/.-]+\.(?:test|web|e2e))`(:)?/g;

/** Quotes are typographic in one place and not in the other. */
const plain = (text: string): string => text.replaceAll('’', "'");

function namedIn(row: string, cell: string): Named[] {
  const found = [...cell.matchAll(FILE)];
  return found.flatMap(({ 0: whole, 1: name = '', 2: colon, index }, i): Named[] => {
    const file = `${name}${name.endsWith('.web') ? '.test' : ''}.ts`;
    const said = cell.slice(index + whole.length, found[i + 1]?.index);
    const names = colon === undefined ? [] : namesIn(said);
    return (names.length > 0 ? names : [[]]).map((parts) => ({ row, file, parts }));
  });
}

function namesIn(said: string): (readonly string[])[] {
  const [names = ''] = said.split(/(?<=[^.]\.|…) (?=[A-Z])/); // a sentence of its own is no name
  return plain(names.replace(/[.)\s(]+$/, ''))
    .split(';')
    .map((name) => name.split('…').map((part) => part.trim()))
    .map((parts) => parts.filter((part) => part !== ''))
    .filter((parts) => parts.length > 0);
}

function namedTests(): Named[] {
  return readFileSync(`${root}docs/features.md`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, row, cell] = /^\| (.+?) \| (.+) \|$/.exec(line) ?? [];
      return row === undefined || cell === undefined ? [] : namedIn(row, cell);
    });
}

const TITLE = /(?:\b(?:describe|it|test)(?:\.\w+)*|[)`])\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gs;

/** The names of tests and of groups of them, also of those that are made from a table. */
const titlesIn = (file: string): string[] =>
  [...readFileSync(`${root}${file}`, 'utf8').matchAll(TITLE)].map(([, , title = '']) =>
    plain(title.replace(/\\(.)/g, '$1')),
  );

function isNameOf(title: string, parts: readonly string[]): boolean {
  let at = 0;
  return parts.every((part, i) => {
    const found = title.indexOf(part, at);
    at = found + part.length;
    return i === 0 ? found === 0 : found >= 0;
  });
}

describe('every test that docs/features.md names', () => {
  const named = namedTests();

  it('is one of more than two hundred', () => {
    expect(named.length).toBeGreaterThan(200);
  });

  it.each(named)('$row: $file: $parts', ({ file, parts }) => {
    const files = FILES.filter((each) => `/${each}`.endsWith(`/${file}`));
    expect(files).toHaveLength(1);
    if (parts.length === 0) return;
    expect(files.flatMap(titlesIn)).toSatisfy((titles: string[]) =>
      titles.some((title) => isNameOf(title, parts)),
    );
  });
});
