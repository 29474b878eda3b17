import { Bytes } from './bytes.ts';
import { CborItems, INDEFINITE } from './cbor-items.ts';
import { isUtf8 } from './utf8.ts';

/** Names of fields and variants longer than this are refused. */
const MAX_NAME: u32 = 4096;

/**
 * Reads CBOR off guest memory with the leniency of ciborium 0.2 under serde, which River's delegate reads with: tags are
 * skipped, heads need not be shortest, byte strings and arrays of integers stand for each other, maps may come in any order
 * and indefinite; a float is no integer, and a fixed array that is followed by more items leaves them unread.
 *
 * After an error everything reads as zero, empty or absent.
 */
export class CborReader extends CborItems {
  /** Whether `integer` has read a negative one, as -1 - value. */
  private negative: bool = false;

  private integer(): void {
    this.negative = false;
    while (this.head()) {
      if (this.major <= 1) {
        this.negative = this.major == 1;
        return;
      }
      if (this.major != 6) break;
      if (this.value == 2 || this.value == 3) {
        this.bignum(this.value == 3);
        return;
      }
    }
    this.fail();
  }

  private bignum(negative: bool): void {
    if (!this.head() || this.major != 2) return this.fail();
    const digits = this.byteSegments();
    let value: u64 = 0;
    for (let i: u32 = 0; i < digits.length; i++) {
      if (value >> 56 != 0) return this.fail();
      value = (value << 8) | digits.at(i);
    }
    this.value = value;
    this.negative = negative;
  }

  /** An unsigned integer up to `most`. */
  unsigned(most: u64): u64 {
    this.integer();
    if (this.failed || this.negative || this.value > most) {
      this.fail();
      return 0;
    }
    return this.value;
  }

  signed(): i64 {
    this.integer();
    if (this.failed || <i64>this.value < 0) {
      this.fail();
      return 0;
    }
    return this.negative ? ~(<i64>this.value) : <i64>this.value;
  }

  /** A byte vector of any length: array of integers, or byte string (then a view of the input). */
  bytes(): Bytes {
    if (!this.untagged()) return new Bytes(this.end, 0);
    if (this.major == 2) return this.byteSegments();
    if (this.major != 4) {
      this.fail();
      return new Bytes(this.end, 0);
    }
    this.enter();
    let left = this.length;
    // each item takes a byte at least: a length that is a lie allocates no more than the input is long
    const most = left == INDEFINITE ? this.remaining : <u32>min<i64>(left, this.remaining);
    const bytes = Bytes.allocate(most);
    let count: u32 = 0;
    while (this.more(left)) {
      const byte = this.byte();
      if (this.failed) break;
      store<u8>(bytes.pointer + count, byte);
      count += 1;
      if (left != INDEFINITE) left -= 1;
    }
    this.leave();
    bytes.length = count;
    return bytes;
  }

  private byte(): u8 {
    if (this.remaining >= 2) {
      const first = load<u8>(this.at);
      if (first < 24) {
        this.at += 1;
        return first;
      }
      if (first == 24) {
        this.at += 2;
        return load<u8>(this.at - 1);
      }
    }
    return <u8>this.unsigned(0xff);
  }

  /** Exactly `length` bytes: array of integers, or byte string whose surplus is dropped. */
  fixedBytes(length: u32): Bytes {
    if (!this.untagged()) return new Bytes(this.end, 0);
    if (this.major == 2) {
      const bytes = this.byteSegments();
      if (bytes.length < length) this.fail();
      else bytes.length = length;
      return bytes;
    }
    if (this.major != 4) this.fail();
    this.enter();
    let left = this.length;
    const bytes = Bytes.allocate(length);
    for (let i: u32 = 0; i < length; i++) {
      if (!this.more(left)) {
        this.fail();
        break;
      }
      store<u8>(bytes.pointer + i, this.byte());
      if (left != INDEFINITE) left -= 1;
    }
    this.leave();
    return bytes;
  }

  /** Exactly `length` bytes and no more: array of integers, or byte string in one piece. */
  exactBytes(length: u32): Bytes {
    const before = this.at;
    if (this.untagged() && this.major == 2 && (this.info == 31 || this.value > MAX_NAME)) {
      this.fail();
    }
    if (!this.failed) this.at = before;
    const bytes = this.bytes();
    if (bytes.length != length) this.fail();
    return bytes;
  }

  /** A text, in one piece or in segments. */
  text(): Bytes {
    if (!this.untagged()) return new Bytes(this.end, 0);
    if (this.major != 3) {
      this.fail();
      return new Bytes(this.end, 0);
    }
    const bytes = this.byteSegments();
    if (!isUtf8(bytes)) this.fail();
    return bytes;
  }

  /** The name of a field or variant: text or byte string of definite length. */
  name(): Bytes {
    if (!this.untagged()) return new Bytes(this.end, 0);
    if ((this.major != 3 && this.major != 2) || this.info == 31 || this.value > MAX_NAME) {
      this.fail();
      return new Bytes(this.end, 0);
    }
    const isText = this.major == 3;
    const bytes = this.take(this.value);
    if (isText && !isUtf8(bytes)) this.fail();
    return bytes;
  }

  private get isNothing(): bool {
    return this.isSimple && (this.value == 22 || this.value == 23);
  }

  /** Whether null or undefined comes next; consumes it. */
  nothing(): bool {
    const before = this.at;
    if (!this.head()) return false;
    if (this.isNothing) return true;
    this.at = before;
    return false;
  }

  /** The name of an enum's variant; the payload, if it has one, comes next. End it with `leave`. */
  variant(): Bytes {
    const before = this.at;
    if (!this.untagged()) return new Bytes(this.end, 0);
    if (this.major == 3) {
      // a bare text: read it as the name; no tags stand between
      this.at = before;
    } else if (this.major != 5 || this.info == 31 || this.value != 1) {
      this.fail();
    }
    this.enter();
    return this.name();
  }

  /** The number of items, or -1. An empty byte string is an empty array. End the array with `leave`. */
  array(): i64 {
    if (!this.untagged()) return 0;
    this.enter();
    if (this.major == 2 && this.byteSegments().length == 0) return 0;
    if (this.major != 4) this.fail();
    return this.failed ? 0 : this.length;
  }

  /** The number of entries, or -1. End the map with `leave`. */
  map(): i64 {
    if (!this.untagged()) return 0;
    if (this.major != 5) this.fail();
    this.enter();
    return this.failed ? 0 : this.length;
  }

  /** Whether a struct variant's payload is an array of its fields in order. No tags stand before it. */
  payloadIsArray(): bool {
    const before = this.at;
    if (!this.head()) return false;
    if (this.major != 4 && this.major != 5) {
      this.fail();
      return false;
    }
    this.at = before;
    return this.major == 4;
  }
}
