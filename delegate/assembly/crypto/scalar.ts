/*
 * Numbers modulo the order of the base point, L = 2^252 + 27742317777372353535851937790883648493.
 *
 * A number in the making is 64 limbs of i64, each standing for 256^i. All of it takes the same time whatever the values.
 */

/** L, little-endian; the bytes left out are zeros and a last 0x10. */
const L_LOW: usize = memory.data<u8>([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
]);

function lByte(index: i32): i64 {
  if (index < 16) return load<u8>(L_LOW + index);
  return index == 31 ? 0x10 : 0;
}

const limbs: usize = memory.data(512, 8);

function limb(index: i32): i64 {
  return load<i64>(limbs + (index << 3));
}

function setLimb(index: i32, value: i64): void {
  store<i64>(limbs + (index << 3), value);
}

/** Reduces `limbs`, which are below 2^40 or so, and writes the number in [0, L). */
function reduceLimbs(to: usize): void {
  // 2^256 = 16 L - 16 c with c = L - 2^252: takes each high limb away with multiples of L, 20 bytes at a time
  for (let i = 63; i >= 32; i--) {
    const top = limb(i);
    let carry: i64 = 0;
    const low = i - 32;
    for (let j = low; j < low + 20; j++) {
      const value = limb(j) + carry - 16 * top * lByte(j - low);
      carry = (value + 128) >> 8;
      setLimb(j, value - (carry << 8));
    }
    setLimb(low + 20, limb(low + 20) + carry);
    setLimb(i, 0);
  }
  // what is above 2^252, and then once more if that was too much
  const top = limb(31) >> 4;
  let carry: i64 = 0;
  for (let j = 0; j < 32; j++) {
    const value = limb(j) + carry - top * lByte(j);
    carry = value >> 8;
    setLimb(j, value & 255);
  }
  for (let j = 0; j < 32; j++) setLimb(j, limb(j) - carry * lByte(j));
  for (let j = 0; j < 32; j++) {
    setLimb(j + 1, limb(j + 1) + (limb(j) >> 8));
    store<u8>(to + j, <u8>(limb(j) & 255));
  }
}

/**
 * @param to 32 bytes
 * @param from 64 bytes, little-endian
 */
export function reduce(to: usize, from: usize): void {
  for (let i = 0; i < 64; i++) setLimb(i, load<u8>(from + i));
  reduceLimbs(to);
}

/** a b + c of three numbers of 32 bytes. */
export function multiplyAdd(to: usize, a: usize, b: usize, c: usize): void {
  for (let i = 0; i < 64; i++) setLimb(i, i < 32 ? load<u8>(c + i) : 0);
  for (let i = 0; i < 32; i++) {
    const digit: i64 = load<u8>(a + i);
    for (let j = 0; j < 32; j++) setLimb(i + j, limb(i + j) + digit * load<u8>(b + j));
  }
  reduceLimbs(to);
}
