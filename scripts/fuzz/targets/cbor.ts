import {
  array,
  encode,
  exactBytes,
  fixedInts,
  i64,
  ints,
  leftOutWhen,
  map,
  option,
  pair,
  sortedSet,
  text,
  u32,
  u64,
  u8,
  withDefault,
} from '../../../src/river/cbor/codec.ts';
import {
  openStruct,
  struct,
  variantStruct,
  type UnknownField,
} from '../../../src/river/cbor/struct.ts';
import { newtype, unitEnum, variants } from '../../../src/river/cbor/variants.ts';
import { fromHex } from '../../../src/shared/bytes.ts';
import { cborForm } from '../round-trip.ts';
import { loadedFrom, type Target } from '../target.ts';

type Shape =
  | { readonly type: 'Empty' }
  | { readonly type: 'Circle'; readonly radius: number; readonly centre: readonly bigint[] }
  | { readonly type: 'Named'; readonly name: string };

interface Everything {
  readonly numbers: readonly bigint[];
  readonly small: number;
  readonly blob: Uint8Array;
  readonly id: Uint8Array;
  readonly token: Uint8Array;
  readonly maybe: bigint | null;
  readonly names: readonly (readonly [number, string])[];
  readonly ranks: readonly bigint[];
  readonly shapes: readonly Shape[];
  readonly place: readonly [number, bigint];
  readonly mode: 'On' | 'Off';
  readonly limit: number | null;
  readonly inner: { readonly left: string; readonly right: number };
  readonly unknown: readonly UnknownField[];
}

/** A struct in which everything occurs that the decoders can read. */
const everything = openStruct<Everything>({
  numbers: array(i64),
  small: u8,
  blob: ints,
  id: fixedInts(4),
  token: exactBytes(4),
  maybe: option(i64),
  names: map(u32, text, (a, b) => a - b),
  ranks: sortedSet(u64, (a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  shapes: withDefault(
    array(
      variants<Shape>({
        Empty: null,
        Circle: variantStruct({ radius: u32, centre: array(i64) }),
        Named: newtype('name', text),
      }),
    ),
    () => [],
  ),
  place: pair(u32, i64),
  mode: unitEnum(['On', 'Off']),
  limit: leftOutWhen(
    option(u32),
    (value) => value === null,
    () => null,
  ),
  inner: struct<Everything['inner']>({ left: text, right: u32 }),
});

const EXAMPLE: Everything = {
  numbers: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
  small: 200,
  blob: Uint8Array.of(0, 23, 24, 255, 1, 2, 3, 4, 5, 6),
  id: Uint8Array.of(1, 2, 3, 4),
  token: Uint8Array.of(9, 8, 7, 6),
  maybe: 1500n,
  names: [
    [1, 'eins'],
    [70_000, 'viele'],
  ],
  ranks: [0n, 3n, 2n ** 64n - 1n],
  shapes: [
    { type: 'Empty' },
    { type: 'Circle', radius: 3, centre: [1n, -2n] },
    { type: 'Named', name: 'x' },
  ],
  place: [4, -9n],
  mode: 'On',
  limit: 12,
  inner: { left: 'l', right: 5 },
  unknown: [{ name: 'later', bytes: fromHex('656c61746572a16161820102') }],
};

const anything = openStruct<{ readonly unknown: readonly UnknownField[] }>({});

/** The reader itself: every kind of value, and values of any kind that are only kept. */
export const cbor: Target = {
  name: 'cbor',
  format: 'cbor',
  load: () =>
    loadedFrom([
      {
        form: cborForm('everything', everything),
        seeds: [
          [encode(everything, EXAMPLE)],
          [encode(everything, { ...EXAMPLE, maybe: null, limit: null })],
        ],
      },
      {
        form: cborForm('anything', anything),
        seeds: [
          'a1616101',
          'a2616180616282010203',
          'a16161a16162a16163f6',
          'bf61615f4101ff61627f6161ffff',
          'a1c1616101',
          'a3616101616220616341ff',
          'a16161c2581000112233445566778899aabbccddeeff',
          'a26161fb3ff0000000000000416283f4f5f7',
        ].map((hex) => [fromHex(hex)]),
      },
    ]),
};
