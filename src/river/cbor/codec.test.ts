import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../shared/bytes.ts';
import {
  array,
  decode,
  encode,
  exactBytes,
  fixedInts,
  i64,
  ints,
  map,
  option,
  pair,
  sortedSet,
  text,
  u32,
  u64,
  u8,
  unit,
  withDefault,
  type Codec,
} from './codec.ts';
import { signingKey } from '../keys.ts';
import { closedStruct, openStruct, struct, variantStruct, type UnknownField } from './struct.ts';
import { newtype, unitEnum, variants } from './variants.ts';

const read = <T>(codec: Codec<T>, hex: string): T => {
  const result = decode(codec, fromHex(hex.replaceAll(' ', '')));
  if (!result.ok) throw result.error;
  return result.value;
};

const refusal = <T>(codec: Codec<T>, hex: string): string => {
  const result = decode(codec, fromHex(hex.replaceAll(' ', '')), 'x');
  return result.ok
    ? `accepted ${JSON.stringify(result.value, (_, v) => (typeof v === 'bigint' ? `${v}` : (v as unknown)))}`
    : result.error.message;
};

const hexOf = <T>(codec: Codec<T>, value: T): string => toHex(encode(codec, value));

describe('integers', () => {
  it('are written with the shortest head', () => {
    const cases: [bigint, string][] = [
      [0n, '00'],
      [23n, '17'],
      [24n, '1818'],
      [255n, '18ff'],
      [256n, '190100'],
      [65535n, '19ffff'],
      [65536n, '1a00010000'],
      [0xffff_ffffn, '1affffffff'],
      [0x1_0000_0000n, '1b0000000100000000'],
      [-1n, '20'],
      [-24n, '37'],
      [-25n, '3818'],
      [-(2n ** 63n), '3b7fffffffffffffff'],
      [2n ** 63n - 1n, '1b7fffffffffffffff'],
    ];
    for (const [value, hex] of cases) expect(hexOf(i64, value)).toBe(hex);
    expect(hexOf(u32, 70_000)).toBe('1a00011170');
    expect(hexOf(u64, 2n ** 64n - 1n)).toBe('1bffffffffffffffff');
  });

  it('come back from every head, behind tags and as bignums', () => {
    expect(read(i64, '1b0000000000000005')).toBe(5n);
    expect(read(i64, 'c1 d840 1905dc')).toBe(1500n);
    expect(read(i64, 'c2 43 000105')).toBe(0x105n);
    expect(read(i64, 'c3 41 00')).toBe(-1n);
    expect(read(i64, 'c2 5f 41 01 41 02 ff')).toBe(0x102n);
    expect(read(u32, '1a00000007')).toBe(7);
  });

  it('outside their type are refused, as are floats', () => {
    expect(refusal(i64, '1b8000000000000000')).toContain('x: 9223372036854775808 is not a i64');
    expect(refusal(u32, '1b0000000100000000')).toContain('is not a u32');
    expect(refusal(u64, '20')).toContain('-1 is not a u64');
    expect(refusal(u8, '190100')).toContain('256 is not a u8');
    expect(refusal(i64, 'f93c00')).toContain('expected an integer, found a float');
    expect(refusal(i64, 'c2 51 0100000000000000000000000000000000')).toContain('over 16 bytes');
    expect(refusal(i64, '1c')).toContain('reserved');
    expect(refusal(i64, '')).toContain('1 bytes wanted, 0 left');
    expect(refusal(i64, '1f')).toContain('indefinite');
  });

  it('keep their value both ways', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const back = decode(i64, encode(i64, value));
        return back.ok && back.value === value;
      }),
    );
  });
});

