import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { WEB_DEPENDENCIES } from './support/web-dependencies.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Of the worker, whose code no page runs; of tests in Node, and what they need. */
const NOT_IN_PAGES =
  /^sw\/|(?<!\.web)\.test\.ts$|^persist\/testing\.ts$|^(?:river|freenet)\/testing\//;

/** `import … from 'x'`, `import 'x'`, `export … from 'x'` and `import('x')`, but for types and files by their address. */
const IMPORT =
  /^(?:import|export)\s(?!type\s)(?:[^'"]*?from\s*)?'([^'.][^'?]*)';|\bimport\('([^'.][^'?]*)'\)/gm;

const importsOf = (source: string): readonly string[] =>
  [...source.matchAll(IMPORT)].map(([, named, dynamic]) => named ?? dynamic ?? '');

it('every dependency of the app’s code is known before the first test runs in a page, and no other', () => {
  const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.endsWith('.ts') && !NOT_IN_PAGES.test(relative(SRC, path)));
  expect(files.length).toBeGreaterThan(200);
  const found = new Set(files.flatMap((path) => importsOf(readFileSync(path, 'utf8'))));
  const own = [...found].filter((name) => name !== 'vitest' && name !== 'vitest/browser');
  expect(own.sort()).toEqual([...WEB_DEPENDENCIES].sort());
});

it('imports of all forms are seen, and those of types are not', () => {
  const source = `import { a } from 'one';
import type { B } from 'types-only';
import 'two';
import {
  c,
  type D,
} from 'three/part.js';
export { e } from 'four';
import f from './own.ts';
import url from 'data.json?url';
const g = await import('five');`;
  expect(importsOf(source)).toEqual(['one', 'two', 'three/part.js', 'four', 'five']);
});
