import { concatBytes, utf8 } from '../../../src/shared/bytes.ts';
import type { Dice } from '../../../src/river/testing/dice.ts';
import { replaced, type Donor, type Mutation } from './bytes.ts';
import { headBytes, itemsOf, type Item } from './cbor-items.ts';
import { bomb, strangeItem, tellingInteger } from './cbor-values.ts';

/** A mutation of one item, picked at random. */
type ItemMutation = (dice: Dice, bytes: Uint8Array, item: Item, context: Context) => Uint8Array;

interface Context {
  readonly items: readonly Item[];
  readonly donor: Donor;
}

const whole = (bytes: Uint8Array, { start, end }: Item): Uint8Array => bytes.subarray(start, end);

const swapFor = (bytes: Uint8Array, { start, end }: Item, by: Uint8Array): Uint8Array =>
  replaced(bytes, start, end, by);

/** `bytes` with `by` more items declared by the head of the array or map around `item`. */
function recount(bytes: Uint8Array, item: Item, items: readonly Item[], by: number): Uint8Array {
  const parent = items[item.parent];
  if (parent === undefined || parent.argument < 0 || parent.major === 6) return bytes;
  const count = Math.max(0, parent.argument + by);
  return replaced(bytes, parent.start, parent.content, headBytes(parent.major, BigInt(count)));
}

const LENGTHS: readonly bigint[] = [
  0n,
  23n,
  24n,
  255n,
  256n,
  4096n,
  4097n,
  65_535n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
];

/** Declares another length, count or value than there is. */
const redeclare: ItemMutation = (dice, bytes, item) => {
  const near = BigInt(Math.max(0, item.argument + dice.between(-2, 2)));
  const head = headBytes(item.major, dice.chance(0.4) ? near : dice.pick(LENGTHS));
  return replaced(bytes, item.start, item.content, head);
};

/** The same argument in more bytes than needed. */
const widen: ItemMutation = (dice, bytes, item) => {
  if (item.argument < 0 || item.major === 7) return bytes;
  const head = headBytes(item.major, BigInt(item.argument), dice.pick([1, 2, 4, 8]));
  return replaced(bytes, item.start, item.content, head);
};

/** An open length, closed or not. */
const leaveOpen: ItemMutation = (dice, bytes, item) => {
  const { major, content, end } = item;
  const open = Uint8Array.of((major << 5) | 31);
  const close = dice.chance(0.8) ? Uint8Array.of(0xff) : new Uint8Array();
  if (major !== 2 && major !== 3) {
    return swapFor(bytes, item, concatBytes([open, bytes.subarray(content, end), close]));
  }
  const cut = content + dice.below(end - content + 1);
  const segments = [bytes.subarray(content, cut), bytes.subarray(cut, end)].map((segment) =>
    concatBytes([headBytes(major, BigInt(segment.length)), segment]),
  );
  const nested = dice.chance(0.2) ? [open, close] : [];
  return swapFor(bytes, item, concatBytes([open, ...nested, ...segments, close]));
};

const reserve: ItemMutation = (dice, bytes, item) => {
  const out = bytes.slice();
  out[item.start] = (item.major << 5) | dice.between(28, 31);
  return out;
};

const otherValue: ItemMutation = (dice, bytes, item) => {
  const value = item.major <= 1 && dice.chance(0.6) ? tellingInteger(dice) : strangeItem(dice);
  return swapFor(bytes, item, value);
};

const otherMajor: ItemMutation = (dice, bytes, item) => {
  const out = bytes.slice();
  out[item.start] = (dice.below(8) << 5) | ((out[item.start] as number) & 31);
  return out;
};

/** A byte string for an array of integers, and the other way round. */
const otherByteForm: ItemMutation = (_dice, bytes, item) => {
  const { major, content, end } = item;
  if (major === 2 || major === 3) {
    const ints = Array.from(bytes.subarray(content, end), (byte) => headBytes(0, BigInt(byte)));
    return swapFor(bytes, item, concatBytes([headBytes(4, BigInt(ints.length)), ...ints]));
  }
  if (major !== 4) return bytes;
  const values: number[] = [];
  for (let at = content; at < end; at++) {
    if (bytes[at] === 0x18) at += 1;
    values.push(bytes[at] ?? 0);
  }
  return swapFor(
    bytes,
    item,
    concatBytes([headBytes(2, BigInt(values.length)), Uint8Array.from(values)]),
  );
};

