import { Bytes, Writer } from '../bytes.ts';

/*
 * What the contracts for tests of the host answer, to show what arrived. The first byte of the parameters tells: 0 answer;
 * 1 a guest error; 2 the result says it is of another function; 3 it lies outside of memory; 4 trap.
 */

const OK: u32 = 0;
const ERR: u32 = 1;
const INVALID_STATE: u32 = 3;

/** Address of { i64 pointer, i32 kind, u32 size }. */
function result(kind: u32, parameters: Bytes, answer: Bytes): i64 {
  const mode = parameters.length > 0 ? parameters.at(0) : 0;
  if (mode == 4) unreachable();
  const encoded = new Writer();
  if (mode == 1) {
    encoded.u32(ERR);
    encoded.u32(INVALID_STATE);
  } else {
    encoded.u32(OK);
    encoded.raw(answer);
  }
  const bytes = encoded.finish();
  const struct = heap.alloc(16);
  store<i64>(struct, mode == 3 ? -16 : bytes.pointer);
  store<u32>(struct, mode == 2 ? kind + 1 : kind, 8);
  store<u32>(struct, bytes.length, 12);
  return struct;
}

function byteString(to: Writer, parts: Bytes[]): void {
  let length: u64 = 0;
  for (let i = 0; i < parts.length; i++) length += parts[i].length;
  to.u64(length);
  for (let i = 0; i < parts.length; i++) to.raw(parts[i]);
}

/** Valid when the state and the related contracts are the same bytes. */
export function validate(parameters: Bytes, state: Bytes, related: Bytes): i64 {
  const verdict = new Writer();
  verdict.u32(state.equals(related) ? 0 : 1);
  return result(0, parameters, verdict.finish());
}

/** The new state is the state and then the updates. */
export function update(parameters: Bytes, state: Bytes, updates: Bytes): i64 {
  const modification = new Writer();
  modification.u8(1);
  byteString(modification, [state, updates]);
  modification.u64(0); // nothing related
  return result(2, parameters, modification.finish());
}

/** The summary is the state. */
export function summarize(parameters: Bytes, state: Bytes): i64 {
  const summary = new Writer();
  byteString(summary, [state]);
  return result(3, parameters, summary.finish());
}

/** The delta is the summary and then the state. */
export function delta(parameters: Bytes, state: Bytes, summary: Bytes): i64 {
  const answer = new Writer();
  byteString(answer, [summary, state]);
  return result(4, parameters, answer.finish());
}
