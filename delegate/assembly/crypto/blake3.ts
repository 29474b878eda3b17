import { Bytes } from '../bytes.ts';

/*
 * BLAKE3 of up to 1024 bytes, which is one chunk: all that a room's secrets need. 32 bytes of output.
 *
 * Source: the BLAKE3 specification, 2.1-2.6.
 */

const MAX_LENGTH: u32 = 1024;
const BLOCK: u32 = 64;

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 2;
const ROOT: u32 = 8;
const KEYED_HASH: u32 = 16;
const DERIVE_KEY_CONTEXT: u32 = 32;
const DERIVE_KEY_MATERIAL: u32 = 64;

const IV: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** Where each word of the message goes for the next round. */
const PERMUTATION: usize = memory.data<u8>([2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]);

const chaining: usize = memory.data(32, 8);
const state: usize = memory.data(64, 8);
const block: usize = memory.data(64, 8);
const permuted: usize = memory.data(64, 8);

function mix(a: u32, b: u32, c: u32, d: u32, x: u32, y: u32): void {
  let va = load<u32>(state + a * 4);
  let vb = load<u32>(state + b * 4);
  let vc = load<u32>(state + c * 4);
  let vd = load<u32>(state + d * 4);
  va = va + vb + x;
  vd = rotr<u32>(vd ^ va, 16);
  vc = vc + vd;
  vb = rotr<u32>(vb ^ vc, 12);
  va = va + vb + y;
  vd = rotr<u32>(vd ^ va, 8);
  vc = vc + vd;
  vb = rotr<u32>(vb ^ vc, 7);
  store<u32>(state + a * 4, va);
  store<u32>(state + b * 4, vb);
  store<u32>(state + c * 4, vc);
  store<u32>(state + d * 4, vd);
}

function word(index: u32): u32 {
  return load<u32>(block + index * 4);
}

/** Compresses `block` into `chaining`. */
function compress(length: u32, flags: u32): void {
  memory.copy(state, chaining, 32);
  memory.copy(state + 32, IV, 16);
  store<u64>(state, 0, 48); // the chunk's number
  store<u32>(state, length, 56);
  store<u32>(state, flags, 60);
  for (let round = 0; round < 7; round++) {
    for (let i: u32 = 0; i < 4; i++) {
      mix(i, 4 + i, 8 + i, 12 + i, word(2 * i), word(2 * i + 1));
    }
    for (let i: u32 = 0; i < 4; i++) {
      const b: u32 = 4 + ((i + 1) & 3);
      const c: u32 = 8 + ((i + 2) & 3);
      const d: u32 = 12 + ((i + 3) & 3);
      mix(i, b, c, d, word(8 + 2 * i), word(9 + 2 * i));
    }
    for (let i: u32 = 0; i < 16; i++) {
      store<u32>(permuted + i * 4, word(load<u8>(PERMUTATION + i)));
    }
    memory.copy(block, permuted, 64);
  }
  for (let i: u32 = 0; i < 32; i += 4) {
    store<u32>(chaining + i, load<u32>(state + i) ^ load<u32>(state + i + 32));
  }
}

/** @param key 32 bytes */
function hashChunk(digest: usize, input: Bytes, key: usize, mode: u32): void {
  assert(input.length <= MAX_LENGTH);
  memory.copy(chaining, key, 32);
  let flags = mode | CHUNK_START;
  let at = input.pointer;
  let left = input.length;
  while (left > BLOCK) {
    memory.copy(block, at, BLOCK);
    compress(BLOCK, flags);
    flags = mode;
    at += BLOCK;
    left -= BLOCK;
  }
  memory.fill(block, 0, BLOCK);
  memory.copy(block, at, left);
  compress(left, flags | CHUNK_END | ROOT);
  memory.copy(digest, chaining, 32);
}

/** @param digest 32 bytes */
export function blake3(digest: usize, input: Bytes): void {
  hashChunk(digest, input, IV, 0);
}

/** @param key 32 bytes */
export function blake3Keyed(digest: usize, key: usize, input: Bytes): void {
  hashChunk(digest, input, key, KEYED_HASH);
}

const contextKey: usize = memory.data(32, 8);

/** A key of 32 bytes from key material, for one purpose. */
export function blake3DeriveKey(digest: usize, context: Bytes, material: Bytes): void {
  hashChunk(contextKey, context, IV, DERIVE_KEY_CONTEXT);
  hashChunk(digest, material, contextKey, DERIVE_KEY_MATERIAL);
}
