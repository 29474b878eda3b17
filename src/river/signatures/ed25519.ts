import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { compareBytes, concatBytes, equalBytes, toHex } from '../../shared/bytes.ts';

const { Point } = ed25519;
const { n: GROUP_ORDER } = Point.CURVE();

/** The order of the group, as 32 bytes big-endian. */
const ORDER_BYTES = Uint8Array.from({ length: 32 }, (_, i) =>
  Number((GROUP_ORDER >> BigInt(8 * (31 - i))) & 0xffn),
);

function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

/**
 * River's verdict on a signature: the plain equation R' = sB − kA, and R' must be byte for byte the signature's first half.
 *
 * It is cofactorless: a key or signature with a torsion component is refused where the cofactored equation, which RFC 8032
 * allows and some libraries use, would take it. Keys of small order and encodings that are not canonical are not refused as such.
 *
 * Source: ed25519-dalek 2.2 (`VerifyingKey::verify`).
 * @param verifyingKey 32 bytes; anything that is no point verifies nothing
 * @param signature 64 bytes
 */
export function verifyEd25519(
  verifyingKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== 64 || !isReducedScalar(signature.subarray(32))) return false;
  const r = signature.subarray(0, 32);
  if (!isCanonicalPoint(r)) return false;
  let a: InstanceType<typeof Point>;
  try {
    a = Point.fromBytes(verifyingKey, true);
  } catch {
    return false; // no point of the curve
  }
  const k = fromLittleEndian(sha512(concatBytes([r, verifyingKey, message]))) % GROUP_ORDER;
  const s = fromLittleEndian(signature.subarray(32));
  // k times the negated point, not (order − k) times the point: they differ by A's torsion
  const expected = Point.BASE.multiplyUnsafe(s).add(a.negate().multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), r);
}

/** Whether 32 little-endian bytes are below the group's order. */
export function isReducedScalar(bytes: Uint8Array): boolean {
  return compareBytes(bytes.slice().reverse(), ORDER_BYTES) < 0;
}

/**
 * Whether 32 bytes could be what a point is written as: y below the field's prime, and no sign on x = 0 (that is, on y = ±1).
 * They need not be a point at all.
 */
export function isCanonicalPoint(bytes: Uint8Array): boolean {
  const first = bytes[0] as number;
  const last = bytes[31] as number;
  const middleIs = (value: number): boolean => {
    for (let i = 1; i < 31; i++) if (bytes[i] !== value) return false;
    return true;
  };
  const signed = last >= 0x80;
  if ((last & 0x7f) === 0x7f && middleIs(0xff)) {
    if (first >= 0xed) return false; // y ≥ p
    return !(signed && first === 0xec); // y = −1
  }
  return !(signed && last === 0x80 && first === 1 && middleIs(0));
}

/**
 * The y of the eight points of small order as 32 little-endian bytes, sign removed; the last two are other writings of 0 and 1.
 * Engines differ on whether these may verify.
 */
const SMALL_ORDER_Y = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether 32 bytes are, in any encoding, one of the eight points of small order. */
export function isSmallOrder(bytes: Uint8Array): boolean {
  const y = bytes.slice();
  y[31] = (y[31] as number) & 0x7f;
  return SMALL_ORDER_Y.has(toHex(y));
}
