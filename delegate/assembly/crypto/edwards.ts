import { fromBytes, isEqual, parity, toBytes } from './field-bytes.ts';
import { invert, powerForRoot } from './field-powers.ts';
import { ELEMENT, add, copy, multiply, scale, setSmall, square, subtract } from './field.ts';

/*
 * Points of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, in extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z. A
 * point is four field elements in memory, one after the other.
 *
 * Source: RFC 8032, 5.1; Hisil, Wong, Carter, Dawson: Twisted Edwards Curves Revisited (the addition of 3.1 is complete here).
 */

/** Bytes of a point. */
export const POINT: u32 = 160;

const Y: u32 = ELEMENT;
const Z: u32 = ELEMENT * 2;
const T: u32 = ELEMENT * 3;

const D_BYTES: usize = memory.data<u8>([
  0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d, 0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00,
  0x98, 0xe8, 0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c, 0x03, 0x52,
]);

/** A square root of -1. */
const I_BYTES: usize = memory.data<u8>([
  0xb0, 0xa0, 0x0e, 0x4a, 0x27, 0x1b, 0xee, 0xc4, 0x78, 0xe4, 0x2f, 0xad, 0x06, 0x18, 0x43, 0x2f,
  0xa7, 0xd7, 0xfb, 0x3d, 0x99, 0x00, 0x4d, 0x2b, 0x0b, 0xdf, 0xc1, 0x4f, 0x80, 0x24, 0x83, 0x2b,
]);

/** The y of the base point, whose x is even: 4/5. */
const BASE_BYTES: usize = memory.data<u8>([
  0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
  0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
]);

const d: usize = memory.data(40, 8);
const twiceD: usize = memory.data(40, 8);
const rootOfMinusOne: usize = memory.data(40, 8);
let ready: bool = false;

function prepare(): void {
  if (ready) return;
  ready = true;
  fromBytes(d, D_BYTES);
  add(twiceD, d, d);
  fromBytes(rootOfMinusOne, I_BYTES);
}

const a: usize = memory.data(40, 8);
const b: usize = memory.data(40, 8);
const c: usize = memory.data(40, 8);
const e: usize = memory.data(40, 8);

/** p + q; the sum may take the place of either, and p may be q. */
function addPoints(sum: usize, p: usize, q: usize): void {
  subtract(a, p + Y, p);
  subtract(e, q + Y, q);
  multiply(a, a, e); // A = (Y1 - X1) (Y2 - X2)
  add(b, p + Y, p);
  add(e, q + Y, q);
  multiply(b, b, e); // B = (Y1 + X1) (Y2 + X2)
  multiply(c, p + T, q + T);
  multiply(c, c, twiceD); // C = 2 d T1 T2
  multiply(e, p + Z, q + Z);
  add(e, e, e); // D = 2 Z1 Z2
  const x = sum;
  const y = sum + Y;
  const z = sum + Z;
  const t = sum + T;
  subtract(x, b, a); // E = B - A
  add(y, b, a); // H = B + A
  subtract(z, e, c); // F = D - C
  add(t, e, c); // G = D + C
  multiply(a, x, z); // X3 = E F
  multiply(b, t, y); // Y3 = G H
  multiply(c, z, t); // Z3 = F G
  multiply(t, x, y); // T3 = E H
  copy(x, a);
  copy(y, b);
  copy(z, c);
}

const u: usize = memory.data(40, 8);
const v: usize = memory.data(40, 8);
const w: usize = memory.data(40, 8);

/**
 * The point of 32 bytes: y little-endian, and the parity of x in the highest bit. A y from p on is taken modulo p, and an x
 * of zero may be called odd.
 *
 * @returns false when no point has this y
 */
export function decompress(point: usize, bytes: usize): bool {
  prepare();
  const y = point + Y;
  fromBytes(y, bytes);
  setSmall(point + Z, 1);
  square(u, y);
  multiply(v, u, d);
  subtract(u, u, point + Z); // u = y^2 - 1
  add(v, v, point + Z); // v = d y^2 + 1, x^2 = u / v
  square(w, v);
  multiply(w, w, v); // v^3
  square(point, w);
  multiply(point, point, v); // v^7
  multiply(point, point, u);
  powerForRoot(point, point);
  multiply(point, point, w);
  multiply(point, point, u); // x = u v^3 (u v^7)^((p - 5) / 8)
  square(w, point);
  multiply(w, w, v);
  if (!isEqual(w, u)) {
    setSmall(v, 0);
    subtract(u, v, u);
    if (!isEqual(w, u)) return false;
    multiply(point, point, rootOfMinusOne);
  }
  if (parity(point) != load<u8>(bytes + 31) >> 7) {
    setSmall(v, 0);
    subtract(point, v, point);
  }
  multiply(point + T, point, y);
  return true;
}

