import { ed25519 } from '@noble/curves/ed25519.js';
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
    if (!isVerifyingKey(bytes)) reader.fail('not a point of the curve');
    return bytes;
  },
  write: (writer, value) => writer.byteString(value),
};

/** `SigningKey`: the seed as a byte string of 32. */
export const signingKey: Codec<SigningKey> = {
  read: (reader) => reader.shortBytes(32),
  write: (writer, value) => writer.byteString(value),
};

const publicKeys = new WeakMap<SigningKey, VerifyingKey>();

/** The public key of a 32-byte seed. Remembered per array: deriving it costs most of a millisecond. */
export function verifyingKeyOf(seed: SigningKey): VerifyingKey {
  let key = publicKeys.get(seed);
  if (key === undefined) {
    key = ed25519.getPublicKey(seed);
    publicKeys.set(seed, key);
  }
  return key;
}

/** Plain, deterministic Ed25519 (RFC 8032): 64 bytes. */
export const sign = (message: Uint8Array, seed: SigningKey): Uint8Array =>
  ed25519.sign(message, seed);
