import { compileGuest } from './compile-guest.ts';

/**
 * A contract whose state is a text that only grows.
 *
 * - valid: no `!` in it; one that begins with `?` and an id (32 bytes) wants to see that contract first
 * - update: a State wins when it is longer; a Delta is appended, unless it holds a `#`
 * - summary: the length, u32 little-endian; delta: what is behind that length
 */
const SOURCE = `
function end(kind: i32): i64 {
  const result = heap.alloc(16);
  store<u64>(result, out);
  store<i32>(result, kind, 8);
  store<u32>(result, size, 12);
  return result;
}
function has(at: usize, length: u32, byte: u8): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) == byte) return true;
  return false;
}

export function validate_state(params: i64, state: i64, related: i64): i64 {
  const at = startOf(state);
  const length = lengthOf(state);
  begin(0);
  u32s(0);
  if (length >= 33 && load<u8>(at) == 0x3f && load<u64>(startOf(related)) == 0) {
    u32s(2); u64s(1); raw(at + 1, 32);
  } else u32s(has(at, length, 0x21) ? 1 : 0);
  return end(0);
}

export function update_state(params: i64, state: i64, updates: i64): i64 {
  let at = startOf(state);
  let length = lengthOf(state);
  let from = startOf(updates);
  const count = load<u64>(from);
  from += 8;
  for (let i: u64 = 0; i < count; i++) {
    const tag = load<u32>(from);
    const size = <u32>load<u64>(from, 4);
    const bytes = from + 12;
    from = bytes + size;
    if (tag == 0) {
      if (size > length) { at = bytes; length = size; }
    } else if (tag == 1) {
      if (has(bytes, size, 0x23)) {
        begin(0); u32s(1); u32s(2); u64s(7); raw(changetype<usize>(REFUSED), 7);
        return end(2);
      }
      const joined = heap.alloc(length + size);
      memory.copy(joined, at, length);
      memory.copy(joined + length, bytes, size);
      at = joined;
      length += size;
    } else { begin(0); u32s(1); u32s(1); return end(2); }
  }
  begin(length);
  u32s(0); u8s(1); u64s(length); raw(at, length); u64s(0);
  return end(2);
}
const REFUSED = String.UTF8.encode("refused");

export function summarize_state(params: i64, state: i64): i64 {
  begin(0);
  u32s(0); u64s(4); u32s(lengthOf(state));
  return end(3);
}

export function get_state_delta(params: i64, state: i64, summary: i64): i64 {
  const length = lengthOf(state);
  if (lengthOf(summary) != 4) { begin(0); u32s(1); u32s(4); return end(4); }
  const known = min(load<u32>(startOf(summary)), length);
  begin(length);
  u32s(0); u64s(length - known); raw(startOf(state) + known, length - known);
  return end(4);
}
`;

let compiled: Promise<Uint8Array> | undefined;

/** The contract's module; compiled once per test run. */
export const probeContract = (): Promise<Uint8Array> => (compiled ??= compileGuest(SOURCE));
