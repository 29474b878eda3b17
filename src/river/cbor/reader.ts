import { DecodeError } from './errors.ts';
import { Heads, INDEFINITE, NULL, UNDEFINED } from './heads.ts';

/** ciborium reads struct keys and keys of 32 bytes through a buffer of this many bytes. */
const SCRATCH_BYTES = 4096;

/**
 * Reads CBOR as leniently, and as strictly, as ciborium 0.2.2 under serde: whatever River accepts decodes to the same value,
 * whatever River refuses is refused.
 *
 * Three habits look odd and are kept on purpose: an array read into a fixed number of bytes is left where that number ends, one read
 * as a key may go on with anything but a byte, and a unit variant written as a map leaves its value unread. What follows is then read
 * as the next item.
 *
 * Lengths are checked against the rest of the input before anything is allocated.
 * Format: RFC 8949; ciborium: ciborium/src/de/mod.rs.
 */
export class Reader extends Heads {
  /** The input was read before: its keys are known to be points of the curve. */
  readonly trustsKeys: boolean;

  constructor(bytes: Uint8Array, trustsKeys = false) {
    super(bytes);
    this.trustsKeys = trustsKeys;
  }

  /** Whether the next item is null or undefined, which is then consumed. Tags are not looked behind. */
  takeNull(): boolean {
    const first = this.bytes[this.position];
    if (first === 0xf6 || first === 0xf7) {
      this.position += 1;
      return true;
    }
    const second = this.bytes[this.position + 1];
    if (first === 0xf8 && (second === NULL || second === UNDEFINED)) {
      this.position += 2;
      return true;
    }
    return false;
  }

  /** Whether the next byte is a break, which is then consumed. */
  takeBreak(): boolean {
    if (this.bytes[this.position] !== 0xff) return false;
    this.position += 1;
    return true;
  }

  /** null, and nothing else (behind tags). */
  unit(): void {
    const at = this.position;
    this.headBehindTags();
    const simple = this.major === 7 && !this.isFloat;
    if (!simple || (this.argument !== NULL && this.argument !== UNDEFINED)) {
      this.expected('null', at);
    }
  }

  /** An unsigned integer up to `most` (below 2^53), which is the range of the type named `type`. */
  unsigned(most: number, type: string): number {
    const at = this.position;
    const first = this.bytes[at];
    if (first !== undefined && first < 24 && first <= most) {
      this.position = at + 1;
      return first;
    }
    const value = this.integer();
    if (value < 0n || value > BigInt(most)) this.#outOfRange(value, type, at);
    return Number(value);
  }

