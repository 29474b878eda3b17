import { Bytes, Writer } from './bytes.ts';

/**
 * Length of the well-formed character that starts at `at`; 0 when there is none, then `invalidLength` tells how many bytes
 * are to be replaced together (the longest run that could have begun a character, at least one).
 */
let invalidLength: u32 = 1;

function characterLength(at: usize, end: usize): u32 {
  const first = load<u8>(at);
  invalidLength = 1;
  if (first < 0x80) return 1;
  let length: u32 = 0;
  let least: u8 = 0x80;
  let most: u8 = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    if (first == 0xe0) least = 0xa0; // overlong
    if (first == 0xed) most = 0x9f; // surrogates
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) least = 0x90; // overlong
    if (first == 0xf4) most = 0x8f; // beyond U+10FFFF
  } else {
    return 0;
  }
  for (let i: u32 = 1; i < length; i++) {
    invalidLength = i;
    if (at + i >= end) return 0;
    const next = load<u8>(at + i);
    if (next < least || next > most) return 0;
    least = 0x80;
    most = 0xbf;
  }
  return length;
}

export function isUtf8(bytes: Bytes): bool {
  const end = bytes.pointer + bytes.length;
  let at = bytes.pointer;
  while (at < end) {
    const length = characterLength(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/** `bytes` as text, each ill-formed run replaced by U+FFFD, as Rust's `String::from_utf8_lossy` does it. */
export function writeLossyUtf8(to: Writer, bytes: Bytes): void {
  const end = bytes.pointer + bytes.length;
  let at = bytes.pointer;
  while (at < end) {
    const length = characterLength(at, end);
    if (length > 0) {
      to.raw(new Bytes(at, length));
      at += length;
    } else {
      to.u8(0xef);
      to.u8(0xbf);
      to.u8(0xbd);
      at += invalidLength;
    }
  }
}
