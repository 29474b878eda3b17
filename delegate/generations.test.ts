import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { delegateKey } from '../src/freenet/keys.ts';
import { toHex } from '../src/shared/bytes.ts';
import { DELEGATE_WASM, builtDelegate, compile } from './compile.ts';
import { generationOf, readGenerations, unregistered } from './generations.ts';

let wasm: Uint8Array;

beforeAll(async () => {
  wasm = await builtDelegate();
}, 120_000);

test('the same sources give the same bytes', async () => {
  expect(Buffer.compare(await compile('index.ts'), wasm)).toBe(0);
  expect(Buffer.compare(readFileSync(DELEGATE_WASM), wasm)).toBe(0);
}, 60_000);

test('what the sources give is the newest registered generation', () => {
  expect(unregistered(wasm, readGenerations())).toBeUndefined();
});

test('each generation is known by the key that a node finds it by', () => {
  const generation = generationOf(wasm, '2026-01-01', 'a note');
  const key = delegateKey(wasm, new Uint8Array(0));
  expect(generation).toEqual({
    codeHash: toHex(key.codeHash),
    delegateKey: toHex(key.key),
    date: '2026-01-01',
    note: 'a note',
  });
  expect(readGenerations().at(-1)).toMatchObject({ codeHash: toHex(key.codeHash) });
});

test('a module that is not registered, or not the newest, may not be shipped', () => {
  const current = generationOf(wasm, '2026-01-01', '');
  const other = generationOf(Uint8Array.of(1), '2026-01-02', '');
  expect(unregistered(wasm, [])).toContain(current.codeHash);
  expect(unregistered(wasm, [current, other])).toContain(other.codeHash);
  expect(unregistered(wasm, [other, current])).toBeUndefined();
});

test('the module imports what every node gives and exports what a delegate must, and is small', () => {
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  const imports = WebAssembly.Module.imports(module).map((one) => `${one.module}.${one.name}`);
  expect(imports.toSorted()).toEqual([
    'freenet_delegate_secrets.__frnt__delegate__get_secret',
    'freenet_delegate_secrets.__frnt__delegate__get_secret_len',
    'freenet_delegate_secrets.__frnt__delegate__remove_secret',
    'freenet_delegate_secrets.__frnt__delegate__set_secret',
    'freenet_log.__frnt__logger__info',
  ]);
  const exports = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(exports.toSorted()).toEqual([
    '__frnt__initiate_buffer',
    '__frnt_set_id',
    'memory',
    'process',
  ]);
  expect(wasm.length).toBeLessThan(64 * 1024);
});
