import { beforeAll, describe, expect, test } from 'vitest';
import { builtDelegate } from '../../delegate/compile.ts';
import { limitModule, MAX_PAGES, MAX_TABLE_ELEMENTS } from './limit-module.ts';

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const memory = (...limits: number[]): Uint8Array =>
  Uint8Array.from([...HEAD, ...section(5, 1, ...limits), ...EXPORTED_MEMORY]);
const table = (...limits: number[]): Uint8Array =>
  Uint8Array.from([...HEAD, ...section(4, 1, 0x70, ...limits), ...EXPORTED_TABLE]);

const EXPORTED_MEMORY = section(7, 1, 1, 0x6d, 2, 0);
const EXPORTED_TABLE = section(7, 1, 1, 0x6d, 1, 0);

function exported<T>(wasm: Uint8Array): T {
  const limited = limitModule(wasm);
  if (!limited.ok) throw new Error(limited.error);
  const module = new WebAssembly.Module(new Uint8Array(limited.value));
  return new WebAssembly.Instance(module).exports['m'] as T;
}

function grownTo(memoryOf: WebAssembly.Memory, pages: number): number | undefined {
  try {
    memoryOf.grow(pages - memoryOf.buffer.byteLength / 65_536);
  } catch {
    return undefined; // it does not grow so far
  }
  return memoryOf.buffer.byteLength / 65_536;
}

describe('memory', () => {
  test('without a maximum is given one', () => {
    const unbounded = exported<WebAssembly.Memory>(memory(0, 1));
    expect(grownTo(unbounded, MAX_PAGES)).toBe(MAX_PAGES);
    expect(grownTo(unbounded, MAX_PAGES + 1)).toBeUndefined();
  });

  test('keeps a smaller maximum of its own, and loses a greater one', () => {
    expect(grownTo(exported(memory(1, 1, 2)), 3)).toBeUndefined();
    // 0x80 0x80 0x04: 65,536 pages
    expect(grownTo(exported(memory(1, 1, 0x80, 0x80, 4)), MAX_PAGES + 1)).toBeUndefined();
  });

  test('that begins beyond the bound, or is of an unknown kind, is refused', () => {
    const beyond = 'it begins with 4097 pages of memory, at most 4096 are given';
    expect(limitModule(memory(0, 0x81, 0x20))).toEqual({ ok: false, error: beyond });
    for (const form of [2, 3, 4, 5, 8]) expect(limitModule(memory(form, 1, 1)).ok).toBe(false);
  });
});

test('a table is bounded likewise', () => {
  const unbounded = exported<WebAssembly.Table>(table(0, 1));
  unbounded.grow(MAX_TABLE_ELEMENTS - 1);
  expect(() => unbounded.grow(1)).toThrow(RangeError);
  // 0x91 0x4e: 10,001
  expect(limitModule(table(0, 0x91, 0x4e)).ok).toBe(false);
  const unknown = Uint8Array.from([...HEAD, ...section(4, 1, 0x63, 0, 1)]);
  expect(limitModule(unknown).ok).toBe(false);
});

describe('a whole module', () => {
  let wasm: Uint8Array;
  beforeAll(async () => {
    wasm = await builtDelegate();
  }, 120_000);

  test('keeps every other section as it is', () => {
    const sections = (bytes: Uint8Array): string[] => {
      const module = new WebAssembly.Module(new Uint8Array(bytes));
      const names = WebAssembly.Module.exports(module).map(({ name }) => name);
      return [...names, ...WebAssembly.Module.imports(module).map(({ name }) => name)];
    };
    const limited = limitModule(wasm);
    expect(limited.ok && sections(limited.value)).toEqual(sections(wasm));
    expect(limited.ok && limited.value.length - wasm.length).toBeLessThan(16);
  });

  test('that is cut short is refused, wherever it is cut', () => {
    const whole = memory(0, 1);
    // behind the head, and behind the section of the memory, what is left is whole
    const wholes = new Set([8, 8 + 5, whole.length]);
    for (let length = 0; length <= whole.length; length++) {
      expect([length, limitModule(whole.subarray(0, length)).ok]).toEqual([
        length,
        wholes.has(length),
      ]);
    }
    expect(limitModule(Uint8Array.from([...HEAD, 5, 0x80, 0x80, 0x80, 0x80, 0x80, 1])).ok).toBe(
      false,
    );
  });
});
