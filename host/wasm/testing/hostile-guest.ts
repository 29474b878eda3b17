import { compileGuest } from '../../testing/compile-guest.ts';

/**
 * A module that is a delegate and a contract, and misbehaves on request. The first byte of a delegate's message, or of a
 * contract's state, says how:
 *
 * | byte | what |
 * |---|---|
 * | `l` | loops for ever |
 * | `m` | takes memory until it gets no more; answers with how many pages it has, u32 little-endian |
 * | `t` | traps |
 * | `a` | answers with 65,000 messages |
 * | `A` | answers with 40 MiB |
 * | `L` | stores the rest as secret `s`, then loops |
 * | `T` | stores the rest as secret `s`, then traps |
 * | `s` | stores the rest as secret `s` |
 * | `f` | stores 1 MiB under another key again and again until it is refused; answers with how often, u32 little-endian |
 * | `g` | answers with secret `s`, or nothing |
 * | else | a delegate answers with the message; a contract finds the state valid |
 *
 * A contract's update is the new state; its summary is the state. As a delta it gives the state, and loops when that begins
 * with `d`.
 */
const SOURCE = `
@external("freenet_delegate_secrets", "__frnt__delegate__set_secret")
declare function setSecret(key: i64, keyLen: i32, value: i64, valueLen: i32): i32;
@external("freenet_delegate_secrets", "__frnt__delegate__get_secret_len")
declare function secretLen(key: i64, keyLen: i32): i32;
@external("freenet_delegate_secrets", "__frnt__delegate__get_secret")
declare function getSecret(key: i64, keyLen: i32, out: i64, outLen: i32): i32;

const S = String.UTF8.encode("s");

function loopForEver(): void { let n: u32 = 0; while (true) { n++; store<u32>(0, n); } }
function takeMemory(): u32 { while (memory.grow(16) >= 0) {} return memory.size(); }

function misbehave(what: u8): void {
  if (what == 0x6c) loopForEver();
  if (what == 0x74) unreachable();
}

function reply(at: usize, length: u32): i64 {
  begin(length);
  u32s(0); u64s(1);
  u32s(0); u64s(length); raw(at, length); u64s(0); u8s(1);
  return delegateEnd();
}
function replyNumber(n: u32): i64 {
  const at = heap.alloc(4);
  store<u32>(at, n);
  return reply(at, 4);
}
function delegateEnd(): i64 {
  const result = heap.alloc(16);
  store<u64>(result, out);
  store<u32>(result, size, 8);
  return result;
}
function contractEnd(kind: i32): i64 {
  const result = heap.alloc(16);
  store<u64>(result, out);
  store<i32>(result, kind, 8);
  store<u32>(result, size, 12);
  return result;
}

function avalanche(): i64 {
  const count: u32 = 65000;
  begin(count * 21 + 12);
  u32s(0); u64s(count);
  memory.fill(out + 12, 0, count * 21);
  size = 12 + count * 21;
  return delegateEnd();
}

export function process(params: i64, origin: i64, inbound: i64): i64 {
  const at = startOf(inbound) + 12;
  const length = <u32>load<u64>(startOf(inbound), 4);
  const what = length > 0 ? load<u8>(at) : 0;
  const s = changetype<usize>(S);
  misbehave(what);
  switch (what) {
    case 0x6d: return replyNumber(takeMemory());
    case 0x61: return avalanche();
    case 0x41: return reply(heap.alloc(41943040), 41943040);
    case 0x4c: setSecret(s, 1, at + 1, length - 1); loopForEver();
    case 0x54: setSecret(s, 1, at + 1, length - 1); unreachable();
    case 0x73: setSecret(s, 1, at + 1, length - 1); return reply(0, 0);
    case 0x66: {
      const key = heap.alloc(4);
      const value = heap.alloc(1048576);
      let n: u32 = 0;
      while (n < 1000) {
        store<u32>(key, n);
        if (setSecret(key, 4, value, 1048576) != 0) break;
        n++;
      }
      return replyNumber(n);
    }
    case 0x67: {
      const found = secretLen(s, 1);
      if (found < 0) return reply(0, 0);
      const value = heap.alloc(max(found, 1));
      getSecret(s, 1, value, found);
      return reply(value, found);
    }
    default: return reply(at, length);
  }
}

const firstOf = (bytes: i64): u8 => lengthOf(bytes) > 0 ? load<u8>(startOf(bytes)) : 0;

export function validate_state(params: i64, state: i64, related: i64): i64 {
  const what = firstOf(state);
  misbehave(what);
  if (what == 0x6d) takeMemory();
  begin(0); u32s(0); u32s(0);
  return contractEnd(0);
}
export function update_state(params: i64, state: i64, updates: i64): i64 {
  const length = <u32>load<u64>(startOf(updates) + 8, 4);
  begin(length);
  u32s(0); u8s(1); u64s(length); raw(startOf(updates) + 20, length); u64s(0);
  return contractEnd(2);
}
function stateItself(state: i64, kind: i32): i64 {
  begin(lengthOf(state));
  u32s(0); u64s(lengthOf(state)); raw(startOf(state), lengthOf(state));
  return contractEnd(kind);
}
export function summarize_state(params: i64, state: i64): i64 { return stateItself(state, 3); }
export function get_state_delta(params: i64, state: i64, summary: i64): i64 {
  if (firstOf(state) == 0x64) loopForEver();
  return stateItself(state, 4);
}
`;

let compiled: Promise<Uint8Array> | undefined;

/** The module; compiled once per test run. */
export const hostileGuest = (): Promise<Uint8Array> => (compiled ??= compileGuest(SOURCE));
