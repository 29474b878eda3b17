import { Bytes } from './bytes.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Base58 with the Bitcoin alphabet, of an id of 32 bytes: at most 44 characters. */
export function base58(id: Bytes): Bytes {
  const digits = Bytes.allocate(id.length * 2);
  let used: u32 = 0;
  for (let i: u32 = 0; i < id.length; i++) {
    let carry: u32 = id.at(i);
    for (let j: u32 = 0; j < used; j++) {
      carry += (<u32>digits.at(j)) << 8;
      store<u8>(digits.pointer + j, <u8>(carry % 58));
      carry /= 58;
    }
    while (carry > 0) {
      store<u8>(digits.pointer + used, <u8>(carry % 58));
      carry /= 58;
      used += 1;
    }
  }
  let zeros: u32 = 0;
  while (zeros < id.length && id.at(zeros) == 0) zeros += 1;
  const text = Bytes.allocate(zeros + used);
  for (let i: u32 = 0; i < zeros; i++) store<u8>(text.pointer + i, 0x31);
  for (let i: u32 = 0; i < used; i++) {
    const digit = ALPHABET.charCodeAt(digits.at(used - 1 - i));
    store<u8>(text.pointer + zeros + i, <u8>digit);
  }
  return text;
}
