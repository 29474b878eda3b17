import { GuestFault } from './wasm-error.ts';

/** Bytes of a streaming buffer, header included. */
const STREAM_BUFFER = 65_536;

/** The longest result that is read: a client could not be sent more. */
export const MAX_RESULT_BYTES = 67_108_864;

/** The rest of an argument that did not fit into its buffer; the guest asks for it piece by piece. */
export interface Remainder {
  /** Address of the buffer's struct. */
  readonly buffer: bigint;
  readonly bytes: Uint8Array;
  taken: number;
}

/**
 * The linear memory of a guest, and how arguments get there.
 *
 * A buffer is a struct of 32 bytes in guest memory: i64 start @0, u32 capacity @8, i64 address of the u32 read cell @16, i64
 * address of the u32 write cell @24; bytes 12-15 are garbage. Views are made anew for each access: memory may grow, and then
 * an old view is empty.
 *
 * Layout: freenet-stdlib: rust/src/memory/buf.rs.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #initiateBuffer: (capacity: number) => bigint;

  constructor(memory: WebAssembly.Memory, initiateBuffer: (capacity: number) => bigint) {
    this.#memory = memory;
    this.#initiateBuffer = initiateBuffer;
  }

  /** Whether `length` bytes from `pointer` lie in memory. */
  contains(pointer: bigint, length: number): boolean {
    return (
      pointer >= 0n &&
      length >= 0 &&
      pointer + BigInt(length) <= BigInt(this.#memory.buffer.byteLength)
    );
  }

  #offset(pointer: bigint, length: number): number {
    if (!this.contains(pointer, length)) {
      throw new GuestFault(`${length} bytes at ${pointer} are outside of the guest's memory`);
    }
    return Number(pointer);
  }

  /** A copy. @throws GuestFault outside of memory */
  read(pointer: bigint, length: number): Uint8Array {
    const offset = this.#offset(pointer, length);
    return new Uint8Array(this.#memory.buffer).slice(offset, offset + length);
  }

  /** A call's result, as its struct names it. @throws GuestFault outside of memory, or too long */
  readResult(pointer: bigint, size: number): Uint8Array {
    if (size > MAX_RESULT_BYTES) {
      throw new GuestFault(`a result of ${size} bytes, at most ${MAX_RESULT_BYTES} are read`);
    }
    return this.read(pointer, size);
  }

  /** @throws GuestFault outside of memory */
  write(pointer: bigint, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(bytes, this.#offset(pointer, bytes.length));
  }

  #view(pointer: bigint, length: number): DataView {
    return new DataView(this.#memory.buffer, this.#offset(pointer, length), length);
  }

  #setU32(pointer: bigint, value: number): void {
    this.#view(pointer, 4).setUint32(0, value, true);
  }

  #newBuffer(capacity: number): { buffer: bigint; start: bigint; written: bigint } {
    const buffer = this.#initiateBuffer(capacity);
    const struct = this.#view(buffer, 32);
    const start = struct.getBigInt64(0, true);
    const got = struct.getUint32(8, true);
    if (got < capacity) throw new GuestFault(`a buffer of ${got} bytes for ${capacity}`);
    return { buffer, start, written: struct.getBigInt64(24, true) };
  }

  /** An argument in one piece: the address to pass. */
  pass(bytes: Uint8Array): bigint {
    const { buffer, start, written } = this.#newBuffer(bytes.length);
    this.write(start, bytes);
    this.#setU32(written, bytes.length);
    return buffer;
  }

  /**
   * An argument as contracts that refill their buffers take it: a u32 length, then as much as fits. The guest asks for the
   * rest, which the caller keeps.
   */
  passStreaming(bytes: Uint8Array): Remainder {
    const capacity = Math.min(STREAM_BUFFER, bytes.length + 4);
    const { buffer, start, written } = this.#newBuffer(capacity);
    const first = Math.min(bytes.length, capacity - 4);
    this.#setU32(start, bytes.length);
    this.write(start + 4n, bytes.subarray(0, first));
    this.#setU32(written, 4 + first);
    return { buffer, bytes, taken: first };
  }

  /** Puts the next piece into the argument's buffer. Gives its length, 0 at the end. */
  refill(remainder: Remainder): number {
    const { buffer, bytes, taken } = remainder;
    const struct = this.#view(buffer, 32);
    const length = Math.min(bytes.length - taken, struct.getUint32(8, true));
    if (length === 0) return 0;
    this.#setU32(struct.getBigInt64(16, true), 0);
    this.write(struct.getBigInt64(0, true), bytes.subarray(taken, taken + length));
    this.#setU32(struct.getBigInt64(24, true), length);
    remainder.taken += length;
    return length;
  }
}
