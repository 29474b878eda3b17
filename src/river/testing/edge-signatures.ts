import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../shared/bytes.ts';
import { sign, verifyingKeyOf } from '../keys.ts';

const { Point } = ed25519;
export const ORDER = Point.CURVE().n;
export const PRIME = Point.CURVE().p;

export const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const scalarOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) % ORDER;

/** A point of order 8. */
export const TORSION = Point.fromHex(
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
);

/** A signature by a secret scalar under `verifyingKey`, with a chosen R. */
function signRaw(
  scalar: bigint,
  nonce: bigint,
  verifyingKey: Uint8Array,
  r: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const k = scalarOf(sha512(concatBytes([r, verifyingKey, message])));
  return concatBytes([r, littleEndian((nonce + k * scalar) % ORDER)]);
}

export interface EdgeCase {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

/** Keys and signatures on which libraries differ, with River's verdict. */
export function edgeCases(): EdgeCase[] {
  const message = Uint8Array.of(1, 2, 3);
  const seed = new Uint8Array(32).fill(7);
  const key = verifyingKeyOf(seed);
  const signature = sign(message, seed);
  const s = scalarOf(signature.subarray(32));
  const r = signature.subarray(0, 32);
  const scalar = 12345n;
  const nonce = 99n;
  const nonceR = Point.BASE.multiply(nonce).toBytes();
  const mixedKey = Point.BASE.multiply(scalar).add(TORSION).toBytes();
  const mixedR = Point.BASE.multiply(nonce).add(TORSION).toBytes();
  const cleanKey = Point.BASE.multiply(scalar).toBytes();
  const identity = littleEndian(1n);
  const zeros = new Uint8Array(32);
  const cases: EdgeCase[] = [
    { name: 'a plain signature', key, message, signature, valid: true },
    { name: 'another message', key, message: Uint8Array.of(1, 2, 4), signature, valid: false },
    {
      name: 'S + L',
      key,
      message,
      signature: concatBytes([r, littleEndian(s + ORDER)]),
      valid: false,
    },
    { name: 'S = L', key, message, signature: concatBytes([r, littleEndian(ORDER)]), valid: false },
    {
      name: 'R with a torsion component',
      key: cleanKey,
      message,
      signature: signRaw(scalar, nonce, cleanKey, mixedR, message),
      valid: false,
    },
    {
      name: 'identity key, R = identity, S = 0',
      key: identity,
      message,
      signature: concatBytes([identity, zeros]),
      valid: true,
    },
    {
      name: 'identity key, R = sB',
      key: identity,
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'identity key not canonical (y = p + 1), R = sB',
      key: littleEndian(PRIME + 1n),
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'identity key with a sign, R = sB',
      key: withSign(identity),
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'R not canonical (y = p + 1)',
      key: identity,
      message,
      signature: concatBytes([littleEndian(PRIME + 1n), zeros]),
      valid: false,
    },
    {
      name: 'R = identity with a sign',
      key: identity,
      message,
      signature: concatBytes([withSign(identity), zeros]),
      valid: false,
    },
    { name: 'a key that is no point', key: littleEndian(2n), message, signature, valid: false },
    {
      name: 'a key beyond p that is no point',
      key: littleEndian(PRIME + 2n),
      message,
      signature,
      valid: false,
    },
    { name: 'all zeros', key: zeros, message, signature: new Uint8Array(64), valid: false },
    { name: '63 bytes', key, message, signature: signature.subarray(0, 63), valid: false },
  ];
  // keys with a torsion component: valid exactly when k is a multiple of the torsion's order
  for (let i = 0; i < 24; i++) {
    const text = Uint8Array.of(9, i);
    const mixed = signRaw(scalar, nonce, mixedKey, nonceR, text);
    const k = scalarOf(sha512(concatBytes([nonceR, mixedKey, text])));
    cases.push({
      name: `mixed-order key ${i}`,
      key: mixedKey,
      message: text,
      signature: mixed,
      valid: k % 8n === 0n,
    });
    const torsionKey = TORSION.toBytes();
    const k2 = scalarOf(sha512(concatBytes([nonceR, torsionKey, text])));
    cases.push({
      name: `small-order key ${i}`,
      key: torsionKey,
      message: text,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: k2 % 8n === 0n,
    });
  }
  return cases;
}

export const withSign = (bytes: Uint8Array): Uint8Array => {
  const signed = bytes.slice();
  signed[31] = (signed[31] as number) | 0x80;
  return signed;
};

/** Somebody with an odd key, or an odd way of signing. */
export interface EdgeSigner {
  readonly name: string;
  readonly key: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** Signers whose signatures libraries take differently; whether one is valid can depend on the message. */
export function edgeSigners(): EdgeSigner[] {
  const scalar = 12345n;
  const nonce = 99n;
  const nonceR = Point.BASE.multiply(nonce).toBytes();
  const cleanKey = Point.BASE.multiply(scalar).toBytes();
  const mixedR = Point.BASE.multiply(nonce).add(TORSION).toBytes();
  const identity = littleEndian(1n);
  const withoutKey = (r: Uint8Array, s: bigint) => () => concatBytes([r, littleEndian(s)]);
  const signers: EdgeSigner[] = [
    {
      name: 'R with a torsion component',
      key: cleanKey,
      sign: (message) => signRaw(scalar, nonce, cleanKey, mixedR, message),
    },
    {
      name: 'S + L',
      key: cleanKey,
      sign: (message) => {
        const signature = signRaw(scalar, nonce, cleanKey, nonceR, message);
        const s = scalarOf(signature.subarray(32));
        return concatBytes([nonceR, littleEndian(s + ORDER)]);
      },
    },
    { name: 'a key that is no point', key: littleEndian(2n), sign: withoutKey(nonceR, nonce) },
    {
      name: 'a key beyond p that is no point',
      key: littleEndian(PRIME + 2n),
      sign: withoutKey(nonceR, nonce),
    },
    { name: 'R not canonical', key: identity, sign: withoutKey(littleEndian(PRIME + 1n), 0n) },
    { name: 'R the identity with a sign', key: identity, sign: withoutKey(withSign(identity), 0n) },
    { name: 'R the identity', key: identity, sign: withoutKey(identity, 0n) },
  ];
  let torsion = Point.ZERO;
  for (let i = 0; i < 8; i++) {
    const smallKey = torsion.toBytes();
    signers.push({
      name: `key of small order ${i}`,
      key: smallKey,
      sign: withoutKey(nonceR, nonce),
    });
    const mixedKey = Point.BASE.multiply(scalar).add(torsion).toBytes();
    signers.push({
      name: `key with the torsion component ${i}`,
      key: mixedKey,
      sign: (message) => signRaw(scalar, nonce, mixedKey, nonceR, message),
    });
    torsion = torsion.add(TORSION);
  }
  for (const [name, key] of [
    ['identity with a sign', withSign(identity)],
    ['identity beyond p', littleEndian(PRIME + 1n)],
    ['−1 with a sign', withSign(littleEndian(PRIME - 1n))],
    ['0 beyond p', littleEndian(PRIME)],
    ['0 beyond p with a sign', withSign(littleEndian(PRIME))],
  ] as const) {
    signers.push({ name: `key ${name}`, key, sign: withoutKey(nonceR, nonce) });
  }
  return signers;
}
