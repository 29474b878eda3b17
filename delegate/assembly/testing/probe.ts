/*
 * A delegate for tests of the host: does what the payload of its message says. Not part of the module that is shipped.
 *
 * Payload: u8 operation, then what the operation takes. An operation that calls an import: four i64 arguments, then bytes
 * that are put at `scratch` before. The answer is the import's result as i64 and the first 256 bytes of `scratch`.
 */
import { bufferBytes, newBuffer, resultAddress } from '../abi.ts';
import { Bytes, Writer } from '../bytes.ts';
import { decodeInbound } from '../inbound.ts';
import { Outbox } from '../outbound.ts';
import { __frnt__logger__info } from '../imports/freenet_log.ts';
import {
  __frnt__delegate__get_contract_state,
  __frnt__delegate__get_contract_state_len,
  __frnt__delegate__put_contract_state,
  __frnt__delegate__subscribe_contract,
  __frnt__delegate__update_contract_state,
} from './imports/freenet_delegate_contracts.ts';
import {
  __frnt__delegate__ctx_len,
  __frnt__delegate__ctx_read,
  __frnt__delegate__ctx_write,
} from './imports/freenet_delegate_ctx.ts';
import { __frnt__delegate__create_delegate } from './imports/freenet_delegate_management.ts';
import {
  __frnt__delegate__get_secret,
  __frnt__delegate__get_secret_len,
  __frnt__delegate__has_secret,
  __frnt__delegate__list_secrets,
  __frnt__delegate__list_secrets_len,
  __frnt__delegate__remove_secret,
  __frnt__delegate__set_secret,
} from './imports/freenet_delegate_secrets.ts';
import { __frnt__rand__rand_bytes } from './imports/freenet_rand.ts';
import { __frnt__time__utc_now } from './imports/freenet_time.ts';

const scratch: usize = memory.data(4096, 8);

let instance: i64 = -1;
/** What the context's length was before `process` ran. */
let early: i32 = 0;

export function __frnt__initiate_buffer(capacity: u32): i64 {
  return newBuffer(capacity);
}

export function __frnt_set_id(id: i64): void {
  instance = id;
  early = __frnt__delegate__ctx_len();
}

function recurse(depth: i64): i64 {
  return depth < 0 ? 0 : recurse(depth + 1) * 3 + 1;
}

/** The result of the operation that calls an import. */
function call(operation: u8, a: i64, b: i64, c: i64, d: i64): i64 {
  const m = <i32>b;
  const n = <i32>d;
  switch (operation) {
    case 0:
      return scratch;
    case 1:
      return early;
    case 2:
      return __frnt__delegate__ctx_len();
    case 3:
      return __frnt__delegate__ctx_read(a, m);
    case 4:
      return __frnt__delegate__ctx_write(a, m);
    case 5:
      return __frnt__delegate__get_secret_len(a, m);
    case 6:
      return __frnt__delegate__get_secret(a, m, c, n);
    case 7:
      return __frnt__delegate__set_secret(a, m, c, n);
    case 8:
      return __frnt__delegate__has_secret(a, m);
    case 9:
      return __frnt__delegate__remove_secret(a, m);
    case 10:
      return __frnt__delegate__list_secrets_len(a, m);
    case 11:
      return __frnt__delegate__list_secrets(a, m, c, n);
    case 12:
      return __frnt__delegate__get_contract_state_len(a, m);
    case 13:
      return __frnt__delegate__get_contract_state(a, m, c, d);
    case 14:
      return __frnt__delegate__put_contract_state(a, m, c, d);
    case 15:
      return __frnt__delegate__update_contract_state(a, m, c, d);
    case 16:
      return __frnt__delegate__subscribe_contract(a, m);
    case 17:
      return __frnt__delegate__create_delegate(a, b, c, d, scratch, scratch, scratch, scratch);
    case 18:
      __frnt__logger__info(instance, a, m);
      return 0;
    case 19:
      __frnt__rand__rand_bytes(instance, a, m);
      return 0;
    case 20:
      __frnt__time__utc_now(instance, a);
      return 0;
    case 21:
      return recurse(0);
    default:
      return unreachable();
  }
}

/** Its answer is the rest of the payload, whatever that is. */
const ANSWER: u8 = 100;
/** Its answer lies outside of memory. */
const NOWHERE: u8 = 101;
/** Its answer is the context that the message came with. */
const CONTEXT: u8 = 102;
/** Its answer is the parameters, then the origin, as they came. */
const ARGUMENTS: u8 = 103;

export function process(parameters: i64, origin: i64, inbound: i64): i64 {
  const arrived = bufferBytes(<usize>inbound);
  const message = decodeInbound(arrived);
  if (!message) return resultAddress(new Bytes(0, 0));
  const payload = message.payload;
  const operation = payload.at(0);
  const out = new Outbox();
  if (operation == ANSWER) return resultAddress(payload.from(1));
  if (operation == NOWHERE) return resultAddress(new Bytes(0xffff_fff0, 64));
  if (operation == CONTEXT) {
    // behind the variant, the payload and two lengths; the flag is the last byte
    const context = arrived.from(20 + payload.length);
    context.length -= 1;
    out.reply(context);
    return resultAddress(out.encode());
  }
  const answer = new Writer();
  if (operation == ARGUMENTS) {
    answer.raw(bufferBytes(<usize>parameters));
    answer.raw(bufferBytes(<usize>origin));
  } else {
    const args = payload.from(1).pointer;
    const bytes = payload.from(33);
    memory.copy(scratch, bytes.pointer, bytes.length);
    answer.u64(
      call(
        operation,
        load<i64>(args),
        load<i64>(args, 8),
        load<i64>(args, 16),
        load<i64>(args, 24),
      ),
    );
    answer.raw(new Bytes(scratch, 256));
  }
  out.reply(answer.finish());
  return resultAddress(out.encode());
}
