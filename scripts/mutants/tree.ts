import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant, Patch } from './mutant.ts';

const COPIED = [
  'src',
  'host',
  'delegate',
  'tests',
  'scripts',
  'package.json',
  'vitest.config.ts',
  'tsconfig.base.json',
  'tsconfig.node.json',
];

/** A copy of the sources in which bugs are put back; the working tree is never touched. */
export class CopiedTree {
  readonly root: string;

  constructor(original: string) {
    this.root = mkdtempSync(join(tmpdir(), 'weir-mutants-'));
    for (const name of COPIED)
      cpSync(join(original, name), join(this.root, name), { recursive: true });
    symlinkSync(join(original, 'node_modules'), join(this.root, 'node_modules'));
  }

  /** Runs `work` on the tree with the bug in it. @throws Error that names the file where a patch does not fit */
  async with<T>({ patches }: Mutant, work: () => Promise<T>): Promise<T> {
    const originals = new Map(patches.map(({ file }) => [file, this.#read(file)]));
    try {
      for (const patch of patches) {
        writeFileSync(join(this.root, patch.file), patched(this.#read(patch.file), patch));
      }
      return await work();
    } finally {
      for (const [file, text] of originals) writeFileSync(join(this.root, file), text);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }
}

/** @throws Error unless the patched text is there exactly once */
export function patched(text: string, { file, from, to }: Patch): string {
  const [before, after, ...more] = text.split(from);
  if (after === undefined || before === undefined || more.length > 0) {
    const count = after === undefined ? 'not' : `${more.length + 1} times`;
    throw new Error(`${file}: the text to change is ${count} there: ${JSON.stringify(from)}`);
  }
  return before + to + after;
}
