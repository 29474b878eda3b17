import { Bytes, Writer } from './bytes.ts';
import { isUtf8 } from './utf8.ts';

/** Nesting that is still read. */
const MAX_DEPTH: i32 = 256;

/** A length that is not given: the item ends with a break. */
export const INDEFINITE: i64 = -1;

/**
 * Reads the items of CBOR: their heads, their bytes, and over whole items. What an item means is the heir's.
 *
 * The first error makes `failed` true; from then on there is nothing more to read.
 */
export class CborItems {
  failed: bool = false;
  protected at: usize;
  protected end: usize;
  private depth: i32 = 0;
  // the head that was read last
  protected major: u8 = 0;
  protected info: u8 = 0;
  protected value: u64 = 0;

  constructor(bytes: Bytes) {
    this.at = bytes.pointer;
    this.end = bytes.pointer + bytes.length;
  }

  fail(): void {
    this.failed = true;
    this.at = this.end;
  }

  protected get remaining(): u32 {
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
  protected head(): bool {
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
  protected untagged(): bool {
    while (this.head()) {
      if (this.major != 6) return true;
    }
    return false;
  }

  protected get isBreak(): bool {
    return this.major == 7 && this.info == 31;
  }

  /** Length of the item whose head was read last. */
  protected get length(): i64 {
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

  /** Whether there is one more of so many items. */
  protected more(left: i64): bool {
    return left == INDEFINITE ? !this.ended() : left > 0;
  }

  /** So many bytes as they are. */
  protected take(length: u64): Bytes {
    if (this.failed || length > this.remaining) {
      this.fail();
      return new Bytes(this.end, 0);
    }
    const bytes = new Bytes(this.at, <u32>length);
    this.at += <usize>length;
    return bytes;
  }

  /** The bytes of the byte string or text whose head was read last; one without a length comes in segments. */
  protected byteSegments(): Bytes {
    if (this.info != 31) return this.take(this.value);
    const major = this.major;
    const all = new Writer();
    let nested = 1; // as ciborium allows
    while (this.head()) {
      if (this.isBreak) {
        nested -= 1;
        if (nested == 0) break;
      } else if (this.major != major) {
        this.fail();
      } else if (this.info == 31) {
        nested += 1;
      } else {
        const segment = this.take(this.value);
        if (major == 3 && !isUtf8(segment)) this.fail();
        all.raw(segment);
      }
    }
    return all.finish();
  }

  /** Whether one more of `left` items comes. */
  hasMore(left: i64): bool {
    return !this.failed && this.more(left) && !this.failed;
  }

  protected get isSimple(): bool {
    return this.major == 7 && this.info <= 24;
  }

  /** Reads over one item of any kind. */
  skip(): void {
    if (!this.head()) return;
    if (this.major == 6) {
      const tag = this.value;
      if ((tag == 2 || tag == 3) && this.isSmallBignum()) return this.skipBignum(tag == 3);
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

  /** Whether a byte string of at most 16 bytes comes next, which a tag may make a number. */
  private isSmallBignum(): bool {
    const before = this.at;
    if (!this.head()) return false;
    this.at = before;
    return this.major == 2 && this.info != 31 && this.value <= 16;
  }

  /** A negative number that takes more than 128 bits is refused even where it is not wanted. */
  private skipBignum(negative: bool): void {
    this.head();
    const digits = this.byteSegments();
    if (negative && digits.length == 16 && digits.at(0) > 0x7f) this.fail();
  }
}
