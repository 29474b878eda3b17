import type { Dice } from '../../../src/river/testing/dice.ts';
import { replaced, type Mutation } from './bytes.ts';

const U64S: readonly bigint[] = [
  0n,
  1n,
  2n,
  31n,
  32n,
  33n,
  255n,
  256n,
  65_535n,
  65_536n,
  65_537n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_fff8n,
  0xffff_ffff_ffff_ffffn,
];

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Places whose eight bytes could be a length: little-endian, and no more than what follows. */
function lengthsIn(bytes: Uint8Array): number[] {
  const view = viewOf(bytes);
  const places: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at++) {
    if (view.getUint32(at + 4, true) === 0 && view.getUint32(at, true) <= bytes.length - at)
      places.push(at);
  }
  return places;
}

/** Another value for what looks like a length, near the old one or far from it. */
const otherLength: Mutation = (dice, bytes) => {
  const places = lengthsIn(bytes);
  if (places.length === 0) return bytes;
  const at = dice.pick(places);
  const out = bytes.slice();
  const view = viewOf(out);
  const near = view.getBigUint64(at, true) + BigInt(dice.between(-2, 2));
  const value = dice.chance(0.5) && near >= 0n ? near : dice.pick(U64S);
  view.setBigUint64(at, value, true);
  return out;
};

/** Grows what a length announces, length and content, so that it stays in step. */
const longer: Mutation = (dice, bytes) => {
  const places = lengthsIn(bytes);
  if (places.length === 0) return bytes;
  const at = dice.pick(places);
  const view = viewOf(bytes);
  const length = view.getUint32(at, true);
  const growth = 1 << dice.below(dice.chance(0.95) ? 8 : 17);
  const out = replaced(bytes, at + 8, at + 8, new Uint8Array(growth).fill(dice.below(256)));
  viewOf(out).setBigUint64(at, BigInt(length + growth), true);
  return out;
};

/** Another variant, or another small number. */
const otherNumber: Mutation = (dice, bytes) => {
  if (bytes.length < 4) return bytes;
  const out = bytes.slice();
  const at = dice.chance(0.5)
    ? 4 * dice.below(Math.min(4, out.length >> 2))
    : dice.below(out.length - 3);
  const value = dice.chance(0.7)
    ? dice.below(10)
    : dice.pick([0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff]);
  viewOf(out).setUint32(at, value, true);
  return out;
};

/** Takes a frame apart where a length stands, and puts the rest of another one there. */
const graft: Mutation = (dice, bytes, donor) => {
  const other = donor();
  const mine = lengthsIn(bytes);
  const theirs = lengthsIn(other);
  if (mine.length === 0 || theirs.length === 0) return bytes;
  return replaced(bytes, dice.pick(mine), bytes.length, other.subarray(dice.pick(theirs)));
};

const MUTATIONS: readonly Mutation[] = [
  otherLength,
  otherLength,
  longer,
  otherNumber,
  otherNumber,
  graft,
];

/** One mutation that knows how bincode writes lengths and variants. */
export const mutateBincode: Mutation = (dice: Dice, bytes, donor) =>
  dice.pick(MUTATIONS)(dice, bytes, donor);
