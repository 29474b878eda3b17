/* Field elements as 32 bytes, little-endian. Addresses as in `field.ts`. */

function limb(f: usize, index: u32): i64 {
  return load<i32>(f + (index << 2));
}

const padded: usize = memory.data(40, 8);

/** The first bit of a limb. */
function bitOf(index: u32): u32 {
  return (index * 51 + 1) >> 1;
}

/** From 32 bytes, little-endian; the highest bit is ignored, and values from p on are taken modulo p. */
export function fromBytes(h: usize, bytes: usize): void {
  memory.copy(padded, bytes, 32);
  memory.fill(padded + 32, 0, 8);
  for (let i: u32 = 0; i < 10; i++) {
    const bit = bitOf(i);
    const width: u32 = 26 - (i & 1);
    const value = (load<u64>(padded + (bit >> 3)) >> (bit & 7)) & ((1 << width) - 1);
    store<i32>(h + (i << 2), <i32>value);
  }
}

/** To the 32 bytes of the value in [0, p). */
export function toBytes(bytes: usize, f: usize): void {
  // how often p has to be taken away, once the value is within (-p, 2p)
  let quotient = (limb(f, 9) * 19 + (1 << 24)) >> 25;
  for (let i: u32 = 0; i < 10; i++) quotient = (limb(f, i) + quotient) >> (26 - (i & 1));
  let carry = quotient * 19;
  memory.fill(padded, 0, 40);
  for (let i: u32 = 0; i < 10; i++) {
    const width = 26 - (i & 1);
    const value = limb(f, i) + carry;
    carry = value >> width;
    const bit = bitOf(i);
    const at = padded + (bit >> 3);
    const digits = (<u64>(value & ((1 << width) - 1))) << (bit & 7);
    store<u64>(at, load<u64>(at) | digits);
  }
  memory.copy(bytes, padded, 32);
}

const ours: usize = memory.data(32, 8);
const theirs: usize = memory.data(32, 8);

export function isEqual(f: usize, g: usize): bool {
  toBytes(ours, f);
  toBytes(theirs, g);
  let difference: u64 = 0;
  for (let i: u32 = 0; i < 32; i += 8) difference |= load<u64>(ours + i) ^ load<u64>(theirs + i);
  return difference == 0;
}

/** The lowest bit of the value, which tells an element from its negative. */
export function parity(f: usize): i32 {
  toBytes(ours, f);
  return load<u8>(ours) & 1;
}