describe('bytes', () => {
  it('are written as integers or as a byte string, as the type has it', () => {
    expect(hexOf(ints, fromHex('0017 18ff'.replace(' ', '')))).toBe(
      '8400171818 18ff'.replace(' ', ''),
    );
    expect(hexOf(exactBytes(4), fromHex('00171 8ff'.replace(' ', '')))).toBe('44001718ff');
  });

  it('are read from either form, tagged or in segments', () => {
    for (const hex of [
      '8400171818 18ff',
      '4400 1718ff',
      'd840 44001718ff',
      '5f 4200174218ff ff',
      '5f 5f 420017 ff 4218ff ff',
      '9f 00 17 1818 18ff ff',
      '84 1800 190017 1a00000018 1b00000000000000ff',
    ]) {
      expect(toHex(read(ints, hex)), hex).toBe('001718ff');
      expect(toHex(read(exactBytes(4), hex)), hex).toBe('001718ff');
    }
  });

  it('of a fixed size are cut from a longer byte string and refused when short', () => {
    expect(toHex(read(fixedInts(2), '43010203'))).toBe('0102');
    expect(refusal(fixedInts(4), '43010203')).toContain('3 bytes, 4 wanted');
    expect(refusal(fixedInts(4), '83010203 00')).toContain('3 bytes, 4 wanted');
    expect(refusal(exactBytes(2), '43010203')).toContain('3 bytes, 2 wanted');
  });

  it('of a fixed size leave the rest of a longer array to be read as the next item', () => {
    const two = struct<{ a: Uint8Array; b: bigint }>({ a: fixedInts(2), b: i64 });
    expect(read(two, 'a2 6161 84 01 02 6162 05').b).toBe(5n);
    expect(refusal(two, 'a2 6161 83 01 02 03 6162 05')).toContain(
      'expected a name, found an integer',
    );
    expect(refusal(two, 'a2 6161 9f 01 02 ff 6162 05')).toContain('found a break');
  });

  it('of a key may go on with anything but a byte, which is left half read', () => {
    const key = (count: string): string => `${count}${'01'.repeat(32)}`;
    const two = struct<{ a: Uint8Array; b: bigint }>({ a: signingKey, b: i64 });
    const wanted = new Uint8Array(32).fill(1);
    expect(read(signingKey, key('9820'))).toEqual(wanted);
    expect(read(signingKey, `${key('9f')}ff`)).toEqual(wanted);
    for (const more of ['07', '1807', 'c107', 'c24107']) {
      expect(refusal(signingKey, `${key('9821')}${more}`)).toContain('more than 32 bytes');
      expect(refusal(signingKey, `${key('9f')}${more}ff`)).toContain('more than 32 bytes');
    }
    // the end of the input, a number too large, a negative one, text, a head without its argument
    for (const more of ['', '190100', '20', '60', '19']) {
      expect(read(signingKey, `${key('9821')}${more}`)).toEqual(wanted);
      expect(read(signingKey, `${key('9f')}${more}`)).toEqual(wanted);
    }
    // what ended the array was taken: text's head, or a number, but not text's content
    expect(read(two, `a2 6161 ${key('9821')} 190100 6162 05`).b).toBe(5n);
    expect(read(two, `a2 6161 ${key('9821')} 78 19 6162 05`).b).toBe(5n);
    expect(refusal(two, `a2 6161 ${key('9821')} 6161 6162 05`)).toContain('same field twice');
  });

  it('over 255, and lengths beyond the input, are refused before anything is allocated', () => {
    expect(refusal(ints, '82 01 190100')).toContain('256 is not a byte');
    expect(refusal(ints, '9a7fffffff01')).toContain('2147483647 elements, 1 bytes left');
    expect(refusal(ints, '5a7fffffff01')).toContain('2147483647 bytes wanted, 1 left');
    expect(refusal(ints, '9b000000010000000001')).toContain('over 32 bits');
    expect(refusal(ints, '62 6162')).toContain('expected an array of bytes, found text');
  });
});