  u64(): bigint {
    const at = this.position;
    const value = this.integer();
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) this.#outOfRange(value, 'u64', at);
    return value;
  }

  i64(): bigint {
    const at = this.position;
    const value = this.integer();
    if (BigInt.asIntN(64, value) !== value) this.#outOfRange(value, 'i64', at);
    return value;
  }

  #outOfRange(value: bigint, type: string, at: number): never {
    this.position = at;
    return this.fail(`${value} is not a ${type}`);
  }

  text(): string {
    const at = this.position;
    this.headBehindTags();
    if (this.major !== 3) this.expected('text', at);
    return this.utf8(this.segments(3));
  }

  /**
   * A struct's key or a variant's name: text or bytes of at most 4096 bytes.
   *
   * Bytes that are not UTF-8 are no field's name; they come back with replacement characters.
   */
  identifier(): string {
    const at = this.position;
    this.headBehindTags();
    const major = this.major;
    if (major !== 2 && major !== 3) this.expected('a name', at);
    if (this.argument === INDEFINITE || this.argument > SCRATCH_BYTES) {
      this.position = at;
      this.fail(`name over ${SCRATCH_BYTES} bytes or of indefinite length`);
    }
    const start = this.need(this.argument);
    const bytes = this.bytes.subarray(start, this.position);
    return major === 3 ? this.utf8(bytes) : new TextDecoder().decode(bytes);
  }

  /** Consumes `encoded` if the input goes on with it. */
  takeExactly(encoded: Uint8Array): boolean {
    const { length } = encoded;
    const at = this.position;
    if (length > this.bytes.length - at) return false;
    for (let i = 0; i < length; i++) if (this.bytes[at + i] !== encoded[i]) return false;
    this.position = at + length;
    return true;
  }

  /** `Vec<u8>`: an array of integers, or a byte string. Always a copy. */
  byteVector(): Uint8Array {
    const at = this.position;
    this.headBehindTags();
    if (this.major === 2) return this.segments(2).slice();
    if (this.major !== 4) this.expected('an array of bytes', at);
    return this.#intArray();
  }

  /** `[u8; N]`: as `byteVector`, but what is longer than `length` is cut (a byte string) or left unread (an array). */
  byteArray(length: number): Uint8Array {
    const at = this.position;
    this.headBehindTags();
    if (this.major === 2) {
      const bytes = this.segments(2);
      if (bytes.length < length) this.fail(`${bytes.length} bytes, ${length} wanted`);
      return bytes.slice(0, length);
    }
    if (this.major !== 4) this.expected(`an array of ${length} bytes`, at);
    return this.#intsExactly(length, this.argument);
  }

  /** `deserialize_bytes` of exactly `length` bytes: a byte string of definite length, or an array of integers. */
  shortBytes(length: number): Uint8Array {
    const at = this.position;
    this.headBehindTags();
    if (this.major === 2 && this.argument !== INDEFINITE && this.argument <= SCRATCH_BYTES) {
      const start = this.need(this.argument);
      if (this.argument !== length) this.fail(`${this.argument} bytes, ${length} wanted`);
      return this.bytes.slice(start, this.position);
    }
    if (this.major !== 4) this.expected(`a byte string of ${length}`, at);
    const count = this.argument;
    const bytes = this.#intsExactly(length, count);
    if (count !== length && !this.#endsHere(count)) this.fail(`more than ${length} bytes`);
    return bytes;
  }

  /**
   * Whether an array that should end here does. The reader of keys counts what follows only while it can be read as a byte: what
   * can't ends the array too, and is left half read.
   */
  #endsHere(count: number): boolean {
    if (count === INDEFINITE && this.takeBreak()) return true;
    this.consumed = this.position;
    try {
      this.unsigned(0xff, 'byte');
      return false;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.position = this.consumed;
      return true;
    }
  }

  /** Bytes as `deserialize_any` takes them: no tag before them. */
  untaggedBytes(): Uint8Array {
    const at = this.position;
    this.head();
    if (this.major === 2) return this.segments(2).slice();
    if (this.major !== 4) this.expected('a byte string', at);
    return this.#intArray();
  }

  #intsExactly(length: number, count: number): Uint8Array {
    this.descend();
    if (length > this.remaining) this.fail(`${length} bytes wanted, ${this.remaining} left`);
    const out = new Uint8Array(length);
    const bytes = this.bytes;
    let at = this.position;
    for (let i = 0; i < length; i++) {
      const first = bytes[at] as number;
      const second = bytes[at + 1];
      if (count === INDEFINITE ? first === 0xff : i === count) {
        this.position = at;
        this.fail(`${i} bytes, ${length} wanted`);
      }
      // most of a room is such arrays: the two usual forms of a byte are read here
      if (first < 24) {
        out[i] = first;
        at += 1;
      } else if (first === 0x18 && second !== undefined) {
        out[i] = second;
        at += 2;
      } else {
        this.position = at;
        out[i] = this.unsigned(0xff, 'byte');
        at = this.position;
      }
    }
    this.position = at;
    this.ascend();
    return out;
  }

  /** All integers of the array whose head was just read. */
  #intArray(): Uint8Array {
    const count = this.argument;
    if (count !== INDEFINITE) {
      if (count > this.remaining) this.fail(`${count} elements, ${this.remaining} bytes left`);
      return this.#intsExactly(count, count);
    }
    this.descend();
    const out: number[] = [];
    while (!this.takeBreak()) out.push(this.unsigned(0xff, 'byte'));
    this.ascend();
    return Uint8Array.from(out);
  }

  /**
   * Opens an array of items that are not bytes. Returns the count, or -1 for an indefinite one; `ascend` at its end. A byte
   * string in its place is read whole and returned; it needs no `ascend`.
   */
  openArray(): number | Uint8Array {
    const at = this.position;
    this.headBehindTags();
    if (this.major === 2) return this.segments(2);
    if (this.major !== 4) this.expected('an array', at);
    this.descend();
    return this.argument;
  }

  /** Opens a map. Returns the count of entries, or -1 for an indefinite one. `ascend` at its end. */
  openMap(): number {
    const at = this.position;
    this.headBehindTags();
    if (this.major !== 5) this.expected('a map', at);
    this.descend();
    return this.argument;
  }

  /** Opens an enum: a map of one entry, or the bare text of the variant's name, which is not consumed. */
  openEnum(): void {
    let at = this.position;
    do {
      at = this.position;
      this.head();
    } while (this.major === 6);
    if (this.major === 3) this.position = at;
    else if (this.major !== 5 || this.argument !== 1) this.expected('an enum', at);
    this.descend();
  }

  /** What `deserialize_any` finds next, without consuming it. */
  peekContainer(): 'map' | 'array' | 'other' {
    const first = this.bytes[this.position];
    if (first === undefined) return 'other';
    const major = first >> 5;
    return major === 5 ? 'map' : major === 4 ? 'array' : 'other';
  }

  /** Reads and drops one item of any kind, with the checks of ciborium's `deserialize_any`. */
  skip(): void {
    this.head();
    switch (this.major) {
      case 0:
      case 1:
        return;
      case 2:
        this.segments(2);
        return;
      case 3:
        this.utf8(this.segments(3));
        return;
      case 4:
      case 5:
        this.#skipItems(this.major === 5);
        return;
      case 6:
        this.#skipTagged();
        return;
      default:
        if (this.isFloat) return;
        if (this.argument === INDEFINITE) this.fail('break without an open item');
        if (this.argument < 20 || this.argument > 23) {
          this.fail(`unknown simple value ${this.argument}`);
        }
    }
  }

  #skipItems(isMap: boolean): void {
    this.descend();
    const count = this.argument;
    for (let i = 0; count === INDEFINITE ? !this.takeBreak() : i < count; i++) {
      this.skip();
      if (isMap) this.skip();
    }
    this.ascend();
  }

  #skipTagged(): void {
    const tag = this.argument;
    if (tag === 2 || tag === 3) {
      const at = this.position;
      this.head();
      const isBignum = this.major === 2 && this.argument >= 0 && this.argument <= 16;
      this.position = at;
      if (isBignum) {
        if (this.bignum(tag === 3) < -(1n << 127n)) this.fail('big integer too large');
        return;
      }
    }
    this.descend();
    this.skip();
    this.ascend();
  }
}
