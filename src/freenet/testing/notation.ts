import { concatBytes, fromHex } from '../../shared/bytes.ts';

/** Bytes from a vector in words: `01 00*3 11*32` is 01, three times 00, 32 times 11. */
export function bytesOf(notation: string): Uint8Array {
  return concatBytes(
    notation
      .trim()
      .split(/\s+/)
      .map((word) => {
        const [byte = '', times = '1'] = word.split('*');
        return fromHex(byte.repeat(Number(times)));
      }),
  );
}

/** `length` bytes of one value. */
export const filled = (byte: number, length: number): Uint8Array =>
  new Uint8Array(length).fill(byte);

export const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

export const INSTANCE = filled(0x11, 32);
export const CODE_HASH = filled(0x22, 32);
/** The contract and the delegate of all vectors. */
export const CONTRACT = { instance: INSTANCE, code: CODE_HASH };
export const DELEGATE = { key: filled(0x33, 32), codeHash: filled(0x44, 32) };
