import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants/list.ts';
import { patched } from './mutants/tree.ts';

const sourceOf = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');

describe('the mutants', () => {
  it('A04: fit the sources that they change', () => {
    for (const { name, patches } of MUTANTS) {
      const texts = new Map(patches.map(({ file }) => [file, sourceOf(file)]));
      for (const patch of patches) {
        const text = texts.get(patch.file) ?? '';
        const changed = patched(text, patch);
        expect(changed, name).not.toBe(text);
        texts.set(patch.file, changed);
      }
    }
  });

  it('are at least forty-five, each with a name of its own and a test that exists', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(45);
    for (const { killer } of MUTANTS) {
      if (killer.type === 'test') expect(sourceOf(killer.file)).toContain(`'${killer.name}'`);
    }
  });

  it('are refused, with the file, where the text to change is not there or not the only one', () => {
    const patch = { file: 'a.ts', from: 'x', to: 'y' };
    expect(patched('axb', patch)).toBe('ayb');
    expect(() => patched('ab', patch)).toThrow('a.ts: the text to change is not there');
    expect(() => patched('xx', patch)).toThrow('a.ts: the text to change is 2 times there');
  });
});
