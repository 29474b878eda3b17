import { DecodeError } from './errors.ts';

/** How deep arrays, maps and enums may nest. */
const MAX_DEPTH = 256;

export const NULL = 22;
export const UNDEFINED = 23;
/** As a head's argument: a length that is left open, or the break. */
export const INDEFINITE = -1;
/** As a head's argument: it is 2^53 or more, and in `wide`. */
const WIDE = -2;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The lower half of the reader: where it is in the input, and the heads, integers and strings of CBOR.
 *
 * Format: RFC 8949; ciborium 0.2.2: ciborium-ll/src/{dec,hdr,seg}.rs.
 */
export class Heads {
  protected readonly bytes: Uint8Array;
  protected readonly view: DataView;
  readonly #path: (string | number)[] = [];
  protected position = 0;
  /** End of what was last taken by `need`: errors name where an item begins, River's reader has got this far. */
  protected consumed = 0;
  #depth = 0;
  // the last head read
  protected major = 0;
  /** The head's argument when it is below 2^53, else WIDE; INDEFINITE for an open length, or the break. */
  protected argument = 0;
  protected wide = 0n;
  protected isFloat = false;

  constructor(bytes: Uint8Array) {
    // a Node Buffer's slice would be a view of the input instead of a copy
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.position;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** A copy of the input from `from` to the current offset. */
  copySince(from: number): Uint8Array {
    return this.bytes.slice(from, this.position);
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
    throw new DecodeError(path, reason, this.position);
  }

  /** Goes one level into an array, map, enum or tag; River's reader refuses more than 256. */
  descend(): void {
    if (this.#depth === MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH} levels`);
    this.#depth += 1;
  }

  ascend(): void {
    this.#depth -= 1;
  }

  protected need(count: number): number {
    if (count > this.bytes.length - this.position) {
      this.fail(`${count} bytes wanted, ${this.remaining} left`);
    }
    const at = this.position;
    this.position = at + count;
    this.consumed = this.position;
    return at;
  }

  protected head(): void {
    const at = this.need(1);
    const first = this.bytes[at] as number;
    const major = first >> 5;
    const minor = first & 31;
    this.major = major;
    this.isFloat = false;
    if (minor < 24) this.argument = minor;
    else if (minor === 24) this.argument = this.bytes[this.need(1)] as number;
    else if (minor === 25) this.argument = this.view.getUint16(this.need(2));
    else if (minor === 26) this.argument = this.view.getUint32(this.need(4));
    else if (minor === 27) {
      this.wide = this.view.getBigUint64(this.need(8));
      this.argument = this.wide <= 0x1f_ffff_ffff_ffffn ? Number(this.wide) : WIDE;
    } else if (minor === 31) this.argument = INDEFINITE;
    else this.#refuseHead(at, `head with the reserved minor ${minor}`);

    if (major === 7) this.isFloat = minor >= 25 && minor <= 27;
    else if (minor === 31 && (major < 2 || major === 6)) {
      this.#refuseHead(at, 'integer or tag of indefinite length');
    } else if (
      major >= 2 &&
      major <= 5 &&
      (this.argument > 0xffff_ffff || this.argument === WIDE)
    ) {
      // lengths are usize in Rust, 32 bits wide in the contract
      this.#refuseHead(at, 'length over 32 bits');
    }
  }

  #refuseHead(at: number, reason: string): never {
    this.position = at;
    return this.fail(reason);
  }

  /** The next head that is not a tag. */
  protected headBehindTags(): void {
    do this.head();
    while (this.major === 6);
  }

  #found(): string {
    if (this.major === 7) {
      if (this.isFloat) return 'a float';
      if (this.argument === INDEFINITE) return 'a break';
      if (this.argument === NULL) return 'null';
      return `the simple value ${this.argument}`;
    }
    return (
      ['an integer', 'a negative integer', 'a byte string', 'text', 'an array', 'a map', 'a tag'][
        this.major
      ] ?? 'nothing'
    );
  }

  protected expected(what: string, at: number): never {
    const found = this.#found();
    this.position = at;
    return this.fail(`expected ${what}, found ${found}`);
  }

  protected integer(): bigint {
    const at = this.position;
    for (;;) {
      this.head();
      if (this.major <= 1) {
        const value = this.argument === WIDE ? this.wide : BigInt(this.argument);
        return this.major === 0 ? value : -1n - value;
      }
      if (this.major !== 6) this.expected('an integer', at);
      if (this.argument === 2 || this.argument === 3) return this.bignum(this.argument === 3);
    }
  }

  protected bignum(negative: boolean): bigint {
    const at = this.position;
    this.head();
    if (this.major !== 2) this.expected('the bytes of a big integer', at);
    let value = 0n;
    let digits = 0;
    for (const byte of this.segments(2)) {
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
  protected segments(major: 2 | 3): Uint8Array {
    if (this.argument !== INDEFINITE) {
      const start = this.need(this.argument);
      return this.bytes.subarray(start, this.position);
    }
    const parts: number[] = [];
    let open = 1;
    while (open > 0) {
      const at = this.position;
      this.head();
      if (this.major === 7 && this.argument === INDEFINITE) open -= 1;
      else if (this.major !== major) this.expected('a segment of the same kind', at);
      else if (this.argument === INDEFINITE) open += 1;
      else {
        const start = this.need(this.argument);
        const segment = this.bytes.subarray(start, this.position);
        if (major === 3) this.utf8(segment); // each segment must be valid by itself
        for (const byte of segment) parts.push(byte);
      }
    }
    return Uint8Array.from(parts);
  }

  protected utf8(bytes: Uint8Array): string {
    try {
      return strictUtf8.decode(bytes);
    } catch {
      return this.fail('text that is not valid UTF-8');
    }
  }
}
