/* The contract of `echo.ts`, with arguments in one piece. */
import { bufferBytes, newBuffer } from '../abi.ts';
import { Bytes } from '../bytes.ts';
import { delta, summarize, update, validate } from './echo.ts';

export function __frnt__initiate_buffer(capacity: u32): i64 {
  return newBuffer(capacity);
}

export function validate_state(parameters: i64, state: i64, related: i64): i64 {
  return validate(bytes(parameters), bytes(state), bytes(related));
}

export function update_state(parameters: i64, state: i64, updates: i64): i64 {
  return update(bytes(parameters), bytes(state), bytes(updates));
}

export function summarize_state(parameters: i64, state: i64): i64 {
  return summarize(bytes(parameters), bytes(state));
}

export function get_state_delta(parameters: i64, state: i64, summary: i64): i64 {
  return delta(bytes(parameters), bytes(state), bytes(summary));
}

function bytes(buffer: i64): Bytes {
  return bufferBytes(<usize>buffer);
}
