/*
 * The field of 2^255 - 19, in ten signed limbs of 26 and 25 bits in turn: limb i stands for 2^ceil(25.5 i). An element is 40
 * bytes of memory, an i32 per limb; every function takes addresses, the result's first, which may be one of the operands.
 *
 * Products are carried: their limbs are at most 1.01 * 2^25 (even) and 1.01 * 2^24 (odd). Multiplication takes up to 1.65 *
 * 2^26 and 1.65 * 2^25, which the sum of three products keeps; such elements are called loose. All of it takes the same time
 * whatever the values.
 */

/** Bytes of an element. */
export const ELEMENT: u32 = 40;

function limb(f: usize, index: u32): i64 {
  return load<i32>(f + (index << 2));
}

/** Carries the limbs into range and stores them. */
function storeCarried(
  h: usize,
  h0: i64,
  h1: i64,
  h2: i64,
  h3: i64,
  h4: i64,
  h5: i64,
  h6: i64,
  h7: i64,
  h8: i64,
  h9: i64,
): void {
  let carry: i64;
  carry = (h0 + 33554432) >> 26;
  h1 += carry;
  h0 -= carry << 26;
  carry = (h4 + 33554432) >> 26;
  h5 += carry;
  h4 -= carry << 26;
  carry = (h1 + 16777216) >> 25;
  h2 += carry;
  h1 -= carry << 25;
  carry = (h5 + 16777216) >> 25;
  h6 += carry;
  h5 -= carry << 25;
  carry = (h2 + 33554432) >> 26;
  h3 += carry;
  h2 -= carry << 26;
  carry = (h6 + 33554432) >> 26;
  h7 += carry;
  h6 -= carry << 26;
  carry = (h3 + 16777216) >> 25;
  h4 += carry;
  h3 -= carry << 25;
  carry = (h7 + 16777216) >> 25;
  h8 += carry;
  h7 -= carry << 25;
  carry = (h4 + 33554432) >> 26;
  h5 += carry;
  h4 -= carry << 26;
  carry = (h8 + 33554432) >> 26;
  h9 += carry;
  h8 -= carry << 26;
  carry = (h9 + 16777216) >> 25;
  h0 += carry * 19;
  h9 -= carry << 25;
  carry = (h0 + 33554432) >> 26;
  h1 += carry;
  h0 -= carry << 26;
  store<i32>(h, <i32>h0, 0);
  store<i32>(h, <i32>h1, 4);
  store<i32>(h, <i32>h2, 8);
  store<i32>(h, <i32>h3, 12);
  store<i32>(h, <i32>h4, 16);
  store<i32>(h, <i32>h5, 20);
  store<i32>(h, <i32>h6, 24);
  store<i32>(h, <i32>h7, 28);
  store<i32>(h, <i32>h8, 32);
  store<i32>(h, <i32>h9, 36);
}

export function copy(h: usize, f: usize): void {
  memory.copy(h, f, ELEMENT);
}

/** A small number. */
export function setSmall(h: usize, value: i32): void {
  memory.fill(h, 0, ELEMENT);
  store<i32>(h, value);
}

/** Swaps two elements where `bit` is 1. */
export function swapIf(bit: i32, f: usize, g: usize): void {
  const mask = -bit;
  for (let i: u32 = 0; i < ELEMENT; i += 4) {
    const difference = mask & (load<i32>(f + i) ^ load<i32>(g + i));
    store<i32>(f + i, load<i32>(f + i) ^ difference);
    store<i32>(g + i, load<i32>(g + i) ^ difference);
  }
}

/** Loose: f and g together may be three products. */
export function add(h: usize, f: usize, g: usize): void {
  for (let i: u32 = 0; i < ELEMENT; i += 4) store<i32>(h + i, load<i32>(f + i) + load<i32>(g + i));
}

/** Loose: f and g together may be three products. */
export function subtract(h: usize, f: usize, g: usize): void {
  for (let i: u32 = 0; i < ELEMENT; i += 4) store<i32>(h + i, load<i32>(f + i) - load<i32>(g + i));
}

/** By a number below 2^20; carried. */
export function scale(h: usize, f: usize, factor: i64): void {
  storeCarried(
    h,
    limb(f, 0) * factor,
    limb(f, 1) * factor,
    limb(f, 2) * factor,
    limb(f, 3) * factor,
    limb(f, 4) * factor,
    limb(f, 5) * factor,
    limb(f, 6) * factor,
    limb(f, 7) * factor,
    limb(f, 8) * factor,
    limb(f, 9) * factor,
  );
}

