import { compressMontgomery, multiplyBase } from './edwards.ts';
import { fromBytes, toBytes } from './field-bytes.ts';
import { invert } from './field-powers.ts';
import { add, copy, multiply, scale, setSmall, square, subtract, swapIf } from './field.ts';

/* X25519 of RFC 7748, 5. A result of zero, which a low-order point gives, is not refused: River does not either. */

const scalar: usize = memory.data(32, 8);
const x1: usize = memory.data(40, 8);
const x2: usize = memory.data(40, 8);
const z2: usize = memory.data(40, 8);
const x3: usize = memory.data(40, 8);
const z3: usize = memory.data(40, 8);
const a: usize = memory.data(40, 8);
const b: usize = memory.data(40, 8);
const c: usize = memory.data(40, 8);
const d: usize = memory.data(40, 8);

/** One step of the ladder: doubles (x2, z2) and adds the two points, whose difference is (x1, 1). */
function step(): void {
  add(a, x2, z2);
  subtract(b, x2, z2);
  add(c, x3, z3);
  subtract(d, x3, z3);
  multiply(d, d, a); // DA
  multiply(c, c, b); // CB
  square(a, a); // AA
  square(b, b); // BB
  add(x3, d, c);
  square(x3, x3);
  subtract(z3, d, c);
  square(z3, z3);
  multiply(z3, z3, x1);
  multiply(x2, a, b);
  subtract(c, a, b); // E = AA - BB
  scale(d, c, 121665);
  add(d, d, a);
  multiply(z2, c, d);
}

function clamp(privateKey: usize): void {
  memory.copy(scalar, privateKey, 32);
  store<u8>(scalar, load<u8>(scalar) & 248);
  store<u8>(scalar + 31, (load<u8>(scalar + 31) & 127) | 64);
}

/**
 * @param shared 32 bytes
 * @param privateKey 32 bytes, clamped here
 * @param publicKey 32 bytes; the highest bit is ignored
 */
export function x25519(shared: usize, privateKey: usize, publicKey: usize): void {
  clamp(privateKey);
  fromBytes(x1, publicKey);
  setSmall(x2, 1);
  setSmall(z2, 0);
  copy(x3, x1);
  setSmall(z3, 1);
  let swapped = 0;
  for (let i = 254; i >= 0; i--) {
    const bit: i32 = (<i32>load<u8>(scalar + (i >> 3)) >> (i & 7)) & 1;
    swapIf(swapped ^ bit, x2, x3);
    swapIf(swapped ^ bit, z2, z3);
    swapped = bit;
    step();
  }
  swapIf(swapped, x2, x3);
  swapIf(swapped, z2, z3);
  invert(z2, z2);
  multiply(x2, x2, z2);
  toBytes(shared, x2);
}

const point: usize = memory.data(160, 8);

/** The public key, by way of the Edwards curve, where the base point's multiples are quicker. */
export function x25519PublicKey(publicKey: usize, privateKey: usize): void {
  clamp(privateKey);
  multiplyBase(point, scalar);
  compressMontgomery(publicKey, point);
}
