import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../shared/bytes.ts';
import type { Codec } from './cbor/codec.ts';

/** 32 bytes that decompress to a point of Edwards25519. */
export type VerifyingKey = Uint8Array;
/** 32-byte Ed25519 seed. */
export type SigningKey = Uint8Array;

/** Keys known to be points: decompressing one costs a tenth of a millisecond, and a room names the same keys again and again. */
const points = new Map<string, boolean>();
const MAX_REMEMBERED = 20_000;

/**
 * Whether 32 bytes are a verifying key as River's decoder sees it: they decompress. Encodings that are not canonical and points of
 * small order count.
 */
export function isVerifyingKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const name = String.fromCharCode(...bytes);
  let known = points.get(name);
  if (known === undefined) {
    known = decompresses(bytes);
    if (points.size >= MAX_REMEMBERED) points.clear();
    points.set(name, known);
  }
  return known;
}

function decompresses(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false; // what was asked
  }
}

/** `VerifyingKey`: a byte string of 32. */
export const verifyingKey: Codec<VerifyingKey> = {
  read: (reader) => {
    const bytes = reader.shortBytes(32);
    if (!reader.trustsKeys && !isVerifyingKey(bytes)) reader.fail('not a point of the curve');
    return bytes;
  },
  write: (writer, value) => writer.byteString(value),
};

/** `SigningKey`: the seed as a byte string of 32. */
export const signingKey: Codec<SigningKey> = {
  read: (reader) => reader.shortBytes(32),
  write: (writer, value) => writer.byteString(value),
};

type ExpandedSeed = ReturnType<typeof ed25519.utils.getExtendedPublicKey>;

const expanded = new WeakMap<SigningKey, ExpandedSeed>();

/** Remembered per array: expanding a seed costs half of a signature. */
function expand(seed: SigningKey): ExpandedSeed {
  let known = expanded.get(seed);
  if (known === undefined) {
    known = ed25519.utils.getExtendedPublicKey(seed);
    expanded.set(seed, known);
  }
  return known;
}

/** The public key of a 32-byte seed. The same array each time for the same seed array. */
export const verifyingKeyOf = (seed: SigningKey): VerifyingKey => expand(seed).pointBytes;

const { Point } = ed25519;

/** Plain, deterministic Ed25519 (RFC 8032, 5.1.6): 64 bytes. */
export function sign(message: Uint8Array, seed: SigningKey): Uint8Array {
  const { prefix, scalar, pointBytes } = expand(seed);
  const nonce = scalarFrom(sha512(concatBytes([prefix, message])));
  const r = Point.BASE.multiply(nonce).toBytes();
  const challenge = scalarFrom(sha512(concatBytes([r, pointBytes, message])));
  return concatBytes([r, Point.Fn.toBytes(Point.Fn.create(nonce + challenge * scalar))]);
}

/** 64 little-endian bytes, reduced by the group's order. */
function scalarFrom(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return Point.Fn.create(value);
}
