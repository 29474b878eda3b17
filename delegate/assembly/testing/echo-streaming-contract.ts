/* The contract of `echo.ts`, with arguments that come in pieces: a u32 length, then bytes until there are as many. */
import { newBuffer } from '../abi.ts';
import { Bytes } from '../bytes.ts';
import { delta, summarize, update, validate } from './echo.ts';
import { __frnt__fill_buffer } from './imports/freenet_contract_io.ts';

let instance: i64 = -1;

export function __frnt_set_id(id: i64): void {
  instance = id;
}

export function __frnt__initiate_buffer(capacity: u32): i64 {
  return newBuffer(capacity);
}

function bytes(argument: i64): Bytes {
  const buffer = <usize>argument;
  const start = <usize>load<i64>(buffer);
  const read = <usize>load<i64>(buffer, 16);
  const written = <usize>load<i64>(buffer, 24);
  const all = Bytes.allocate(load<u32>(start));
  store<u32>(read, 4);
  let have: u32 = 0;
  while (true) {
    const from = load<u32>(read);
    const piece = load<u32>(written) - from;
    memory.copy(all.pointer + have, start + from, piece);
    have += piece;
    if (have >= all.length || __frnt__fill_buffer(instance, argument) == 0) break;
  }
  all.length = have;
  return all;
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
