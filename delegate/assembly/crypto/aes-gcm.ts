import { Bytes } from '../bytes.ts';

/*
 * AES-256-GCM of FIPS 197 and SP 800-38D, with a nonce of 12 bytes and no further data.
 *
 * Without tables: where a secret would be an index, time could tell it. The S-box is computed, for eight bytes at once.
 */

const BLOCK: u32 = 16;
/** Bytes of the tag behind the ciphertext. */
export const TAG: u32 = 16;
const ROUNDS: u32 = 14;

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const LOW_SEVEN: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/** Each byte times x, modulo x^8 + x^4 + x^3 + x + 1. */
function timesX(bytes: u64): u64 {
  return ((bytes & LOW_SEVEN) << 1) ^ (((bytes >> 7) & LOW_BITS) * 0x1b);
}

/** Byte by byte, the product in GF(2^8). */
function multiplyBytes(a: u64, b: u64): u64 {
  let product: u64 = 0;
  for (let bit = 0; bit < 8; bit++) {
    product ^= a & (((b >> bit) & LOW_BITS) * 0xff);
    a = timesX(a);
  }
  return product;
}

/** Each byte rotated left. */
function rotateBytes(bytes: u64, by: u64): u64 {
  const high = (LOW_BITS * 0xff) ^ (LOW_BITS * ((1 << by) - 1));
  return ((bytes << by) & high) | ((bytes >> (8 - by)) & ~high);
}

/** The S-box for eight bytes: the inverse (x^254), then an affine map. */
function substitute(x: u64): u64 {
  const x2 = multiplyBytes(x, x);
  const x3 = multiplyBytes(x2, x);
  const x6 = multiplyBytes(x3, x3);
  const x12 = multiplyBytes(x6, x6);
  const x15 = multiplyBytes(x12, x3);
  const x30 = multiplyBytes(x15, x15);
  const x60 = multiplyBytes(x30, x30);
  const x120 = multiplyBytes(x60, x60);
  const x126 = multiplyBytes(x120, x6);
  const x127 = multiplyBytes(x126, x);
  const inverse = multiplyBytes(x127, x127);
  const rotations =
    rotateBytes(inverse, 1) ^
    rotateBytes(inverse, 2) ^
    rotateBytes(inverse, 3) ^
    rotateBytes(inverse, 4);
  return inverse ^ rotations ^ (LOW_BITS * 0x63);
}

const roundKeys: usize = memory.data(240, 8);

function expandKey(key: usize): void {
  memory.copy(roundKeys, key, 32);
  let constant: u32 = 1;
  for (let i: u32 = 32; i < 240; i += 4) {
    let word = load<u32>(roundKeys + i - 4);
    if (i % 32 == 0) {
      word = <u32>substitute(rotr<u32>(word, 8)) ^ constant;
      constant <<= 1;
    } else if (i % 32 == 16) {
      word = <u32>substitute(word);
    }
    store<u32>(roundKeys + i, load<u32>(roundKeys + i - 32) ^ word);
  }
}

const shifted: usize = memory.data(16, 8);

/** Substitutes the state and shifts its rows; the four bytes of a column lie together. */
function substituteAndShift(state: usize): void {
  store<u64>(state, substitute(load<u64>(state)));
  store<u64>(state, substitute(load<u64>(state, 8)), 8);
  for (let i: u32 = 0; i < BLOCK; i++) {
    store<u8>(shifted + i, load<u8>(state + ((i + 4 * (i & 3)) & 15)));
  }
  memory.copy(state, shifted, BLOCK);
}

/** Within each half: the next bytes of the columns come into place. */
function rotateColumns(columns: u64, by: u64): u64 {
  const low: u64 = (1 << (32 - by)) - 1;
  const keep = low | (low << 32);
  return ((columns >> by) & keep) | ((columns << (32 - by)) & ~keep);
}

function mixColumns(columns: u64): u64 {
  const next = rotateColumns(columns, 8);
  return timesX(columns ^ next) ^ next ^ rotateColumns(columns, 16) ^ rotateColumns(columns, 24);
}

function addRoundKey(state: usize, round: u32): void {
  const key = roundKeys + round * BLOCK;
  store<u64>(state, load<u64>(state) ^ load<u64>(key));
  store<u64>(state, load<u64>(state, 8) ^ load<u64>(key, 8), 8);
}

/** Encrypts one block in place. */
function encryptBlock(state: usize): void {
  addRoundKey(state, 0);
  for (let round: u32 = 1; round < ROUNDS; round++) {
    substituteAndShift(state);
    store<u64>(state, mixColumns(load<u64>(state)));
    store<u64>(state, mixColumns(load<u64>(state, 8)), 8);
    addRoundKey(state, round);
  }
  substituteAndShift(state);
  addRoundKey(state, ROUNDS);
}

