/**
 * Bytes in guest memory. Nothing is ever freed: an instance serves one request, and the runtime is the stub one, whose
 * allocator only moves forward.
 */
export class Bytes {
  pointer: usize;
  length: u32;

  constructor(pointer: usize, length: u32) {
    this.pointer = pointer;
    this.length = length;
  }

  static allocate(length: u32): Bytes {
    return new Bytes(heap.alloc(length), length);
  }

  at(index: u32): u8 {
    return load<u8>(this.pointer + index);
  }

  /** A view, not a copy. */
  from(start: u32): Bytes {
    return new Bytes(this.pointer + start, this.length - start);
  }

  equals(other: Bytes): bool {
    return (
      this.length == other.length && memory.compare(this.pointer, other.pointer, this.length) == 0
    );
  }

  /** Whether these are the characters of an ASCII text. */
  equalsText(text: string): bool {
    if (this.length != <u32>text.length) return false;
    for (let i: u32 = 0; i < this.length; i++) {
      if (<i32>load<u8>(this.pointer + i) != text.charCodeAt(i)) return false;
    }
    return true;
  }
}

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  const bytes = Bytes.allocate(String.UTF8.byteLength(text));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, bytes.pointer);
  return bytes;
}

/** A growing run of bytes. */
export class Writer {
  private start: usize;
  private used: u32 = 0;
  private capacity: u32;

  constructor(capacity: u32 = 64) {
    this.start = heap.alloc(capacity);
    this.capacity = capacity;
  }

  /** Makes sure that `more` further bytes need no new allocation; returns the address of the first one. */
  reserve(more: u32): usize {
    const needed = this.used + more;
    if (needed > this.capacity) {
      this.capacity = max(needed, this.capacity * 2);
      this.start = heap.realloc(this.start, this.capacity);
    }
    return this.start + this.used;
  }

  /** Counts `written` bytes that were put at the address `reserve` gave. */
  advance(written: u32): void {
    this.used += written;
  }

  u8(value: u8): void {
    store<u8>(this.reserve(1), value);
    this.used += 1;
  }

  /** Little-endian. */
  u32(value: u32): void {
    store<u32>(this.reserve(4), value);
    this.used += 4;
  }

  /** Little-endian. */
  u64(value: u64): void {
    store<u64>(this.reserve(8), value);
    this.used += 8;
  }

  raw(bytes: Bytes): void {
    memory.copy(this.reserve(bytes.length), bytes.pointer, bytes.length);
    this.used += bytes.length;
  }

  /** A text's UTF-8 bytes, without a length. */
  text(text: string): void {
    const length = String.UTF8.byteLength(text);
    const at = this.reserve(length);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
    this.used += length;
  }

  /** A number's digits. */
  decimal(value: u32): void {
    if (value >= 10) this.decimal(value / 10);
    this.u8(0x30 + <u8>(value % 10));
  }

  /** What was written, as a view that further writing may move away from. */
  finish(): Bytes {
    return new Bytes(this.start, this.used);
  }
}
