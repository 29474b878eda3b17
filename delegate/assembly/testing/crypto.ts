/*
 * The cryptography alone, for tests: what the delegate computes is compared with other implementations. Not part of the
 * module that is shipped. Arguments are addresses of memory that `allocate` gave.
 */
import { Bytes } from '../bytes.ts';
import { decrypt, encrypt } from '../crypto/aes-gcm.ts';
import { blake3, blake3DeriveKey, blake3Keyed } from '../crypto/blake3.ts';
import { SigningKey, isPublicKey } from '../crypto/ed25519.ts';
import { toMontgomery } from '../crypto/edwards.ts';
import { sha256 } from '../crypto/sha256.ts';
import { sha512 } from '../crypto/sha512.ts';
import { x25519, x25519PublicKey } from '../crypto/x25519.ts';

export function allocate(length: u32): usize {
  return heap.alloc(length);
}

export function testSha256(digest: usize, message: usize, length: u32): void {
  sha256(digest, new Bytes(message, length));
}

export function testSha512(digest: usize, message: usize, length: u32): void {
  sha512(digest, new Bytes(message, length));
}

export function testBlake3(digest: usize, message: usize, length: u32): void {
  blake3(digest, new Bytes(message, length));
}

export function testBlake3Keyed(digest: usize, key: usize, message: usize, length: u32): void {
  blake3Keyed(digest, key, new Bytes(message, length));
}

export function testBlake3DeriveKey(
  digest: usize,
  context: usize,
  contextLength: u32,
  material: usize,
  length: u32,
): void {
  blake3DeriveKey(digest, new Bytes(context, contextLength), new Bytes(material, length));
}

export function testPublicKey(publicKey: usize, seed: usize): void {
  const key = new SigningKey(new Bytes(seed, 32));
  memory.copy(publicKey, key.publicKey.pointer, 32);
}

export function testSign(signature: usize, seed: usize, message: usize, length: u32): void {
  const key = new SigningKey(new Bytes(seed, 32));
  memory.copy(signature, key.sign(new Bytes(message, length)).pointer, 64);
}

export function testIsPublicKey(bytes: usize): bool {
  return isPublicKey(new Bytes(bytes, 32));
}

export function testToMontgomery(u: usize, publicKey: usize): void {
  toMontgomery(u, publicKey);
}

export function testX25519(shared: usize, privateKey: usize, publicKey: usize): void {
  x25519(shared, privateKey, publicKey);
}

export function testX25519PublicKey(publicKey: usize, privateKey: usize): void {
  x25519PublicKey(publicKey, privateKey);
}

/** Address of the ciphertext with its tag. */
export function testEncrypt(key: usize, nonce: usize, plaintext: usize, length: u32): usize {
  return encrypt(key, nonce, new Bytes(plaintext, length)).pointer;
}

/** Address of the plaintext, 0 when the tag is wrong. */
export function testDecrypt(key: usize, nonce: usize, sealed: usize, length: u32): usize {
  const plaintext = decrypt(key, nonce, new Bytes(sealed, length));
  return plaintext ? plaintext.pointer : 0;
}