const counter: usize = memory.data(16, 8);
const keystream: usize = memory.data(16, 8);

function startCounter(nonce: usize): void {
  memory.copy(counter, nonce, 12);
  store<u32>(counter, bswap<u32>(1), 12);
}

/** The counter's block, encrypted; then the counter moves on. */
function nextKeystream(): void {
  memory.copy(keystream, counter, BLOCK);
  encryptBlock(keystream);
  store<u32>(counter, bswap<u32>(bswap<u32>(load<u32>(counter, 12)) + 1), 12);
}

/** Encrypts, or decrypts: it is the same. */
function applyKeystream(to: usize, from: Bytes): void {
  for (let i: u32 = 0; i < from.length; i++) {
    if (i % BLOCK == 0) nextKeystream();
    store<u8>(to + i, from.at(i) ^ load<u8>(keystream + (i % BLOCK)));
  }
}

// GHASH's running sum and its key, as two big-endian halves
let sumHigh: u64 = 0;
let sumLow: u64 = 0;
let keyHigh: u64 = 0;
let keyLow: u64 = 0;

/** The sum plus a block, times the key, in GF(2^128) with its bits in reverse. */
function absorb(high: u64, low: u64): void {
  const x = sumHigh ^ high;
  const y = sumLow ^ low;
  let powerHigh = keyHigh;
  let powerLow = keyLow;
  sumHigh = 0;
  sumLow = 0;
  for (let i = 0; i < 128; i++) {
    const bit = i < 64 ? (x >> (63 - i)) & 1 : (y >> (127 - i)) & 1;
    const mask: u64 = 0 - bit;
    sumHigh ^= powerHigh & mask;
    sumLow ^= powerLow & mask;
    const out: u64 = 0 - (powerLow & 1);
    powerLow = (powerLow >> 1) | (powerHigh << 63);
    powerHigh = (powerHigh >> 1) ^ (out & 0xe100_0000_0000_0000);
  }
}

const padded: usize = memory.data(16, 8);

/** The tag of a ciphertext under the expanded key. */
function computeTag(tag: usize, nonce: usize, ciphertext: Bytes): void {
  memory.fill(padded, 0, BLOCK);
  encryptBlock(padded);
  keyHigh = bswap<u64>(load<u64>(padded));
  keyLow = bswap<u64>(load<u64>(padded, 8));
  sumHigh = 0;
  sumLow = 0;
  for (let at: u32 = 0; at < ciphertext.length; at += BLOCK) {
    memory.fill(padded, 0, BLOCK);
    memory.copy(padded, ciphertext.pointer + at, min(BLOCK, ciphertext.length - at));
    absorb(bswap<u64>(load<u64>(padded)), bswap<u64>(load<u64>(padded, 8)));
  }
  absorb(0, (<u64>ciphertext.length) << 3);
  startCounter(nonce);
  nextKeystream();
  store<u64>(tag, load<u64>(keystream) ^ bswap<u64>(sumHigh));
  store<u64>(tag, load<u64>(keystream, 8) ^ bswap<u64>(sumLow), 8);
}

/**
 * The ciphertext with its tag behind it.
 *
 * @param key 32 bytes
 * @param nonce 12 bytes; never twice for one key
 */
export function encrypt(key: usize, nonce: usize, plaintext: Bytes): Bytes {
  expandKey(key);
  const sealed = Bytes.allocate(plaintext.length + TAG);
  startCounter(nonce);
  nextKeystream(); // the first block is the tag's
  applyKeystream(sealed.pointer, plaintext);
  const ciphertext = new Bytes(sealed.pointer, plaintext.length);
  computeTag(sealed.pointer + plaintext.length, nonce, ciphertext);
  return sealed;
}

const tag: usize = memory.data(16, 8);

/** The plaintext; null when the tag is not that of the ciphertext. */
export function decrypt(key: usize, nonce: usize, sealed: Bytes): Bytes | null {
  if (sealed.length < TAG) return null;
  expandKey(key);
  const ciphertext = new Bytes(sealed.pointer, sealed.length - TAG);
  const given = sealed.pointer + ciphertext.length;
  computeTag(tag, nonce, ciphertext);
  const difference =
    (load<u64>(tag) ^ load<u64>(given)) | (load<u64>(tag, 8) ^ load<u64>(given, 8));
  if (difference != 0) return null;
  const plaintext = Bytes.allocate(ciphertext.length);
  startCounter(nonce);
  nextKeystream();
  applyKeystream(plaintext.pointer, ciphertext);
  return plaintext;
}
