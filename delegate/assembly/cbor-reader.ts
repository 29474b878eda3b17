import { Bytes, Writer } from './bytes.ts';
import { isUtf8 } from './utf8.ts';

/** Nesting that is still read. */
const MAX_DEPTH: i32 = 256;
/** Names of fields and variants longer than this are refused. */
const MAX_NAME: u32 = 4096;

/** A length that is not given: the item ends with a break. */
const INDEFINITE: i64 = -1;

/**
 * Reads CBOR off guest memory with the leniency of ciborium 0.2 under serde, which River's delegate reads with: tags are
 * skipped, heads need not be shortest, byte strings and arrays of integers stand for each other, maps may come in any order
 * and indefinite; a float is no integer, and a fixed array that is followed by more items leaves them unread.
 *
 * The first error makes `failed` true; from then on everything reads as zero, empty or absent.
 */
export class CborReader {
  failed: bool = false;
  private at: usize;
  private end: usize;
  private depth: i32 = 0;
  // the head read last
  private major: u8 = 0;
  private info: u8 = 0;
  private value: u64 = 0;
  /** Whether `integer` has read a negative one, as -1 - value. */
  private negative: bool = false;

  constructor(bytes: Bytes) {
    this.at = bytes.pointer;
    this.end = bytes.pointer + bytes.length;
  }

  fail(): void {
    this.failed = true;
    this.at = this.end;
  }

  private get remaining(): u32 {
    return <u32>(this.end - this.at);
  }

  enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail();
  }

  leave(): void {
    this.depth -= 1;
  }

  /** One head. False after a failure. */
  private head(): bool {
    if (this.failed || this.at >= this.end) {
      this.fail();
      return false;
    }
    const first = load<u8>(this.at);
    this.at += 1;
    this.major = first >> 5;
    this.info = first & 0x1f;
    if (this.info < 24) {
      this.value = this.info;
      return true;
    }
    if (this.info == 31) {
      // a break, or the start of an item without a length
      if (this.major < 2 || this.major == 6) this.fail();
      return !this.failed;
    }
    if (this.info > 27) {
      this.fail();
      return false;
    }
    const width = (<u32>1) << (this.info - 24);
    if (this.remaining < width) {
      this.fail();
      return false;
    }
    if (width == 1) this.value = load<u8>(this.at);
    else if (width == 2) this.value = bswap<u16>(load<u16>(this.at));
    else if (width == 4) this.value = bswap<u32>(load<u32>(this.at));
    else this.value = bswap<u64>(load<u64>(this.at));
    this.at += width;
    // lengths are 32-bit in a guest
    if (this.major >= 2 && this.major <= 5 && this.value > 0xffff_ffff) this.fail();
    return !this.failed;
  }

  /** The next head that is no tag. */
  private untagged(): bool {
    while (this.head()) {
      if (this.major != 6) return true;
    }
    return false;
  }

  private get isBreak(): bool {
    return this.major == 7 && this.info == 31;
  }

  /** Length of the item whose head was read last. */
  private get length(): i64 {
    return this.info == 31 ? INDEFINITE : <i64>this.value;
  }

  /** Whether an array or map without a length ends here; consumes its break. */
  private ended(): bool {
    const before = this.at;
    if (!this.head()) return true;
    if (this.isBreak) return true;
    this.at = before;
    return false;
  }

  /** Whether there is one more of so many items; counts it. */
  private more(left: i64): bool {
    return left == INDEFINITE ? !this.ended() : left > 0;
  }

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

  /** So many bytes as they are. */
  private take(length: u64): Bytes {
    if (this.failed || length > this.remaining) {
      this.fail();
      return new Bytes(this.end, 0);
    }
    const bytes = new Bytes(this.at, <u32>length);
    this.at += <usize>length;
    return bytes;
  }

  /** The bytes of the byte string or text whose head was read last; one without a length comes in segments. */
  private byteSegments(): Bytes {
    if (this.info != 31) return this.take(this.value);
    const major = this.major;
    const all = new Writer();
    while (this.head() && !this.isBreak) {
      if (this.major != major || this.info == 31) {
        this.fail();
        break;
      }
      const segment = this.take(this.value);
      if (major == 3 && !isUtf8(segment)) this.fail();
      all.raw(segment);
    }
    return all.finish();
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

  private get isSimple(): bool {
    return this.major == 7 && this.info <= 24;
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

  /** Null or undefined. */
  unit(): void {
    if (this.untagged() && !this.isNothing) this.fail();
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

  /** Whether one more of `left` items comes. */
  hasMore(left: i64): bool {
    return !this.failed && this.more(left) && !this.failed;
  }

  /** Reads over one item of any kind. */
  skip(): void {
    if (!this.head()) return;
    if (this.major == 6) {
      const tag = this.value;
      if (tag == 2 || tag == 3) return this.skipBignum(tag == 3);
      this.enter();
      this.skip();
      this.leave();
      return;
    }
    if (this.major == 2 || this.major == 3) {
      const isText = this.major == 3;
      const bytes = this.byteSegments();
      if (isText && !isUtf8(bytes)) this.fail();
      return;
    }
    if (this.major == 4 || this.major == 5) {
      const perEntry = this.major - 3;
      this.enter();
      let left = this.length;
      while (this.hasMore(left)) {
        for (let i: u8 = 0; i < perEntry; i++) this.skip();
        if (left != INDEFINITE) left -= 1;
      }
      this.leave();
      return;
    }
    // of the simple values only false, true, null and undefined are known
    if (this.isBreak || (this.isSimple && (this.value < 20 || this.value > 23))) this.fail();
  }

  /** Too large a negative one is refused even where it is not wanted. */
  private skipBignum(negative: bool): void {
    if (!this.head() || this.major != 2) return this.fail();
    const digits = this.byteSegments();
    let start: u32 = 0;
    while (start < digits.length && digits.at(start) == 0) start += 1;
    const length = digits.length - start;
    if (negative && length == 16 && digits.at(start) > 0x7f) this.fail();
  }
}
