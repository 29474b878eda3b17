import { concatBytes } from '../../../src/shared/bytes.ts';
import type { Dice } from '../../../src/river/testing/dice.ts';

/** Gives other inputs of the target, to cut pieces from. */
export type Donor = () => Uint8Array;

export type Mutation = (dice: Dice, bytes: Uint8Array, donor: Donor) => Uint8Array;

/** `bytes` with those from `from` to `to` replaced. */
export const replaced = (bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array =>
  concatBytes([bytes.subarray(0, from), by, bytes.subarray(to)]);

/** A stretch of the bytes; short ones are likelier. */
export function stretch(dice: Dice, bytes: Uint8Array): { from: number; to: number } {
  const from = dice.below(bytes.length + 1);
  const longest = Math.min(bytes.length - from, 1 << dice.below(11));
  return { from, to: from + dice.below(longest + 1) };
}

function flipBits(dice: Dice, bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  for (let i = dice.between(1, 4); i > 0 && out.length > 0; i--) {
    const at = dice.below(out.length);
    out[at] = (out[at] as number) ^ (1 << dice.below(8));
  }
  return out;
}

const TELLING_BYTES = [
  0, 1, 0x17, 0x18, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x5f, 0x60, 0x7f,
] as const;
const MORE_TELLING_BYTES = [
  0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xd9, 0xf4, 0xf6, 0xf7, 0xf8, 0xfb, 0xff,
] as const;

function setByte(dice: Dice, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return dice.bytes(1);
  const out = bytes.slice();
  const telling = dice.pick([...TELLING_BYTES, ...MORE_TELLING_BYTES]);
  out[dice.below(out.length)] = dice.chance(0.5) ? telling : dice.below(256);
  return out;
}

function truncate(dice: Dice, bytes: Uint8Array): Uint8Array {
  const cut = dice.chance(0.5) ? dice.below(bytes.length + 1) : bytes.length - dice.below(9);
  return bytes.slice(0, Math.max(0, cut));
}

function drop(dice: Dice, bytes: Uint8Array): Uint8Array {
  const { from, to } = stretch(dice, bytes);
  return replaced(bytes, from, to, new Uint8Array());
}

function double(dice: Dice, bytes: Uint8Array): Uint8Array {
  const { from, to } = stretch(dice, bytes);
  return replaced(bytes, to, to, bytes.subarray(from, to));
}

function insertRandom(dice: Dice, bytes: Uint8Array): Uint8Array {
  const at = dice.below(bytes.length + 1);
  return replaced(bytes, at, at, dice.bytes(dice.between(1, 16)));
}

function spliceDonor(dice: Dice, bytes: Uint8Array, donor: Donor): Uint8Array {
  const other = donor();
  const source = stretch(dice, other);
  const { from, to } = stretch(dice, bytes);
  return replaced(
    bytes,
    from,
    dice.chance(0.5) ? to : from,
    other.subarray(source.from, source.to),
  );
}

function crossOver(dice: Dice, bytes: Uint8Array, donor: Donor): Uint8Array {
  const other = donor();
  const head = bytes.subarray(0, dice.below(bytes.length + 1));
  return concatBytes([head, other.subarray(dice.below(other.length + 1))]);
}

/** Mutations that know nothing of the format. */
export const BYTE_MUTATIONS: readonly Mutation[] = [
  flipBits,
  setByte,
  truncate,
  drop,
  double,
  insertRandom,
  spliceDonor,
  crossOver,
];
