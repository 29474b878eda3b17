import { base58 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase58, encodeBase58 } from './base58.ts';
import { toHex } from './bytes.ts';

const bytesWithZeros = fc
  .tuple(fc.nat(5), fc.uint8Array({ maxLength: 300 }))
  .map(([zeros, rest]) => Uint8Array.of(...new Uint8Array(zeros), ...rest));

describe('base58', () => {
  it('is what @scure/base makes of bytes up to the length that it takes', () => {
    fc.assert(
      fc.property(bytesWithZeros, (bytes) => {
        expect(encodeBase58(bytes)).toBe(base58.encode(bytes));
        expect(decodeBase58(base58.encode(bytes))).toEqual(bytes);
      }),
    );
  });

  it('reads any text of the alphabet as @scure/base does', () => {
    const digit = fc.constantFrom('1', '2', '9', 'A', 'Z', 'a', 'z');
    fc.assert(
      fc.property(fc.string({ unit: digit, maxLength: 120 }), (text) => {
        expect(toHex(decodeBase58(text))).toBe(toHex(base58.decode(text)));
      }),
    );
  });

  it('has no bound on the length', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i) % 251);
    const text = encodeBase58(bytes);
    expect(text.length).toBeGreaterThan(27_000);
    expect(decodeBase58(text)).toEqual(bytes);
  });

  it('refuses characters outside the alphabet', () => {
    for (const text of ['0', 'O', 'I', 'l', 'abc def', `${'z'.repeat(40)}é`, '😀']) {
      expect(() => decodeBase58(text), text).toThrow('a character that base58 has not');
    }
  });
});
