import { compileGuest } from './compile-guest.ts';

/**
 * A delegate that does on request what a chat delegate never does. An application message's first byte says what:
 *
 * | byte | what |
 * |---|---|
 * | `e` | answers with the rest of the payload |
 * | `t` | traps |
 * | `x` | loops for ever |
 * | `w` | stores the rest of the payload as secret `w`, then returns an error |
 * | `W` | stores it, then traps |
 * | `r` | answers with secret `w`, or nothing |
 * | `o` | answers with its origin as it came |
 * | `c` | answers with its context, then keeps the rest of the payload as context |
 * | `s` | asks its node to subscribe; told of it, answers `s` and the outcome's tag |
 * | `S` | the same for the contract whose id (32 bytes) follows |
 * | `l` | asks its node for a contract; told of it, answers `l` and asks again, for ever |
 * | `u` | prompts the user; answers `u` and the length of the response |
 * | `d` | sends the other delegate whose key (64 bytes) follows a message with a forged sender |
 *
 * A contract's change is answered with its id and new state, a message of another delegate with its sender (64 bytes)
 * and the origin.
 */
const SOURCE = `
@external("freenet_delegate_secrets", "__frnt__delegate__set_secret")
declare function setSecret(key: i64, keyLen: i32, value: i64, valueLen: i32): i32;
@external("freenet_delegate_secrets", "__frnt__delegate__get_secret_len")
declare function secretLen(key: i64, keyLen: i32): i32;
@external("freenet_delegate_secrets", "__frnt__delegate__get_secret")
declare function getSecret(key: i64, keyLen: i32, out: i64, outLen: i32): i32;
@external("freenet_delegate_ctx", "__frnt__delegate__ctx_len")
declare function ctxLen(): i32;
@external("freenet_delegate_ctx", "__frnt__delegate__ctx_read")
declare function ctxRead(out: i64, len: i32): i32;
@external("freenet_delegate_ctx", "__frnt__delegate__ctx_write")
declare function ctxWrite(bytes: i64, len: i32): i32;

function end(): i64 {
  const result = heap.alloc(16);
  store<u64>(result, out);
  store<u32>(result, size, 8);
  return result;
}

function loopForEver(): void { let n: u32 = 0; while (true) { n++; store<u32>(0, n); } }

/** Ok with so many messages to come. */
function okBegin(count: u32, capacity: u32): void { begin(capacity); u32s(0); u64s(count); }
/** ApplicationMessage of two parts. */
function message(a: usize, aLen: u32, b: usize, bLen: u32): void {
  u32s(0); u64s(aLen + bLen); raw(a, aLen); raw(b, bLen); u64s(0); u8s(1);
}
function reply(a: usize, aLen: u32, b: usize = 0, bLen: u32 = 0): i64 {
  okBegin(1, aLen + bLen); message(a, aLen, b, bLen); return end();
}
function refuse(): i64 { begin(0); u32s(1); u32s(1); u64s(7); raw(changetype<usize>(REFUSED), 7); return end(); }
const REFUSED = String.UTF8.encode("refused");
const W = String.UTF8.encode("w");
const L = String.UTF8.encode("l");
const getContract = (): void => { u32s(3); fill(7, 32); u64s(0); u8s(0); };

export function process(params: i64, origin: i64, inbound: i64): i64 {
  const at = startOf(inbound);
  const tag = load<u32>(at);
  const w = changetype<usize>(W);
  if (tag == 1) { // UserResponse: request id, response
    const told = heap.alloc(2);
    store<u8>(told, 0x75);
    store<u8>(told, load<u8>(at + 8), 1);
    return reply(told, 2);
  }
  if (tag == 2) { okBegin(2, 0); message(changetype<usize>(L), 1, 0, 0); getContract(); return end(); }
  if (tag == 5) { // SubscribeContractResponse: id, result
    const told = heap.alloc(2);
    store<u8>(told, 0x73);
    store<u8>(told, load<u8>(at + 36), 1);
    return reply(told, 2);
  }
  if (tag == 6) return reply(at + 4, 32, at + 44, <u32>load<u64>(at, 36)); // id, new state
  if (tag == 7) return reply(at + 68, 64, startOf(origin), lengthOf(origin)); // target, sender
  if (tag != 0) return refuse();

  const length = <u32>load<u64>(at, 4);
  const what = load<u8>(at, 12);
  const rest = at + 13;
  const restLen = length - 1;
  switch (what) {
    case 0x65: return reply(rest, restLen);
    case 0x74: unreachable();
    case 0x78: loopForEver();
    case 0x77: setSecret(w, 1, rest, restLen); return refuse();
    case 0x57: setSecret(w, 1, rest, restLen); unreachable();
    case 0x72: {
      const len = secretLen(w, 1);
      if (len < 0) return reply(0, 0);
      const value = heap.alloc(max(len, 1));
      getSecret(w, 1, value, len);
      return reply(value, len);
    }
    case 0x6f: return reply(startOf(origin), lengthOf(origin));
    case 0x63: {
      const len = ctxLen();
      const context = heap.alloc(max(len, 1));
      ctxRead(context, len);
      ctxWrite(rest, restLen);
      return reply(context, len);
    }
    case 0x73: okBegin(1, 0); u32s(6); fill(7, 32); u64s(0); u8s(0); return end();
    case 0x53: okBegin(1, 0); u32s(6); raw(rest, 32); u64s(0); u8s(0); return end();
    case 0x6c: okBegin(1, 0); getContract(); return end();
    case 0x75: okBegin(1, 0); u32s(1); u32s(5); u64s(0); u64s(0); return end();
    case 0x64: okBegin(1, 0); u32s(7); raw(rest, 64); fill(0xff, 64); u64s(0); u64s(0); u8s(0); return end();
    default: return refuse();
  }
}
`;

let compiled: Promise<Uint8Array> | undefined;

/** The delegate's module; compiled once per test run. */
export const probeDelegate = (): Promise<Uint8Array> => (compiled ??= compileGuest(SOURCE));
