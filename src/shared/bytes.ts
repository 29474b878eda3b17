import { base32, hex } from '@scure/base';
import { decodeBase58, encodeBase58 } from './base58.ts';

const utf8Encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => utf8Encoder.encode(text);

export const toHex = (bytes: Uint8Array): string => hex.encode(bytes);

/** @throws Error when the text is not an even number of hex digits */
export const fromHex = (text: string): Uint8Array => hex.decode(text.toLowerCase());

/** Base58 with the Bitcoin alphabet and no checksum, as Freenet writes ids. */
export const toBase58 = (bytes: Uint8Array): string => encodeBase58(bytes);

/** @throws Error when a character is outside the Bitcoin alphabet */
export const fromBase58 = (text: string): Uint8Array => decodeBase58(text);

/** RFC 4648 base32, upper case, unpadded. */
export const toBase32 = (bytes: Uint8Array): string => base32.encode(bytes).replace(/=+$/, '');

/** 32 bytes take 43 or 44 characters; fewer only with leading zeros, never more. */
const MAX_ID_CHARACTERS = 44;

/** A 32-byte id from base58, or undefined: Freenet's own parser would pad a short one silently. */
export function id32FromBase58(text: string): Uint8Array | undefined {
  if (text.length > MAX_ID_CHARACTERS) return undefined;
  try {
    const bytes = decodeBase58(text);
    return bytes.length === 32 ? bytes : undefined;
  } catch {
    return undefined; // not base58: the caller reports it with its own context
  }
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order by unsigned byte, as Rust orders byte arrays. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const d = (a[i] as number) - (b[i] as number);
    if (d !== 0) return d;
  }
  return a.length - b.length;
}

const utf8Decoder = new TextDecoder();

/** Text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export const utf8Text = (bytes: Uint8Array): string => utf8Decoder.decode(bytes);