describe('text', () => {
  it('keeps a byte order mark and refuses invalid UTF-8, also in one segment of several', () => {
    expect(read(text, '64 efbbbf 61')).toBe('\ufeffa');
    expect(read(text, '7f 6161 6162 ff')).toBe('ab');
    expect(refusal(text, '62 c328')).toContain('not valid UTF-8');
    expect(refusal(text, '7f 61c3 61a4 ff')).toContain('not valid UTF-8');
    expect(refusal(text, '42 6162')).toContain('expected text, found a byte string');
  });
});

describe('a struct', () => {
  const codec = struct<{ firstName: bigint; other: number; maybe: bigint | null }>({
    firstName: i64,
    other: withDefault(u32, () => 9),
    maybe: option(i64),
  });

  it('is a map of River names in the order of declaration', () => {
    expect(hexOf(codec, { firstName: 1n, other: 2, maybe: null })).toBe(
      `a3${toHex(encode(text, 'first_name'))}01${toHex(encode(text, 'other'))}02${toHex(encode(text, 'maybe'))}f6`,
    );
  });

  it('is read in any order, with unknown keys, keys as bytes, defaults and open length', () => {
    const first = toHex(encode(text, 'first_name'));
    const expected = { firstName: 1n, other: 9, maybe: null };
    expect(read(codec, `a1 ${first} 01`)).toEqual(expected);
    expect(read(codec, `bf ${first} 01 ff`)).toEqual(expected);
    expect(read(codec, `a1 4a${first.slice(2)} 01`)).toEqual(expected);
    expect(read(codec, `a3 656d61796265 f7 6161 83f90001a1f4f563616263 ${first} 01`)).toEqual(
      expected,
    );
    expect(read(codec, `a2 656d61796265 05 ${first} 01`)).toEqual({ ...expected, maybe: 5n });
    expect(read(codec, `a2 656d61796265 f817 ${first} 01`)).toEqual(expected);
  });

  it('names the path of what is wrong', () => {
    const first = toHex(encode(text, 'first_name'));
    expect(refusal(codec, 'a0')).toContain('x.first_name: missing');
    expect(refusal(codec, `a2 ${first} 01 ${first} 01`)).toContain(
      'x.first_name: the same field twice',
    );
    expect(refusal(codec, `a1 ${first} 6161`)).toContain(
      'x.first_name: expected an integer, found text',
    );
    expect(refusal(codec, 'a1 01 01')).toContain('x: expected a name, found an integer');
    expect(refusal(codec, '80')).toContain('x: expected a map, found an array');
    expect(refusal(array(codec), `82 a1 ${first} 01 a1 ${first} f5`)).toContain(
      'x[1].first_name: expected an integer',
    );
    expect(refusal(closedStruct<{ a: number }>({ a: u32 }), 'a2 6161 01 6162 02')).toContain(
      'unknown field "b"',
    );
    expect(refusal(codec, `a1 79${'1001'} ${'61'.repeat(4097)} 01`)).toContain(
      'name over 4096 bytes',
    );
  });

  it('refuses what is unknown and wrong inside ignored values', () => {
    const first = toHex(encode(text, 'first_name'));
    expect(refusal(codec, `a2 6161 61ff ${first} 01`)).toContain(
      'x.a: text that is not valid UTF-8',
    );
    expect(refusal(codec, `a2 6161 ff ${first} 01`)).toContain('x.a: break');
    expect(refusal(codec, `a2 6161 f3 ${first} 01`)).toContain('x.a: unknown simple value 19');
    const nested = (depth: number) => `a2 6161 ${'81'.repeat(depth)}00 ${first} 01`;
    expect(read(codec, nested(255)).firstName).toBe(1n);
    expect(refusal(codec, nested(256))).toContain('nested deeper than 256 levels');
  });

  it('keeps unknown fields where it is told to and writes them after the known ones', () => {
    const open = openStruct<{ a: number; unknown: readonly UnknownField[] }>({ a: u32 });
    const value = read(open, 'a3 6162 1800 6161 05 42ffff 82 01 02');
    expect(value.a).toBe(5);
    expect(hexOf(open, value)).toBe('a361610561621800 42ffff820102'.replace(' ', ''));
  });
});