const wrap: ItemMutation = (dice, bytes, item) => {
  const times = dice.chance(0.8) ? dice.between(1, 3) : dice.between(250, 260);
  const head = dice.pick([
    headBytes(6, dice.pick([0n, 1n, 2n, 3n, 24n, 55_799n])),
    headBytes(4, 1n),
    concatBytes([headBytes(5, 1n), headBytes(3, 1n), utf8('a')]),
  ]);
  const heads = Array.from({ length: times }, () => head);
  return replaced(bytes, item.start, item.start, concatBytes(heads));
};

const nest: ItemMutation = (dice, bytes, item) => swapFor(bytes, item, bomb(dice));

const transplant: ItemMutation = (dice, bytes, item, { items, donor }) => {
  const own = dice.chance(0.5);
  const other = own ? bytes : donor();
  const candidates = own ? items : itemsOf(other);
  if (candidates.length === 0) return bytes;
  return swapFor(bytes, item, whole(other, dice.pick(candidates)));
};

/** In a map an entry is two items: removing one shifts keys and values against each other. */
const remove: ItemMutation = (dice, bytes, item, { items }) => {
  const out = swapFor(bytes, item, new Uint8Array());
  return dice.chance(0.7) ? recount(out, item, items, -1) : out;
};

const repeat: ItemMutation = (dice, bytes, item, { items }) => {
  const times = dice.chance(0.9) ? 1 : dice.between(2, 300);
  const copies = Array.from({ length: times }, () => whole(bytes, item));
  const out = replaced(bytes, item.end, item.end, concatBytes(copies));
  return dice.chance(0.8) ? recount(out, item, items, times) : out;
};

/** Any item, but those that hold the others more often than by chance: there are few of them. */
const pickOuter = (dice: Dice, items: readonly Item[]): Item =>
  dice.pick(dice.chance(0.3) ? items.slice(0, 12) : items);

/** More entries in some map than were there, with names nobody knows: before the known ones, or after them. */
const addUnknown: ItemMutation = (dice, bytes, _item, { items }) => {
  const maps = items.filter(({ major, argument }) => major === 5 && argument >= 0);
  if (maps.length === 0) return bytes;
  const map = pickOuter(dice, maps);
  // one that is wrong among many would have all of them refused
  const isMany = dice.chance(0.2);
  const count = isMany ? dice.between(200, 300) : dice.between(1, 3);
  const value = (): Uint8Array => {
    if (isMany) return Uint8Array.of(dice.below(24));
    return dice.chance(0.7) ? tellingInteger(dice) : strangeItem(dice);
  };
  const entries = dice.list(count, (i) => concatBytes([keyOf(dice, `x${i}`), value()]));
  const at = dice.chance(0.5) ? map.content : map.end;
  const grown = replaced(bytes, at, at, concatBytes(entries));
  const head = headBytes(5, BigInt(map.argument + count));
  return replaced(grown, map.start, map.content, head);
};

function keyOf(dice: Dice, name: string): Uint8Array {
  const text = utf8(name);
  const key = concatBytes([headBytes(dice.chance(0.9) ? 3 : 2, BigInt(text.length)), text]);
  return dice.chance(0.9) ? key : concatBytes([headBytes(6, 42n), key]);
}

const swapNeighbours: ItemMutation = (_dice, bytes, item, { items }) => {
  const next = items.find(({ start, parent }) => start === item.end && parent === item.parent);
  if (next === undefined) return bytes;
  const swapped = concatBytes([whole(bytes, next), whole(bytes, item)]);
  return replaced(bytes, item.start, next.end, swapped);
};

const ITEM_MUTATIONS: readonly ItemMutation[] = [
  redeclare,
  redeclare,
  widen,
  leaveOpen,
  reserve,
  otherValue,
  otherValue,
  otherMajor,
  otherByteForm,
  wrap,
  nest,
  transplant,
  transplant,
  remove,
  repeat,
  addUnknown,
  swapNeighbours,
];

/** One mutation that knows CBOR; the bytes themselves where there is nothing to know. */
export const mutateCbor: Mutation = (dice, bytes, donor) => {
  const items = itemsOf(bytes);
  if (items.length === 0) return bytes;
  return dice.pick(ITEM_MUTATIONS)(dice, bytes, pickOuter(dice, items), { items, donor });
};
