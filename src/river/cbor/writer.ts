/**
 * Writes CBOR exactly as ciborium 0.2.2 does: definite lengths, shortest heads, no tags, no floats.
 *
 * Format: RFC 8949; ciborium: ciborium/src/ser/mod.rs.
 */
export class Writer {
  #buffer = new Uint8Array(1024);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** `major` 0..7 with a non-negative argument below 2^53. */
  head(major: number, argument: number): void {
    this.#reserve(9);
    const at = this.#length;
    const type = major << 5;
    if (argument < 24) {
      this.#buffer[at] = type | argument;
      this.#length = at + 1;
    } else if (argument < 0x100) {
      this.#buffer[at] = type | 24;
      this.#buffer[at + 1] = argument;
      this.#length = at + 2;
    } else if (argument < 0x1_0000) {
      this.#buffer[at] = type | 25;
      this.#view.setUint16(at + 1, argument);
      this.#length = at + 3;
    } else if (argument < 0x1_0000_0000) {
      this.#buffer[at] = type | 26;
      this.#view.setUint32(at + 1, argument);
      this.#length = at + 5;
    } else {
      this.#buffer[at] = type | 27;
      this.#view.setBigUint64(at + 1, BigInt(argument));
      this.#length = at + 9;
    }
  }

  /** Any integer from -2^64 to 2^64-1. */
  integer(value: bigint): void {
    const negative = value < 0n;
    const argument = negative ? -1n - value : value;
    if (argument <= 0xffff_ffffn) {
      this.head(negative ? 1 : 0, Number(argument));
      return;
    }
    this.#reserve(9);
    this.#buffer[this.#length] = negative ? 0x3b : 0x1b;
    this.#view.setBigUint64(this.#length + 1, argument);
    this.#length += 9;
  }

  null(): void {
    this.raw1(0xf6);
  }

  raw1(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  /** Bytes that are CBOR already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  byteString(bytes: Uint8Array): void {
    this.head(2, bytes.length);
    this.raw(bytes);
  }

  text(value: string): void {
    const bytes = utf8.encode(value);
    this.head(3, bytes.length);
    this.raw(bytes);
  }

  /** An array with one integer per byte: how serde writes `Vec<u8>` and `[u8; N]`. */
  ints(bytes: Uint8Array): void {
    this.head(4, bytes.length);
    this.#reserve(bytes.length * 2);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte >= 24) buffer[at++] = 0x18;
      buffer[at++] = byte;
    }
    this.#length = at;
  }
}

const utf8 = new TextEncoder();
