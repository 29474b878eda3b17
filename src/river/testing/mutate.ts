import { concatBytes, fromHex } from '../../shared/bytes.ts';
import type { Dice } from './dice.ts';

/** Damages bytes: changes, drops, doubles or inserts a few. */
export function damaged(dice: Dice, bytes: Uint8Array): Uint8Array {
  let out = bytes;
  for (let i = dice.between(1, 3); i > 0 && out.length > 0; i--) {
    const at = dice.below(out.length);
    const to = Math.min(out.length, at + dice.between(1, 8));
    switch (dice.below(5)) {
      case 0:
        out = out.slice(0, at);
        break;
      case 1:
        out = concatBytes([out.subarray(0, at), out.subarray(to)]);
        break;
      case 2:
        out = concatBytes([out.subarray(0, to), out.subarray(at)]);
        break;
      case 3:
        out = concatBytes([out.subarray(0, at), dice.bytes(dice.between(1, 4)), out.subarray(at)]);
        break;
      default:
        out = out.slice();
        out[at] = dice.chance(0.5) ? dice.below(256) : (out[at] as number) ^ (1 << dice.below(8));
    }
  }
  return out;
}

interface Item {
  readonly major: number;
  readonly argument: bigint;
  /** Head of the item, then its content. */
  readonly content: Uint8Array;
  readonly children: readonly Item[];
}

function parse(bytes: Uint8Array, from: number): { readonly item: Item; readonly to: number } {
  const first = bytes[from] as number;
  const major = first >> 5;
  const minor = first & 31;
  let at = from + 1;
  let argument = BigInt(minor);
  if (minor >= 24) {
    argument = 0n;
    for (let i = 0; i < 1 << (minor - 24); i++)
      argument = (argument << 8n) | BigInt(bytes[at++] as number);
  }
  if (major === 2 || major === 3) {
    const to = at + Number(argument);
    return { item: { major, argument, content: bytes.subarray(at, to), children: [] }, to };
  }
  const children: Item[] = [];
  const count = major === 4 ? Number(argument) : major === 5 ? 2 * Number(argument) : 0;
  for (let i = 0; i < count; i++) {
    const child = parse(bytes, at);
    children.push(child.item);
    at = child.to;
  }
  return { item: { major, argument, content: new Uint8Array(), children }, to: at };
}

function head(dice: Dice, major: number, argument: bigint, oddness: number): Uint8Array {
  let size =
    argument < 24n
      ? 0
      : argument < 256n
        ? 1
        : argument < 65_536n
          ? 2
          : argument < 2n ** 32n
            ? 4
            : 8;
  if (dice.chance(oddness)) size = dice.pick([1, 2, 4, 8].filter((each) => each >= size));
  if (size === 0) return Uint8Array.of((major << 5) | Number(argument));
  const out = new Uint8Array(1 + size);
  out[0] = (major << 5) | (24 + Math.log2(size));
  for (let i = 0; i < size; i++) out[size - i] = Number((argument >> BigInt(8 * i)) & 255n);
  return out;
}

const BREAK = Uint8Array.of(0xff);

/** Writes an item in other words: most of them River's reader takes, some it refuses. */
function write(dice: Dice, item: Item, oddness: number): Uint8Array {
  const odd = (): boolean => dice.chance(oddness);
  const tag = odd() ? head(dice, 6, BigInt(dice.pick([1, 2, 64, 258])), 0.3) : new Uint8Array();
  const { major, argument, content, children } = item;
  if (major === 2 || major === 3) {
    const kind = odd() ? 5 - major : major;
    if (kind === 2 && odd()) {
      const ints = Array.from(content, (byte) => head(dice, 0, BigInt(byte), oddness));
      return concatBytes([tag, head(dice, 4, argument, oddness), ...ints]);
    }
    if (odd()) {
      const middle = dice.below(content.length + 1);
      const parts = [content.subarray(0, middle), content.subarray(middle)].map((part) =>
        concatBytes([head(dice, kind, BigInt(part.length), oddness), part]),
      );
      return concatBytes([tag, Uint8Array.of((kind << 5) | 31), ...parts, BREAK]);
    }
    return concatBytes([tag, head(dice, kind, argument, oddness), content]);
  }
  if (major === 4) {
    const bytes = children.every((child) => child.major === 0 && child.argument < 256n);
    if (bytes && odd()) {
      const values = Uint8Array.from(children, (child) => Number(child.argument));
      return concatBytes([tag, head(dice, 2, argument, oddness), values]);
    }
    const items = children.map((child) => write(dice, child, oddness));
    const again = items[0];
    if (again && odd()) {
      const all = concatBytes([...items, again]);
      return concatBytes([tag, head(dice, 4, argument + 1n, oddness), all]);
    }
    if (odd()) return concatBytes([tag, Uint8Array.of(0x9f), ...items, BREAK]);
    return concatBytes([tag, head(dice, 4, argument, oddness), ...items]);
  }
  if (major === 5) return concatBytes([tag, ...writeMap(dice, item, oddness)]);
  if (major === 7)
    return argument === 22n && odd() ? Uint8Array.of(0xf7) : Uint8Array.of(0xe0 | Number(argument));
  if (major < 2 && odd() && dice.chance(0.3)) {
    const digits = new Uint8Array(8);
    new DataView(digits.buffer).setBigUint64(0, argument);
    return concatBytes([Uint8Array.of(0xc2 | major, 0x48), digits]);
  }
  return concatBytes([tag, head(dice, major, argument, oddness)]);
}

function writeMap(dice: Dice, { children }: Item, oddness: number): Uint8Array[] {
  const odd = (): boolean => dice.chance(oddness);
  const entries: Uint8Array[] = [];
  for (let i = 0; i < children.length; i += 2) {
    const key = write(dice, children[i] as Item, oddness / 4);
    const value = write(dice, children[i + 1] as Item, oddness);
    if (dice.chance(oddness / 4)) continue;
    entries.push(concatBytes([key, value]));
  }
  if (odd()) entries.push(concatBytes([Uint8Array.of(0x61, 0x78), strange(dice)]));
  if (dice.chance(oddness / 4) && entries[0]) entries.push(entries[0]);
  const ordered = odd() ? dice.shuffled(entries) : entries;
  if (odd()) return [Uint8Array.of(0xbf), ...ordered, BREAK];
  return [head(dice, 5, BigInt(entries.length), oddness), ...ordered];
}

const STRANGE = [
  'f5',
  'f93c00',
  '8201f6',
  'a16161c24105',
  'd9010200',
  '5f41014102ff',
  '7f6161ff',
  'c349010000000000000000',
  'f0',
  'f820',
  '62c328',
  '9f9f01ffff',
  'fb3ff0000000000000',
];

const strange = (dice: Dice): Uint8Array => fromHex(dice.pick(STRANGE));

/**
 * The same CBOR item in other words: wider heads, other orders, open lengths, tags, byte strings for arrays, unknown keys; and
 * now and then an element or entry twice, or an entry dropped.
 *
 * @param bytes as River writes it
 * @param oddness how often each liberty is taken
 */
export const reworded = (dice: Dice, bytes: Uint8Array, oddness: number): Uint8Array =>
  write(dice, parse(bytes, 0).item, oddness);
