import { blake3 } from '@noble/hashes/blake3.js';
import { toBase32 } from '../shared/bytes.ts';

/** FastHash of a 32-byte verifying key. Signed 64 bits; a weak hash, so equal ids do not prove equal keys. */
export type MemberId = bigint;
/** FastHash of a message's 64-byte signature. */
export type MessageId = bigint;
/** FastHash of a ban's 64-byte signature. */
export type BanId = bigint;

const halves = new Uint32Array(2);
const whole = new BigInt64Array(halves.buffer);
const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * River's 64-bit polynomial hash: h = h * 31 + byte, wrapping, as a signed number.
 *
 * Not collision resistant. Source: river: common/src/util.rs.
 */
export function fastHash(bytes: Uint8Array): bigint {
  let low = 0;
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    low = low * 31 + (bytes[i] as number);
    const carry = Math.floor(low / 0x1_0000_0000);
    low >>>= 0;
    high = (Math.imul(high, 31) + carry) | 0;
  }
  halves[littleEndian ? 0 : 1] = low;
  halves[littleEndian ? 1 : 0] = high;
  return whole[0] as bigint;
}

/** Remembered per array: keys and signatures are never changed in place. */
const hashes = new WeakMap<Uint8Array, bigint>();

function remembered(bytes: Uint8Array): bigint {
  let hash = hashes.get(bytes);
  if (hash === undefined) {
    hash = fastHash(bytes);
    hashes.set(bytes, hash);
  }
  return hash;
}

/** @param verifyingKey 32 bytes */
export const memberId = (verifyingKey: Uint8Array): MemberId => remembered(verifyingKey);

/** @param message any value with the 64-byte signature of a room message */
export const messageId = (message: { readonly signature: Uint8Array }): MessageId =>
  remembered(message.signature);

/** @param ban any value with the 64-byte signature of a ban */
export const banId = (ban: { readonly signature: Uint8Array }): BanId => remembered(ban.signature);

/** The 8 little-endian bytes of an id, as DM signatures and labels use it. */
export function idBytesLittleEndian(id: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, id, true);
  return bytes;
}

/** A member's short name for people: 8 characters of base32 over the id's low 40 bits. Two members can share one. */
export const memberLabel = (id: MemberId): string => toBase32(idBytesLittleEndian(id)).slice(0, 8);

/** 16 lower-case hex digits of the id as an unsigned number: the form that loses nothing. */
export const memberIdHex = (id: MemberId): string =>
  BigInt.asUintN(64, id).toString(16).padStart(16, '0');

const digests = new WeakMap<Uint8Array, Uint8Array>();

/** First 16 bytes of BLAKE3 of a signature: a DM's purge token, or the digest that ranks member infos. */
export function signatureDigest(signature: Uint8Array): Uint8Array {
  let digest = digests.get(signature);
  if (digest === undefined) {
    digest = blake3(signature, { dkLen: 16 });
    digests.set(signature, digest);
  }
  return digest;
}

/** Orders ids as River does: signed. */
export const compareIds = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