/** To 32 bytes. */
export function compress(bytes: usize, point: usize): void {
  invert(u, point + Z);
  multiply(v, point, u);
  multiply(w, point + Y, u);
  toBytes(bytes, w);
  store<u8>(bytes + 31, load<u8>(bytes + 31) | ((<u8>parity(v)) << 7));
}

/** 2 p; the result may take its place. */
function double(sum: usize, p: usize): void {
  square(a, p); // A = X^2
  square(b, p + Y); // B = Y^2
  square(c, p + Z);
  scale(c, c, 2); // C = 2 Z^2, carried: F is the sum of three products then
  add(e, p, p + Y);
  square(e, e);
  const x = sum;
  const y = sum + Y;
  const z = sum + Z;
  const t = sum + T;
  add(y, a, b); // H = A + B
  subtract(x, y, e); // E = H - (X + Y)^2
  subtract(z, a, b); // G = A - B
  add(t, c, z); // F = C + G
  multiply(a, x, t); // X3 = E F
  multiply(b, z, y); // Y3 = G H
  multiply(c, t, z); // Z3 = F G
  multiply(t, x, y); // T3 = E H
  copy(x, a);
  copy(y, b);
  copy(z, c);
}

function setNeutral(point: usize): void {
  setSmall(point, 0);
  setSmall(point + Y, 1);
  setSmall(point + Z, 1);
  setSmall(point + T, 0);
}

/** Teeth of the comb, and the bits from one to the next. */
const TEETH: i32 = 4;
const SPACING: i32 = 64;

/** The sums of 2^(64 i) times the base point, for each set of teeth i: 16 points. Made once. */
const comb: usize = memory.data(2560, 8);
let combReady: bool = false;

function prepareComb(): void {
  if (combReady) return;
  combReady = true;
  setNeutral(comb);
  for (let tooth = 0; tooth < TEETH; tooth++) {
    const first = (<u32>1) << tooth;
    const power = comb + first * POINT;
    if (tooth == 0) {
      decompress(power, BASE_BYTES);
    } else {
      memory.copy(power, comb + (first >> 1) * POINT, POINT);
      for (let i = 0; i < SPACING; i++) double(power, power);
    }
    for (let i: u32 = 1; i < first; i++) addPoints(power + i * POINT, power, comb + i * POINT);
  }
}

const chosen: usize = memory.data(160, 8);

/** Copies a point of the comb to `chosen`, reading all of them. */
function choose(index: u32): void {
  memory.fill(chosen, 0, POINT);
  for (let i: u32 = 0; i < 16; i++) {
    const difference = i ^ index;
    const mask: u64 = <u64>((<i64>difference - 1) >> 63);
    const from = comb + i * POINT;
    for (let j: u32 = 0; j < POINT; j += 8) {
      store<u64>(chosen + j, load<u64>(chosen + j) | (load<u64>(from + j) & mask));
    }
  }
}

/**
 * The base point taken `scalar` times, in the same time for every scalar.
 *
 * @param scalar 32 bytes, little-endian
 */
export function multiplyBase(product: usize, scalar: usize): void {
  prepareComb();
  setNeutral(product);
  for (let i = SPACING - 1; i >= 0; i--) {
    double(product, product);
    let index: u32 = 0;
    for (let tooth = 0; tooth < TEETH; tooth++) {
      const bit = i + tooth * SPACING;
      index |= ((<u32>load<u8>(scalar + (bit >> 3)) >> (bit & 7)) & 1) << tooth;
    }
    choose(index);
    addPoints(product, product, chosen);
  }
}

/** The u of a point on the Montgomery curve: (Z + Y) / (Z - Y), 0 where there is none. To 32 bytes. */
export function compressMontgomery(bytes: usize, point: usize): void {
  subtract(u, point + Z, point + Y);
  invert(u, u);
  add(v, point + Z, point + Y);
  multiply(v, v, u);
  toBytes(bytes, v);
}

/**
 * The same key on the Montgomery curve.
 *
 * @param u25519 32 bytes
 * @param bytes a compressed point, 32 bytes
 */
export function toMontgomery(u25519: usize, bytes: usize): void {
  fromBytes(montgomery + Y, bytes);
  setSmall(montgomery + Z, 1);
  compressMontgomery(u25519, montgomery);
}

/** Only Y and Z of it are used. */
const montgomery: usize = memory.data(160, 8);
