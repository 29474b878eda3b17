/** One CBOR item of an input, by its place. */
export interface Item {
  readonly start: number;
  /** Where its head ends and its content begins. */
  readonly content: number;
  readonly end: number;
  readonly major: number;
  /** The head's argument, -1 for an indefinite length. */
  readonly argument: number;
  /** Index of the array, map or tag around it; -1 for the outermost. */
  readonly parent: number;
}

const MAX_DEPTH = 64;

/**
 * The items of an input, outermost first, as far as it is well-formed. Byte arrays written as integers count as one item: their
 * elements would outnumber everything else.
 */
export function itemsOf(bytes: Uint8Array): Item[] {
  const items: Item[] = [];
  walk(bytes, 0, -1, 0, items);
  return items;
}

/** @returns where the item ends; -1 when it is not well-formed, or too deep */
function walk(
  bytes: Uint8Array,
  start: number,
  parent: number,
  depth: number,
  items: Item[],
): number {
  const head = headAt(bytes, start);
  if (head === undefined || depth > MAX_DEPTH) return -1;
  const index = items.length;
  const item = { start, ...head, end: head.content, parent };
  items.push(item);
  const end = endOf(bytes, item, index, depth, items);
  if (end >= 0) item.end = end;
  return end;
}

function endOf(
  bytes: Uint8Array,
  { major, argument, content }: Item,
  index: number,
  depth: number,
  items: Item[],
): number {
  const isOpen = argument < 0 && major !== 6;
  if (major < 2 || major === 7) return content;
  if (major < 4 && !isOpen) return content + argument <= bytes.length ? content + argument : -1;
  if (major === 4 && !isOpen) {
    const end = endOfInts(bytes, content, argument);
    if (end >= 0) return end;
  }
  const count = major === 6 ? 1 : major === 5 ? 2 * argument : argument;
  let at = content;
  for (let i = 0; isOpen ? bytes[at] !== 0xff : i < count; i++) {
    at = walk(bytes, at, index, depth + 1, items);
    if (at < 0) return -1;
  }
  return isOpen ? at + 1 : at;
}

function headAt(
  bytes: Uint8Array,
  at: number,
): { major: number; argument: number; content: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const major = first >> 5;
  const minor = first & 31;
  if (minor < 24) return { major, argument: minor, content: at + 1 };
  if (minor === 31) return { major, argument: -1, content: at + 1 };
  if (minor > 27) return undefined;
  const width = 1 << (minor - 24);
  if (at + 1 + width > bytes.length) return undefined;
  let argument = 0;
  for (let i = 1; i <= width; i++) argument = argument * 256 + (bytes[at + i] as number);
  return { major, argument, content: at + 1 + width };
}

const LEAST_INTS = 8;

/** Where an array of byte-sized integers ends; -1 when it is none, or a short one. */
function endOfInts(bytes: Uint8Array, content: number, count: number): number {
  if (count < LEAST_INTS || count > bytes.length) return -1;
  let at = content;
  for (let i = 0; i < count; i++) {
    const byte = bytes[at];
    if (byte === undefined || byte > 0x18) return -1;
    at += byte === 0x18 ? 2 : 1;
  }
  return at <= bytes.length ? at : -1;
}

/** A head; `width` bytes of argument if that many are wanted, 0 for the shortest. */
export function headBytes(major: number, argument: bigint, width = 0): Uint8Array {
  const least =
    argument < 24n
      ? 0
      : argument < 0x100n
        ? 1
        : argument < 0x1_0000n
          ? 2
          : argument < 0x1_0000_0000n
            ? 4
            : 8;
  const size = Math.max(least, width);
  if (size === 0) return Uint8Array.of((major << 5) | Number(argument));
  const out = new Uint8Array(1 + size);
  out[0] = (major << 5) | (24 + Math.log2(size));
  for (let i = 0; i < size; i++) out[size - i] = Number((argument >> BigInt(8 * i)) & 0xffn);
  return out;
}
