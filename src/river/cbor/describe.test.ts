import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/bytes.ts';
import { encodeContent } from '../content.ts';
import { describeCbor } from './describe.ts';

const of = (hex: string): string => describeCbor(fromHex(hex.replaceAll(' ', '')));

describe('describeCbor', () => {
  it('says what any value is', () => {
    expect(of('a3 6161 f6 02 82 f5 f4 41ff fb3ff8000000000000')).toBe(
      `{"a": null, 2: [true, false], h'ff': 1.5}`,
    );
    expect(of('1bffffffffffffffff')).toBe('18446744073709551615');
    expect(of('3b7fffffffffffffff')).toBe('-9223372036854775808');
    expect(of('c2 49 010000000000000000')).toBe('18446744073709551616');
    expect(of('9f 01 bf 6161 02 ff ff')).toBe('[1, {"a": 2}]');
    expect(of('f7')).toBe('undefined');
    expect(describeCbor(encodeContent({ type: 'react', target: -5n, emoji: '👍' }))).toBe(
      `{"action_type": 3, "target": -5, "payload": h'a165656d6f6a6964f09f918d'}`,
    );
  });

  it('says where CBOR ends, and what follows', () => {
    expect(of('82 01')).toBe('no CBOR: 1 bytes wanted, 0 left (at byte 2)');
    expect(of('01 02 03')).toBe('1, and 2 bytes');
    expect(of('')).toContain('no CBOR');
    expect(of('9bffffffffffffffff')).toContain('no CBOR: length over 32 bits');
    expect(of('81'.repeat(300))).toContain('no CBOR: nested deeper than 256 levels');
  });

  it('cuts what is long, and shows bytes whose tags make no sense', () => {
    const long = describeCbor(Uint8Array.of(0x99, 0x40, 0, ...new Uint8Array(0x4000)));
    expect(long.length).toBe(4001);
    expect(long.startsWith('[0, 0, 0,') && long.endsWith('…')).toBe(true);
    expect(of('d81d 05')).toMatch(/^d81d05 \(/);
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(describeCbor(bytes).length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