describe('an enum', () => {
  const color = variants<
    { type: 'Red'; shade: number } | { type: 'None' } | { type: 'Named'; name: string }
  >({
    Red: variantStruct<{ shade: number }>({ shade: u32 }),
    None: null,
    Named: newtype('name', text),
  });

  it('is a bare name or a map of one entry', () => {
    expect(hexOf(color, { type: 'None' })).toBe('644e6f6e65');
    expect(hexOf(color, { type: 'Red', shade: 7 })).toBe('a163526564a165736861646507');
    expect(hexOf(unitEnum(['Open']), 'Open')).toBe('644f70656e');
    expect(read(color, 'd840a163526564a165736861646507')).toEqual({ type: 'Red', shade: 7 });
    expect(read(color, 'a1 43526564 a165736861646507')).toEqual({ type: 'Red', shade: 7 });
    expect(read(color, 'a1 63526564 81 07')).toEqual({ type: 'Red', shade: 7 });
    expect(read(color, 'a1 654e616d6564 6161')).toEqual({ type: 'Named', name: 'a' });
  });

  it('is refused with an unknown name, more entries, open length, or a tagged payload', () => {
    expect(refusal(color, '63526f74')).toContain('unknown variant "Rot"');
    expect(refusal(color, 'a2 644e6f6e65 f6 644e6f6e65 f6')).toContain(
      'expected an enum, found a map',
    );
    expect(refusal(color, 'bf 644e6f6e65 f6 ff')).toContain('expected an enum');
    expect(refusal(color, 'a1 63526564 c1 a1 657368616465 07')).toContain(
      'x.Red: expected a map or an array',
    );
    expect(refusal(color, '01')).toContain('expected an enum, found an integer');
  });

  it('leaves the value of a bare variant in a map to be read as the next item', () => {
    const two = struct<{
      a: { type: 'None' } | { type: 'Red'; shade: number } | { type: 'Named'; name: string };
      b: number;
    }>({ a: color, b: u32 });
    expect(refusal(two, 'a2 6161 a1 644e6f6e65 f6 6162 05')).toContain(
      'expected a name, found null',
    );
    expect(read(color, 'a1 644e6f6e65 f6')).toEqual({ type: 'None' });
  });
});

describe('collections', () => {
  it('of integers are also read from byte strings, other ones only from an empty one', () => {
    expect(read(array(u64), '43 0102ff')).toEqual([1n, 2n, 255n]);
    expect(read(pair(u32, u64), '42 0102')).toEqual([1, 2n]);
    expect(read(array(text), '40')).toEqual([]);
    expect(refusal(array(text), '41 61')).toContain('a byte where no integer is expected');
    // ids are newtypes
    expect(refusal(array(i64), '41 3b')).toContain('a byte where no integer is expected');
  });

  it('that are sets or maps come back in ascending order, the last of equal keys winning', () => {
    const byNumber = (a: number, b: number): number => a - b;
    expect(read(sortedSet(u32, byNumber), '84 05 01 05 03')).toEqual([1, 3, 5]);
    expect(read(map(u32, text, byNumber), 'a3 05 6161 01 6162 05 6163')).toEqual([
      [1, 'b'],
      [5, 'c'],
    ]);
    expect(read(pair(u32, text), '82 01 6161')).toEqual([1, 'a']);
    expect(refusal(pair(u32, text), '81 01')).toContain('1 of 2 items');
  });

  it('may be null where optional, and only null where empty', () => {
    expect(read(unit, 'd840 f6')).toBeNull();
    expect(refusal(unit, '00')).toContain('expected null, found an integer');
    expect(read(option(i64), 'f7')).toBeNull();
    expect(refusal(option(i64), 'd840 f6')).toContain('expected an integer, found null');
  });
});

describe('hostile input', () => {
  const codec = array(struct<{ a: Uint8Array; b: bigint | null }>({ a: ints, b: option(i64) }));

  it('never throws anything but a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        decode(codec, bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
