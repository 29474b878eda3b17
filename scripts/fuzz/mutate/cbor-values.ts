import { concatBytes, fromHex } from '../../../src/shared/bytes.ts';
import type { Dice } from '../../../src/river/testing/dice.ts';
import { headBytes } from './cbor-items.ts';

const INTEGERS: readonly bigint[] = [
  0n,
  1n,
  23n,
  24n,
  255n,
  256n,
  65_535n,
  999_999_999n,
  1_000_000_000n,
  0x7fff_ffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0001n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];

/** An integer at one of the edges, in any of the ways to write it. */
export function tellingInteger(dice: Dice): Uint8Array {
  const value = dice.pick(INTEGERS);
  const negative = dice.chance(0.3);
  if (dice.chance(0.7)) return headBytes(negative ? 1 : 0, value, dice.pick([0, 0, 0, 4, 8]));
  const digits = dice.bytes(dice.below(20));
  return concatBytes([
    headBytes(6, negative ? 3n : 2n),
    headBytes(2, BigInt(digits.length)),
    digits,
  ]);
}

/** Items that few decoders expect where they stand. */
const STRANGE = [
  'f4',
  'f5',
  'f6',
  'f7',
  'f8ff',
  'f816',
  'f814',
  'f0',
  'ff',
  'f90000',
  'f97e00',
  'f9fc00',
  'fa7f800000',
  'fb7ff0000000000000',
  'fb7ff8000000000001',
  'fb3ff0000000000000',
  '40',
  '60',
  '80',
  'a0',
  '5fff',
  '7fff',
  '9fff',
  'bfff',
  '5f5f5fffffff',
  '7f61c3ff',
  '62c328',
  '63eda080',
  'c0',
  'd9d9f700',
  'c2c24101',
  'c25f4101ff',
  'c3500000000000000000000000000000000f',
  'db00000000000000020f',
  'a1f6f6',
  'bf6161',
  '8118',
].map(fromHex);

export const strangeItem = (dice: Dice): Uint8Array => dice.pick(STRANGE);

const OPENERS = [
  '81',
  '9f',
  'a0',
  'a1',
  'a16161',
  'bf',
  'bf6161',
  'c1',
  'c2',
  'd9d9f7',
  '5f',
  '7f',
  '8281',
].map(fromHex);

const DEPTHS = [2, 100, 254, 255, 256, 257, 258, 1000, 5000, 20_000] as const;

/** Something opened again and again: arrays, maps, tags, strings of open length. */
export function bomb(dice: Dice): Uint8Array {
  const opener = dice.pick(OPENERS);
  const depth = dice.pick(DEPTHS);
  const out = new Uint8Array(opener.length * depth + 1);
  for (let i = 0; i < depth; i++) out.set(opener, i * opener.length);
  return out;
}
