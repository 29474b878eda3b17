import { Bytes, Writer } from './bytes.ts';

/** Writes CBOR as ciborium does: shortest heads, definite lengths, byte vectors as arrays of integers. */
export class CborWriter extends Writer {
  private head(major: u8, value: u64): void {
    const type = major << 5;
    if (value < 24) {
      this.u8(type | <u8>value);
    } else if (value <= 0xff) {
      this.u8(type | 24);
      this.u8(<u8>value);
    } else if (value <= 0xffff) {
      this.u8(type | 25);
      store<u16>(this.reserve(2), bswap<u16>(<u16>value));
      this.advance(2);
    } else if (value <= 0xffff_ffff) {
      this.u8(type | 26);
      this.u32(bswap<u32>(<u32>value));
    } else {
      this.u8(type | 27);
      this.u64(bswap<u64>(value));
    }
  }

  unsigned(value: u64): void {
    this.head(0, value);
  }

  signed(value: i64): void {
    if (value < 0) this.head(1, ~value);
    else this.head(0, value);
  }

  /** A byte vector: an array of integers, one or two bytes each. */
  integers(bytes: Bytes): void {
    this.array(bytes.length);
    const first = this.reserve(bytes.length * 2);
    let at = first;
    for (let i: u32 = 0; i < bytes.length; i++) {
      const byte = bytes.at(i);
      if (byte >= 24) {
        store<u8>(at, 24);
        at += 1;
      }
      store<u8>(at, byte);
      at += 1;
    }
    this.advance(<u32>(at - first));
  }

  textItem(text: string): void {
    this.head(3, String.UTF8.byteLength(text));
    this.text(text);
  }

  /** A text whose UTF-8 bytes are at hand. */
  textBytes(bytes: Bytes): void {
    this.head(3, bytes.length);
    this.raw(bytes);
  }

  array(items: u32): void {
    this.head(4, items);
  }

  map(entries: u32): void {
    this.head(5, entries);
  }

  nothing(): void {
    this.u8(0xf6);
  }

  /** A variant of an enum that carries something: what follows is its payload. */
  variant(name: string): void {
    this.map(1);
    this.textItem(name);
  }

  /** A variant whose payload is a struct of so many fields. */
  struct(name: string, fields: u32): void {
    this.variant(name);
    this.map(fields);
  }
}