/** Both may be loose. */
export function multiply(h: usize, f: usize, g: usize): void {
  const f0 = limb(f, 0);
  const f1 = limb(f, 1);
  const f2 = limb(f, 2);
  const f3 = limb(f, 3);
  const f4 = limb(f, 4);
  const f5 = limb(f, 5);
  const f6 = limb(f, 6);
  const f7 = limb(f, 7);
  const f8 = limb(f, 8);
  const f9 = limb(f, 9);
  const g0 = limb(g, 0);
  const g1 = limb(g, 1);
  const g2 = limb(g, 2);
  const g3 = limb(g, 3);
  const g4 = limb(g, 4);
  const g5 = limb(g, 5);
  const g6 = limb(g, 6);
  const g7 = limb(g, 7);
  const g8 = limb(g, 8);
  const g9 = limb(g, 9);
  // limbs past 2^255 come back 19 times; two odd limbs together weigh twice their place
  const d1 = f1 * 2;
  const d3 = f3 * 2;
  const d5 = f5 * 2;
  const d7 = f7 * 2;
  const d9 = f9 * 2;
  const w1 = g1 * 19;
  const w2 = g2 * 19;
  const w3 = g3 * 19;
  const w4 = g4 * 19;
  const w5 = g5 * 19;
  const w6 = g6 * 19;
  const w7 = g7 * 19;
  const w8 = g8 * 19;
  const w9 = g9 * 19;
  storeCarried(
    h,
    f0 * g0 +
      d1 * w9 +
      f2 * w8 +
      d3 * w7 +
      f4 * w6 +
      d5 * w5 +
      f6 * w4 +
      d7 * w3 +
      f8 * w2 +
      d9 * w1,
    f0 * g1 +
      f1 * g0 +
      f2 * w9 +
      f3 * w8 +
      f4 * w7 +
      f5 * w6 +
      f6 * w5 +
      f7 * w4 +
      f8 * w3 +
      f9 * w2,
    f0 * g2 +
      d1 * g1 +
      f2 * g0 +
      d3 * w9 +
      f4 * w8 +
      d5 * w7 +
      f6 * w6 +
      d7 * w5 +
      f8 * w4 +
      d9 * w3,
    f0 * g3 +
      f1 * g2 +
      f2 * g1 +
      f3 * g0 +
      f4 * w9 +
      f5 * w8 +
      f6 * w7 +
      f7 * w6 +
      f8 * w5 +
      f9 * w4,
    f0 * g4 +
      d1 * g3 +
      f2 * g2 +
      d3 * g1 +
      f4 * g0 +
      d5 * w9 +
      f6 * w8 +
      d7 * w7 +
      f8 * w6 +
      d9 * w5,
    f0 * g5 +
      f1 * g4 +
      f2 * g3 +
      f3 * g2 +
      f4 * g1 +
      f5 * g0 +
      f6 * w9 +
      f7 * w8 +
      f8 * w7 +
      f9 * w6,
    f0 * g6 +
      d1 * g5 +
      f2 * g4 +
      d3 * g3 +
      f4 * g2 +
      d5 * g1 +
      f6 * g0 +
      d7 * w9 +
      f8 * w8 +
      d9 * w7,
    f0 * g7 +
      f1 * g6 +
      f2 * g5 +
      f3 * g4 +
      f4 * g3 +
      f5 * g2 +
      f6 * g1 +
      f7 * g0 +
      f8 * w9 +
      f9 * w8,
    f0 * g8 +
      d1 * g7 +
      f2 * g6 +
      d3 * g5 +
      f4 * g4 +
      d5 * g3 +
      f6 * g2 +
      d7 * g1 +
      f8 * g0 +
      d9 * w9,
    f0 * g9 +
      f1 * g8 +
      f2 * g7 +
      f3 * g6 +
      f4 * g5 +
      f5 * g4 +
      f6 * g3 +
      f7 * g2 +
      f8 * g1 +
      f9 * g0,
  );
}

/** May be loose. */
export function square(h: usize, f: usize): void {
  const f0 = limb(f, 0);
  const f1 = limb(f, 1);
  const f2 = limb(f, 2);
  const f3 = limb(f, 3);
  const f4 = limb(f, 4);
  const f5 = limb(f, 5);
  const f6 = limb(f, 6);
  const f7 = limb(f, 7);
  const f8 = limb(f, 8);
  const f9 = limb(f, 9);
  // as in `multiply`, but each pair of different limbs once and twice
  const d0 = f0 * 2;
  const d1 = f1 * 2;
  const d2 = f2 * 2;
  const d3 = f3 * 2;
  const d4 = f4 * 2;
  const d5 = f5 * 2;
  const d6 = f6 * 2;
  const d7 = f7 * 2;
  const d8 = f8 * 2;
  const d9 = f9 * 2;
  const q1 = d1 * 2;
  const q3 = d3 * 2;
  const q5 = d5 * 2;
  const q7 = d7 * 2;
  const w5 = f5 * 19;
  const w6 = f6 * 19;
  const w7 = f7 * 19;
  const w8 = f8 * 19;
  const w9 = f9 * 19;
  storeCarried(
    h,
    f0 * f0 + q1 * w9 + d2 * w8 + q3 * w7 + d4 * w6 + d5 * w5,
    d0 * f1 + d2 * w9 + d3 * w8 + d4 * w7 + d5 * w6,
    d0 * f2 + d1 * f1 + q3 * w9 + d4 * w8 + q5 * w7 + f6 * w6,
    d0 * f3 + d1 * f2 + d4 * w9 + d5 * w8 + d6 * w7,
    d0 * f4 + q1 * f3 + f2 * f2 + q5 * w9 + d6 * w8 + d7 * w7,
    d0 * f5 + d1 * f4 + d2 * f3 + d6 * w9 + d7 * w8,
    d0 * f6 + q1 * f5 + d2 * f4 + d3 * f3 + q7 * w9 + f8 * w8,
    d0 * f7 + d1 * f6 + d2 * f5 + d3 * f4 + d8 * w9,
    d0 * f8 + q1 * f7 + d2 * f6 + q3 * f5 + f4 * f4 + d9 * w9,
    d0 * f9 + d1 * f8 + d2 * f7 + d3 * f6 + d4 * f5,
  );
}
