/**
 * What a guest may take of the machine's memory. JavaScript has no such limits of its own, so they are written into the module
 * before it is compiled: a memory or table that would grow further does not grow, as on a Freenet node.
 *
 * Source: freenet-core: crates/core/src/wasm_runtime/engine/wasmtime_engine.rs; the binary format: WebAssembly 1.0, chapter 5.
 */
import { concatBytes } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';

/** Pages of 64 KiB: 256 MiB. */
export const MAX_PAGES = 4096;
export const MAX_TABLE_ELEMENTS = 10_000;

const MAGIC_AND_VERSION = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const TABLE_SECTION = 4;
const MEMORY_SECTION = 5;
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;

class Malformed extends Error {}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new Malformed('it ends in the middle');
    return byte;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Malformed('a number is too long');
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw new Malformed('it ends in the middle');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** A minimum, and a maximum that is there and at most `most`. */
function limits(reader: Reader, most: number, what: string): Uint8Array {
  const form = reader.byte();
  // shared ones and ones of 64 bits have other forms; no node gives them
  if (form > 1) throw new Malformed(`it wants ${what} of an unknown kind`);
  const least = reader.u32();
  if (least > most) {
    throw new Malformed(`it begins with ${least} ${what}, at most ${most} are given`);
  }
  const wanted = form === 1 ? reader.u32() : most;
  return concatBytes([Uint8Array.of(1), leb(least), leb(Math.min(wanted, most))]);
}

function limitedSection(id: number, body: Uint8Array): Uint8Array {
  const reader = new Reader(body);
  const count = reader.u32();
  const parts = [leb(count)];
  for (let i = 0; i < count; i++) {
    if (id === TABLE_SECTION) {
      const type = reader.byte();
      if (type !== FUNCREF && type !== EXTERNREF)
        throw new Malformed('it wants a table of an unknown kind');
      parts.push(Uint8Array.of(type), limits(reader, MAX_TABLE_ELEMENTS, 'table elements'));
    } else parts.push(limits(reader, MAX_PAGES, 'pages of memory'));
  }
  return concatBytes(parts);
}

/**
 * The module with its memories and tables bounded, otherwise as it is.
 *
 * @returns an error in words for what is no module, or wants more than the bounds from the start
 */
export function limitModule(wasm: Uint8Array): Result<Uint8Array, string> {
  const reader = new Reader(wasm);
  try {
    const head = reader.bytes(MAGIC_AND_VERSION.length);
    if (!head.every((byte, i) => byte === MAGIC_AND_VERSION[i])) {
      return err('it does not begin like a module');
    }
    const parts = [head];
    while (!reader.isAtEnd) {
      const id = reader.byte();
      const body = reader.bytes(reader.u32());
      const isBounded = id === TABLE_SECTION || id === MEMORY_SECTION;
      const kept = isBounded ? limitedSection(id, body) : body;
      parts.push(Uint8Array.of(id), leb(kept.length), kept);
    }
    return ok(concatBytes(parts));
  } catch (thrown) {
    if (thrown instanceof Malformed) return err(thrown.message);
    throw thrown;
  }
}
