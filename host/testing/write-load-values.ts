import { utf8 } from '../../src/shared/bytes.ts';

export const LOAD_DELEGATE = {
  key: new Uint8Array(32).fill(1),
  codeHash: new Uint8Array(32).fill(2),
};

interface Secret {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The two secrets that transaction `n` adds: of all sizes, some on many pages. */
export function pairOf(n: number): readonly [Secret, Secret] {
  const size = [10, 3000, 40_000, 300_000][n % 4] ?? 10;
  const value = new Uint8Array(size).fill(n % 256);
  return [
    { key: utf8(`first ${n}`), value },
    { key: utf8(`second ${n}`), value: value.slice(0, 100) },
  ];
}

/** The secret that every transaction writes anew. */
export const lastOf = (n: number): Secret => ({ key: utf8('last'), value: utf8(String(n)) });
