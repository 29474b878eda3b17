/**
 * Reading and writing bincode 1.x as Freenet configures it: little-endian integers of fixed width, u64 lengths, no framing.
 *
 * Format: freenet-stdlib: rust/src/client_api/client_events.rs (serde types sent with bincode's defaults).
 */

/** More elements than this in one list are refused, so that a small frame can't become millions of objects. */
export const MAX_ELEMENTS = 65_536;

/**
 * Bytes that are not the value they should be, or a value that can't be written as one.
 *
 * Thrown inside the codec; decoders at the border return it.
 */
export class WireError extends Error {
  readonly type = 'Malformed';
  /** Where in the value, outermost first: `DelegateOp.request.inbound.3.payload`. Empty: the value as a whole. */
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.name = 'WireError';
    this.path = path;
    this.reason = reason;
  }
}

/** Thrown by a reader's caller when the rest of a frame was dropped and a field behind it is wanted. */
export class RestDropped extends Error {}

/** Where a reader or writer is, in the words of the types. */
class Position {
  readonly #segments: (string | number)[] = [];

  enter(segment: string | number): void {
    this.#segments.push(segment);
  }

  leave(): void {
    this.#segments.pop();
  }

  /** @throws WireError always */
  fail(reason: string): never {
    throw new WireError(this.#segments.join('.'), reason);
  }
}

/** What a reader does with a variant number it doesn't know. */
export type UnknownVariants = 'keep' | 'refuse';

/** Reads values off a byte array; every length is checked against what is left before anything is allocated. */
export class Reader extends Position {
  readonly unknownVariants: UnknownVariants;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #dropped = false;

  constructor(bytes: Uint8Array, unknownVariants: UnknownVariants = 'keep') {
    super();
    this.unknownVariants = unknownVariants;
    // a Node Buffer's slice would be a view of the frame instead of a copy
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** Whether an unknown variant ended what can be read of this frame. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** Nothing behind an unknown variant can be found: its length is unknown too. */
  dropRest(): void {
    this.#at = this.#bytes.length;
    this.#dropped = true;
  }

  #take(length: number, what: string): number {
    if (length > this.remaining) {
      this.fail(`${what} needs ${length} bytes, ${this.remaining} are left`);
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1, 'u8'));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2, 'u16'), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4, 'u32'), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8, 'u64'), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4, 'i32'), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8, 'i64'), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#take(4, 'f32'), true);
  }

  /** Exactly `length` bytes, as a copy that doesn't keep the frame alive. */
  raw(length: number): Uint8Array {
    const at = this.#take(length, `${length} raw bytes`);
    return this.#bytes.slice(at, at + length);
  }

  /** u64 length of a byte string. */
  byteLength(): number {
    const length = this.u64();
    if (length > BigInt(this.remaining)) {
      this.fail(`a length of ${length} bytes, ${this.remaining} are left`);
    }
    return Number(length);
  }

  /** u64 count of elements, each at least `least` bytes long. */
  count(least: number): number {
    const count = this.u64();
    if (count > BigInt(MAX_ELEMENTS)) {
      this.fail(`${count} elements, at most ${MAX_ELEMENTS} are accepted`);
    }
    if (Number(count) * least > this.remaining) {
      this.fail(`${count} elements of at least ${least} bytes, ${this.remaining} bytes are left`);
    }
    return Number(count);
  }
}

/** Byte strings from this length on are kept by reference until `finish`, so that they are copied once. */
const REFERENCE_FROM = 1024;

/** Writes values; `finish` gives the bytes. */
export class Writer extends Position {
  readonly #parts: Uint8Array[] = [];
  #scratch = new Uint8Array(256);
  #view = new DataView(this.#scratch.buffer);
  #used = 0;
  #length = 0;

  #room(length: number): number {
    if (this.#used + length > this.#scratch.length) {
      this.#seal();
      this.#scratch = new Uint8Array(Math.max(length, 4096));
      this.#view = new DataView(this.#scratch.buffer);
    }
    const at = this.#used;
    this.#used += length;
    this.#length += length;
    return at;
  }

  /** Moves what the scratch buffer holds to the parts; the rest of the buffer stays in use. */
  #seal(): void {
    if (this.#used > 0) this.#parts.push(this.#scratch.subarray(0, this.#used));
    this.#scratch = this.#scratch.subarray(this.#used);
    this.#view = new DataView(
      this.#scratch.buffer,
      this.#scratch.byteOffset,
      this.#scratch.byteLength,
    );
    this.#used = 0;
  }

  #integer(value: number, least: number, most: number, type: string): void {
    if (!Number.isInteger(value) || value < least || value > most) {
      this.fail(`${value} is no ${type}`);
    }
  }

  u8(value: number): void {
    this.#integer(value, 0, 0xff, 'u8');
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    this.#integer(value, 0, 0xffff, 'u16');
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    this.#integer(value, 0, 0xffff_ffff, 'u32');
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) this.fail(`${value} is no u64`);
    const at = this.#room(8);
    this.#view.setBigUint64(at, value, true);
  }

  i32(value: number): void {
    this.#integer(value, -0x8000_0000, 0x7fff_ffff, 'i32');
    const at = this.#room(4);
    this.#view.setInt32(at, value, true);
  }

  i64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) this.fail(`${value} is no i64`);
    const at = this.#room(8);
    this.#view.setBigInt64(at, value, true);
  }

  f32(value: number): void {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, true);
  }

  /** `bytes` as they are. They must not change before `finish`. */
  raw(bytes: Uint8Array): void {
    if (bytes.length >= REFERENCE_FROM) {
      this.#seal();
      this.#parts.push(bytes);
      this.#length += bytes.length;
    } else {
      const at = this.#room(bytes.length);
      this.#scratch.set(bytes, at);
    }
  }

  /** u64 count of elements. */
  count(count: number): void {
    if (count > MAX_ELEMENTS) this.fail(`${count} elements, at most ${MAX_ELEMENTS} are accepted`);
    this.u64(BigInt(count));
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#seal();
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
