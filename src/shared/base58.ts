/**
 * Base58 with the Bitcoin alphabet and no checksum, of any length: @scure/base takes 2048 bytes, and an identity with a long invite
 * chain or an invitation with many room secrets is longer. Halves of halves let the engine's fast multiplication do the work, so
 * the time grows slower than the square of the length.
 */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const ZERO = '1';
/** Digits that a double holds exactly: 58^9 < 2^53. */
const GROUP = 9;

const VALUES = new Map(Array.from(ALPHABET, (digit, value) => [digit, value]));

/** 58^(9 * 2^level) by level, made when first needed. */
const powers: bigint[] = [58n ** BigInt(GROUP)];

function power(level: number): bigint {
  while (powers.length <= level) powers.push((powers.at(-1) as bigint) ** 2n);
  return powers[level] as bigint;
}

/** `9 * 2^level` digits of what is below `power(level)`. */
function digitsOf(value: bigint, level: number): string {
  if (level > 0) {
    const unit = power(level - 1);
    return digitsOf(value / unit, level - 1) + digitsOf(value % unit, level - 1);
  }
  let text = '';
  for (let i = 0, rest = Number(value); i < GROUP; i++, rest = Math.floor(rest / 58)) {
    text = (ALPHABET[rest % 58] as string) + text;
  }
  return text;
}

function valueOf(text: string): bigint {
  if (text.length > GROUP) {
    let level = 0;
    while (GROUP * 2 ** (level + 1) < text.length) level += 1;
    const split = text.length - GROUP * 2 ** level;
    return valueOf(text.slice(0, split)) * power(level) + valueOf(text.slice(split));
  }
  let value = 0;
  for (const digit of text) {
    const one = VALUES.get(digit);
    if (one === undefined) throw new Error('a character that base58 has not');
    value = value * 58 + one;
  }
  return BigInt(value);
}

/** How often `item` comes before anything else. */
function leading<T>(items: ArrayLike<T>, item: T): number {
  let count = 0;
  while (count < items.length && items[count] === item) count += 1;
  return count;
}

export function encodeBase58(bytes: Uint8Array): string {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  const value = BigInt(hex);
  let level = 0;
  while (power(level) <= value) level += 1;
  const digits = digitsOf(value, level);
  return ZERO.repeat(leading(bytes, 0)) + digits.slice(leading(digits, ZERO));
}

/** @throws Error when a character is outside the alphabet */
export function decodeBase58(text: string): Uint8Array {
  const zeros = leading(text, ZERO);
  const value = valueOf(text.slice(zeros));
  const hex = value === 0n ? '' : value.toString(16);
  const padded = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = new Uint8Array(zeros + padded.length / 2);
  for (let i = 0; i < padded.length; i += 2) {
    bytes[zeros + i / 2] = Number.parseInt(padded.slice(i, i + 2), 16);
  }
  return bytes;
}
