import { gcm } from '@noble/ciphers/aes.js';

export const NONCE_BYTES = 12;
/** What sealing adds to the plaintext. */
export const TAG_BYTES = 16;

/** AES-256-GCM without associated data; the 16-byte tag is appended. */
export const aesSeal = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array =>
  gcm(key, nonce).encrypt(plaintext);

/** The plaintext, or undefined when key, nonce or ciphertext do not belong together. */
export function aesOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (ciphertext.length < TAG_BYTES) return undefined;
  try {
    return gcm(key, nonce).decrypt(ciphertext);
  } catch {
    return undefined; // the tag does not fit
  }
}
