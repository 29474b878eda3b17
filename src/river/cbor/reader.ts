import { DecodeError } from './errors.ts';

/** ciborium reads struct keys and keys of 32 bytes through a buffer of this many bytes. */
const SCRATCH_BYTES = 4096;
/** How deep arrays, maps and enums may nest. */
const MAX_DEPTH = 256;

const NULL = 22;
const UNDEFINED = 23;
const INDEFINITE = -1;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads CBOR as leniently, and as strictly, as ciborium 0.2.2 under serde: whatever River accepts decodes to the same value,
 * whatever River refuses is refused.
 *
 * Two habits of ciborium look odd and are kept on purpose: an array read into a fixed number of bytes is left where that number ends,
 * and a unit variant written as a map leaves its value unread. What follows is then read as the next item.
 *
 * Lengths are checked against the rest of the input before anything is allocated.
 * Format: RFC 8949; ciborium: ciborium/src/de/mod.rs, ciborium-ll/src/{dec,hdr,seg}.rs.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #depth = 0;
  // the last head read
  #major = 0;
  /** The head's argument when it is below 2^53, else -2; INDEFINITE for an open length, or the break. */
  #argument = 0;
  #wide = 0n;
  #isFloat = false;

  constructor(bytes: Uint8Array) {
    // a Node Buffer's slice would be a view of the input instead of a copy
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** A copy of the input from `from` to the current offset. */
  copySince(from: number): Uint8Array {
    return this.#bytes.slice(from, this.#at);
  }

  /** Names what is read next, for errors. */
  enter(segment: string | number): void {
    this.#path.push(segment);
  }

  leave(): void {
    this.#path.pop();
  }

  /** @throws DecodeError always */
  fail(reason: string): never {
    let path = '';
    for (const segment of this.#path) {
      if (typeof segment === 'number') path += `[${segment}]`;
      else path += path === '' ? segment : `.${segment}`;
    }
    throw new DecodeError(path, reason, this.#at);
  }

  /** Goes one level into an array, map, enum or tag; River's reader refuses more than 256. */
  descend(): void {
    if (this.#depth === MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH} levels`);
    this.#depth += 1;
  }

  ascend(): void {
    this.#depth -= 1;
  }

  #need(count: number): number {
    if (count > this.#bytes.length - this.#at) {
      this.fail(`${count} bytes wanted, ${this.remaining} left`);
    }
    const at = this.#at;
    this.#at = at + count;
    return at;
  }

  #head(): void {
    const at = this.#need(1);
    const first = this.#bytes[at] as number;
    const major = first >> 5;
    const minor = first & 31;
    this.#major = major;
    this.#isFloat = false;
    if (minor < 24) this.#argument = minor;
    else if (minor === 24) this.#argument = this.#bytes[this.#need(1)] as number;
    else if (minor === 25) this.#argument = this.#view.getUint16(this.#need(2));
    else if (minor === 26) this.#argument = this.#view.getUint32(this.#need(4));
    else if (minor === 27) {
      this.#wide = this.#view.getBigUint64(this.#need(8));
      this.#argument = this.#wide <= 0x1f_ffff_ffff_ffffn ? Number(this.#wide) : -2;
    } else if (minor === 31) this.#argument = INDEFINITE;
    else this.#refuseHead(at, `head with the reserved minor ${minor}`);

    if (major === 7) this.#isFloat = minor >= 25 && minor <= 27;
    else if (minor === 31 && (major < 2 || major === 6)) {
      this.#refuseHead(at, 'integer or tag of indefinite length');
    } else if (
      major >= 2 &&
      major <= 5 &&
      (this.#argument > 0xffff_ffff || this.#argument === -2)
    ) {
      // lengths are usize in Rust, 32 bits wide in the contract
      this.#refuseHead(at, 'length over 32 bits');
    }
  }

  #refuseHead(at: number, reason: string): never {
    this.#at = at;
    return this.fail(reason);
  }

  /** The next head that is not a tag. */
  #headBehindTags(): void {
    do this.#head();
    while (this.#major === 6);
  }

  #found(): string {
    if (this.#major === 7) {
      if (this.#isFloat) return 'a float';
      if (this.#argument === INDEFINITE) return 'a break';
      if (this.#argument === NULL) return 'null';
      return `the simple value ${this.#argument}`;
    }
    return (
      ['an integer', 'a negative integer', 'a byte string', 'text', 'an array', 'a map', 'a tag'][
        this.#major
      ] ?? 'nothing'
    );
  }

  #expected(what: string, at: number): never {
    const found = this.#found();
    this.#at = at;
    return this.fail(`expected ${what}, found ${found}`);
  }

  /** Whether the next item is null or undefined, which is then consumed. Tags are not looked behind. */
  takeNull(): boolean {
    const first = this.#bytes[this.#at];
    if (first === 0xf6 || first === 0xf7) {
      this.#at += 1;
      return true;
    }
    const second = this.#bytes[this.#at + 1];
    if (first === 0xf8 && (second === NULL || second === UNDEFINED)) {
      this.#at += 2;
      return true;
    }
    return false;
  }

  /** Whether the next byte is a break, which is then consumed. */
  takeBreak(): boolean {
    if (this.#bytes[this.#at] !== 0xff) return false;
    this.#at += 1;
    return true;
  }

  /** null, and nothing else (behind tags). */
  unit(): void {
    const at = this.#at;
    this.#headBehindTags();
    const simple = this.#major === 7 && !this.#isFloat;
    if (!simple || (this.#argument !== NULL && this.#argument !== UNDEFINED)) {
      this.#expected('null', at);
    }
  }

  /** An unsigned integer up to `most` (below 2^53), which is the range of the type named `type`. */
  unsigned(most: number, type: string): number {
    const at = this.#at;
    const first = this.#bytes[at];
    if (first !== undefined && first < 24 && first <= most) {
      this.#at = at + 1;
      return first;
    }
    const value = this.#integer();
    if (value < 0n || value > BigInt(most)) this.#outOfRange(value, type, at);
    return Number(value);
  }

  u64(): bigint {
    const at = this.#at;
    const value = this.#integer();
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) this.#outOfRange(value, 'u64', at);
    return value;
  }

  i64(): bigint {
    const at = this.#at;
    const value = this.#integer();
    if (BigInt.asIntN(64, value) !== value) this.#outOfRange(value, 'i64', at);
    return value;
  }

  #outOfRange(value: bigint, type: string, at: number): never {
    this.#at = at;
    return this.fail(`${value} is not a ${type}`);
  }

  #integer(): bigint {
    const at = this.#at;
    for (;;) {
      this.#head();
      if (this.#major <= 1) {
        const value = this.#argument === -2 ? this.#wide : BigInt(this.#argument);
        return this.#major === 0 ? value : -1n - value;
      }
      if (this.#major !== 6) this.#expected('an integer', at);
      if (this.#argument === 2 || this.#argument === 3) return this.#bignum(this.#argument === 3);
    }
  }

  #bignum(negative: boolean): bigint {
    const at = this.#at;
    this.#head();
    if (this.#major !== 2) this.#expected('the bytes of a big integer', at);
    let value = 0n;
    let digits = 0;
    for (const byte of this.#segments(2)) {
      if (digits === 0 && byte === 0) continue;
      if (digits === 16) this.fail('big integer over 16 bytes');
      value = (value << 8n) | BigInt(byte);
      digits += 1;
    }
    return negative ? -1n - value : value;
  }

  /**
   * The content of the byte string or text whose head was just read. Strings of indefinite length are put together; in
   * ciborium 0.2.2 they may even nest.
   */
  #segments(major: 2 | 3): Uint8Array {
    if (this.#argument !== INDEFINITE) {
      const start = this.#need(this.#argument);
      return this.#bytes.subarray(start, this.#at);
    }
    const parts: number[] = [];
    let open = 1;
    while (open > 0) {
      const at = this.#at;
      this.#head();
      if (this.#major === 7 && this.#argument === INDEFINITE) open -= 1;
      else if (this.#major !== major) this.#expected('a segment of the same kind', at);
      else if (this.#argument === INDEFINITE) open += 1;
      else {
        const start = this.#need(this.#argument);
        const segment = this.#bytes.subarray(start, this.#at);
        if (major === 3) this.#utf8(segment); // each segment must be valid by itself
        for (const byte of segment) parts.push(byte);
      }
    }
    return Uint8Array.from(parts);
  }

  #utf8(bytes: Uint8Array): string {
    try {
      return strictUtf8.decode(bytes);
    } catch {
      return this.fail('text that is not valid UTF-8');
    }
  }

  text(): string {
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major !== 3) this.#expected('text', at);
    return this.#utf8(this.#segments(3));
  }

  /**
   * A struct's key or a variant's name: text or bytes of at most 4096 bytes.
   *
   * Bytes that are not UTF-8 are no field's name; they come back with replacement characters.
   */
  identifier(): string {
    const at = this.#at;
    this.#headBehindTags();
    const major = this.#major;
    if (major !== 2 && major !== 3) this.#expected('a name', at);
    if (this.#argument === INDEFINITE || this.#argument > SCRATCH_BYTES) {
      this.#at = at;
      this.fail(`name over ${SCRATCH_BYTES} bytes or of indefinite length`);
    }
    const start = this.#need(this.#argument);
    const bytes = this.#bytes.subarray(start, this.#at);
    return major === 3 ? this.#utf8(bytes) : new TextDecoder().decode(bytes);
  }

  /** Consumes `encoded` if the input goes on with it. */
  takeExactly(encoded: Uint8Array): boolean {
    const { length } = encoded;
    const at = this.#at;
    if (length > this.#bytes.length - at) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[at + i] !== encoded[i]) return false;
    this.#at = at + length;
    return true;
  }

  /** `Vec<u8>`: an array of integers, or a byte string. Always a copy. */
  byteVector(): Uint8Array {
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major === 2) return this.#segments(2).slice();
    if (this.#major !== 4) this.#expected('an array of bytes', at);
    return this.#intArray();
  }

  /** `[u8; N]`: as `byteVector`, but what is longer than `length` is cut (a byte string) or left unread (an array). */
  byteArray(length: number): Uint8Array {
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major === 2) {
      const bytes = this.#segments(2);
      if (bytes.length < length) this.fail(`${bytes.length} bytes, ${length} wanted`);
      return bytes.slice(0, length);
    }
    if (this.#major !== 4) this.#expected(`an array of ${length} bytes`, at);
    return this.#intsExactly(length, this.#argument);
  }

  /** `deserialize_bytes` of exactly `length` bytes: a byte string of definite length, or an array of integers. */
  shortBytes(length: number): Uint8Array {
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major === 2 && this.#argument !== INDEFINITE && this.#argument <= SCRATCH_BYTES) {
      const start = this.#need(this.#argument);
      if (this.#argument !== length) this.fail(`${this.#argument} bytes, ${length} wanted`);
      return this.#bytes.slice(start, this.#at);
    }
    if (this.#major !== 4) this.#expected(`a byte string of ${length}`, at);
    const count = this.#argument;
    const bytes = this.#intsExactly(length, count);
    if (count === INDEFINITE ? !this.takeBreak() : count !== length) {
      this.fail(`more than ${length} bytes`);
    }
    return bytes;
  }

  /** Bytes as `deserialize_any` takes them: no tag before them. */
  untaggedBytes(): Uint8Array {
    const at = this.#at;
    this.#head();
    if (this.#major === 2) return this.#segments(2).slice();
    if (this.#major !== 4) this.#expected('a byte string', at);
    return this.#intArray();
  }

  #intsExactly(length: number, count: number): Uint8Array {
    this.descend();
    if (length > this.remaining) this.fail(`${length} bytes wanted, ${this.remaining} left`);
    const out = new Uint8Array(length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < length; i++) {
      const first = bytes[at] as number;
      const second = bytes[at + 1];
      if (count === INDEFINITE ? first === 0xff : i === count) {
        this.#at = at;
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
        this.#at = at;
        out[i] = this.unsigned(0xff, 'byte');
        at = this.#at;
      }
    }
    this.#at = at;
    this.ascend();
    return out;
  }

  /** All integers of the array whose head was just read. */
  #intArray(): Uint8Array {
    const count = this.#argument;
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
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major === 2) return this.#segments(2);
    if (this.#major !== 4) this.#expected('an array', at);
    this.descend();
    return this.#argument;
  }

  /** Opens a map. Returns the count of entries, or -1 for an indefinite one. `ascend` at its end. */
  openMap(): number {
    const at = this.#at;
    this.#headBehindTags();
    if (this.#major !== 5) this.#expected('a map', at);
    this.descend();
    return this.#argument;
  }

  /** Opens an enum: a map of one entry, or the bare text of the variant's name, which is not consumed. */
  openEnum(): void {
    let at = this.#at;
    do {
      at = this.#at;
      this.#head();
    } while (this.#major === 6);
    if (this.#major === 3) this.#at = at;
    else if (this.#major !== 5 || this.#argument !== 1) this.#expected('an enum', at);
    this.descend();
  }

  /** What `deserialize_any` finds next, without consuming it. */
  peekContainer(): 'map' | 'array' | 'other' {
    const first = this.#bytes[this.#at];
    if (first === undefined) return 'other';
    const major = first >> 5;
    return major === 5 ? 'map' : major === 4 ? 'array' : 'other';
  }

  /** Reads and drops one item of any kind, with the checks of ciborium's `deserialize_any`. */
  skip(): void {
    this.#head();
    switch (this.#major) {
      case 0:
      case 1:
        return;
      case 2:
        this.#segments(2);
        return;
      case 3:
        this.#utf8(this.#segments(3));
        return;
      case 4:
      case 5:
        this.#skipItems(this.#major === 5);
        return;
      case 6:
        this.#skipTagged();
        return;
      default:
        if (this.#isFloat) return;
        if (this.#argument === INDEFINITE) this.fail('break without an open item');
        if (this.#argument < 20 || this.#argument > 23) {
          this.fail(`unknown simple value ${this.#argument}`);
        }
    }
  }

  #skipItems(isMap: boolean): void {
    this.descend();
    const count = this.#argument;
    for (let i = 0; count === INDEFINITE ? !this.takeBreak() : i < count; i++) {
      this.skip();
      if (isMap) this.skip();
    }
    this.ascend();
  }

  #skipTagged(): void {
    const tag = this.#argument;
    if (tag === 2 || tag === 3) {
      const at = this.#at;
      this.#head();
      const isBignum = this.#major === 2 && this.#argument >= 0 && this.#argument <= 16;
      this.#at = at;
      if (isBignum) {
        if (this.#bignum(tag === 3) < -(1n << 127n)) this.fail('big integer too large');
        return;
      }
    }
    this.descend();
    this.skip();
    this.ascend();
  }
}
