import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8 } from '../../shared/bytes.ts';
import type { SigningKey, VerifyingKey } from '../keys.ts';
import { aesOpen, aesSeal, NONCE_BYTES, TAG_BYTES } from './aes-gcm.ts';

// Sealing to an Ed25519 key. Source: river: common/src/ecies.rs.

const { Fp } = ed25519.Point;

/** The X25519 public key of an Ed25519 one: u = (1 + y) / (1 − y), and 0 for y = 1. */
export function toX25519Public(verifyingKey: VerifyingKey): Uint8Array {
  const { y } = ed25519.Point.fromBytes(verifyingKey, true).toAffine();
  const divisor = Fp.sub(Fp.ONE, y);
  return Fp.toBytes(Fp.is0(divisor) ? Fp.ZERO : Fp.div(Fp.add(Fp.ONE, y), divisor));
}

/** The X25519 private key of an Ed25519 seed: the first half of its SHA-512. */
export const toX25519Private = (seed: SigningKey): Uint8Array => sha512(seed).subarray(0, 32);

/** SHA-256 of the X25519 secret, or undefined for a public key of small order. */
function sharedKey(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  try {
    return sha256(x25519.getSharedSecret(privateKey, publicKey));
  } catch {
    return undefined; // the secret would be all zeros
  }
}

/** What a member's copy of a room secret consists of. */
export interface SealedSecret {
  /** 48 bytes. */
  readonly ciphertext: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes. */
  readonly senderEphemeralPublicKey: Uint8Array;
}

const EPHEMERAL_DOMAIN = utf8('river-ecies-ephemeral-v1 2026-05');

/**
 * A room secret (32 bytes) sealed to a member: the same bytes whoever makes them, so that copies made twice are equal.
 *
 * The nonce is zero: sound only because the ephemeral key depends on the secret. Never seal anything else this way.
 *
 * @returns undefined for a member key of small order, to which nothing can be sealed
 */
export function sealSecretFor(secret: Uint8Array, member: VerifyingKey): SealedSecret | undefined {
  const ephemeral = blake3(concatBytes([EPHEMERAL_DOMAIN, secret, member]));
  const key = sharedKey(ephemeral, toX25519Public(member));
  if (key === undefined) return undefined;
  const nonce = new Uint8Array(NONCE_BYTES);
  return {
    ciphertext: aesSeal(key, nonce, secret),
    nonce,
    senderEphemeralPublicKey: x25519.getPublicKey(ephemeral),
  };
}

/** The 32-byte secret, or undefined when the copy is not for this key. */
export function openSecret(sealed: SealedSecret, seed: SigningKey): Uint8Array | undefined {
  const key = sharedKey(toX25519Private(seed), sealed.senderEphemeralPublicKey);
  if (key === undefined) return undefined;
  const secret = aesOpen(key, sealed.nonce, sealed.ciphertext);
  return secret?.length === 32 ? secret : undefined;
}

/** Bytes that a direct message's envelope adds to its body. */
export const DM_ENVELOPE_OVERHEAD_BYTES = 32 + NONCE_BYTES + TAG_BYTES;

/**
 * A direct message's envelope: ephemeral key (32) ‖ nonce (12) ‖ AES-256-GCM of the body.
 *
 * @param ephemeral 32 fresh random bytes
 * @param nonce 12 fresh random bytes
 * @returns undefined for a recipient key of small order
 */
export function sealEnvelope(
  body: Uint8Array,
  recipient: VerifyingKey,
  ephemeral: Uint8Array,
  nonce: Uint8Array,
): Uint8Array | undefined {
  const key = sharedKey(ephemeral, toX25519Public(recipient));
  if (key === undefined) return undefined;
  return concatBytes([x25519.getPublicKey(ephemeral), nonce, aesSeal(key, nonce, body)]);
}

/** The body of an envelope, or undefined when it is not for this key (its sender can't open it either). */
export function openEnvelope(envelope: Uint8Array, seed: SigningKey): Uint8Array | undefined {
  const afterNonce = 32 + NONCE_BYTES;
  if (envelope.length < afterNonce) return undefined;
  const key = sharedKey(toX25519Private(seed), envelope.slice(0, 32));
  if (key === undefined) return undefined;
  return aesOpen(key, envelope.slice(32, afterNonce), envelope.slice(afterNonce));
}
