import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../delegate/compile.ts';
import { encodeProcessResult } from '../../src/freenet/guest-abi.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import { concatBytes, toHex, utf8 } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { DelegateRequest, DelegateRunError, LoadedDelegate } from './delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from './delegate-host.ts';
import type { ContractRequestError, DelegateContracts } from './delegate-imports.ts';
import { MemorySecrets } from './memory-secrets.ts';

/** Operations of delegate/assembly/testing/probe.ts. */
const OP = {
  scratch: 0,
  early: 1,
  ctxLen: 2,
  ctxRead: 3,
  ctxWrite: 4,
  getSecretLen: 5,
  getSecret: 6,
  setSecret: 7,
  hasSecret: 8,
  removeSecret: 9,
  listSecretsLen: 10,
  listSecrets: 11,
  contractStateLen: 12,
  contractState: 13,
  putContractState: 14,
  updateContractState: 15,
  subscribeContract: 16,
  createDelegate: 17,
  log: 18,
  random: 19,
  time: 20,
  recurse: 21,
  trap: 99,
  answer: 100,
  nowhere: 101,
  context: 102,
  arguments: 103,
} as const;

const NO_BYTES = new Uint8Array(0);
const ID = new Uint8Array(32).fill(7);

let probe: LoadedDelegate;
let scratch: bigint;

function message(payload: Uint8Array): InboundDelegateMsg {
  return { type: 'ApplicationMessage', payload, context: utf8('the client’s'), processed: false };
}

function payload(operation: number, args: readonly bigint[], bytes: Uint8Array): Uint8Array {
  const head = new Uint8Array(33);
  head[0] = operation;
  const view = new DataView(head.buffer);
  for (const [index, arg] of args.entries()) view.setBigInt64(1 + index * 8, arg, true);
  return concatBytes([head, bytes]);
}

function run(
  messages: readonly Uint8Array[],
  more: Partial<DelegateRequest> = {},
): ReturnType<typeof runDelegate> {
  return runDelegate(probe, {
    params: NO_BYTES,
    origin: undefined,
    messages: messages.map(message),
    secrets: new MemorySecrets(),
    context: NO_BYTES,
    ...more,
  });
}

function replies(messages: readonly Uint8Array[], more?: Partial<DelegateRequest>): Uint8Array[] {
  const result = run(messages, more);
  if (!result.ok) throw new Error(describeWasmError(result.error));
  return result.value.outbound.map((one) => {
    if (one.type !== 'ApplicationMessage') throw new Error(`a ${one.type}`);
    return one.payload;
  });
}

/** What an import answered, and what then stands at the scratch area. */
function callImport(
  operation: number,
  args: readonly bigint[],
  bytes: Uint8Array = NO_BYTES,
  more?: Partial<DelegateRequest>,
): { code: number; at: (offset: number, length: number) => Uint8Array } {
  const [reply] = replies([payload(operation, args, bytes)], more);
  if (!reply) throw new Error('no reply');
  const code = Number(new DataView(reply.buffer, reply.byteOffset).getBigInt64(0, true));
  return { code, at: (offset, length) => reply.subarray(8 + offset, 8 + offset + length) };
}

function errorOf(result: ReturnType<typeof runDelegate>): DelegateRunError {
  if (result.ok) throw new Error('it ran');
  return result.error;
}

beforeAll(async () => {
  const loaded = loadDelegate(await compile('testing/probe.ts'));
  if (!loaded.ok) throw new Error(describeWasmError(loaded.error));
  probe = loaded.value;
  scratch = BigInt(callImport(OP.scratch, []).code);
}, 60_000);

describe('loading', () => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const text = (name: string): number[] => [name.length, ...utf8(name)];

  test('bytes that are no module are refused', () => {
    expect(loadDelegate(utf8('no wasm'))).toMatchObject({ error: { type: 'InvalidModule' } });
  });

  test('a module without memory, or without process, is refused by name', () => {
    expect(loadDelegate(Uint8Array.from(header))).toMatchObject({
      error: { type: 'MissingExport', name: 'memory' },
    });
    // one page of memory, exported
    const memory = [5, 3, 1, 0, 1, 7, 10, 1, ...text('memory'), 2, 0];
    expect(loadDelegate(Uint8Array.from([...header, ...memory]))).toMatchObject({
      error: { type: 'MissingExport', name: '__frnt__initiate_buffer' },
    });
  });

  test('an import that no node gives is refused by name, also when only its kind is wrong', () => {
    const importing = (module: string, name: string, kind: number[]): Uint8Array => {
      const entry = [1, ...text(module), ...text(name), ...kind];
      const type = [1, 4, 1, 0x60, 0, 0];
      return Uint8Array.from([...header, ...type, 2, entry.length, ...entry]);
    };
    const asFunction = [0, 0];
    const asMemory = [2, 0, 1];
    for (const [module, name, kind] of [
      ['env', 'abort', asFunction],
      ['freenet_log', 'toString', asFunction],
      ['constructor', 'name', asFunction],
      ['freenet_log', '__frnt__logger__info', asMemory],
    ] as const) {
      expect(loadDelegate(importing(module, name, kind))).toMatchObject({
        error: { type: 'UnknownImport', module, name },
      });
    }
  });
});

describe('arguments and answers', () => {
  test('parameters and origin arrive as they are', () => {
    const contractId = ID;
    const origin: MessageOrigin = { type: 'WebApp', contractId };
    const params = utf8('parameters');
    const [reply] = replies([Uint8Array.of(OP.arguments)], { params, origin });
    expect(reply).toEqual(concatBytes([params, new Uint8Array(4), contractId]));
  });

  test('no origin arrives as no bytes', () => {
    expect(replies([Uint8Array.of(OP.arguments)])).toEqual([NO_BYTES]);
  });

  test('an argument of some megabytes arrives whole', () => {
    const params = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const [reply] = replies([Uint8Array.of(OP.arguments)], { params });
    expect(reply && Buffer.compare(reply, params)).toBe(0);
  });

  test('messages run in order on one instance', () => {
    const write = payload(OP.ctxWrite, [scratch, 3n], utf8('abc'));
    const [, reply] = replies([write, payload(OP.ctxRead, [scratch + 64n, 99n], NO_BYTES)]);
    expect(reply?.subarray(8 + 64, 8 + 67)).toEqual(utf8('abc'));
    expect(reply?.subarray(8, 8 + 3)).toEqual(utf8('abc'));
  });

  test('each run has a fresh instance', () => {
    callImport(OP.ctxLen, [], utf8('left behind'));
    expect(callImport(OP.ctxLen, []).at(0, 4)).toEqual(new Uint8Array(4));
  });

  test('without messages nothing runs', () => {
    expect(run([])).toEqual(ok({ outbound: [], context: NO_BYTES }));
  });

  test('a guest error ends the run: its words come out, and the answers before it are dropped', () => {
    const refusal = encodeProcessResult({ ok: false, error: { type: 'Deser', cause: 'what?' } });
    const failing = concatBytes([Uint8Array.of(OP.answer), refusal]);
    const secrets = new MemorySecrets();
    const stored = payload(OP.setSecret, [scratch, 1n, scratch + 1n, 1n], utf8('kv'));
    const error = errorOf(run([stored, failing, stored], { secrets }));
    expect(error).toEqual({
      type: 'GuestError',
      error: { type: 'Deser', cause: 'what?' },
      message: 1,
    });
    expect(describeWasmError(error)).toBe('Deser: what?');
    expect(secrets.get(utf8('k'))).toEqual(utf8('v'));
  });

  test('a trap and a stack overflow are traps', () => {
    expect(errorOf(run([Uint8Array.of(OP.trap, ...new Uint8Array(32))]))).toMatchObject({
      type: 'Trap',
      message: 0,
    });
    expect(errorOf(run([payload(OP.recurse, [], NO_BYTES)]))).toMatchObject({ type: 'Trap' });
  });

  test('an answer outside of memory, or one that is none, is a bad result', () => {
    expect(errorOf(run([Uint8Array.of(OP.nowhere)]))).toMatchObject({ type: 'BadResult' });
    for (const bytes of [[], [9, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0]]) {
      const answer = Uint8Array.from([OP.answer, ...bytes]);
      expect(errorOf(run([answer]))).toMatchObject({ type: 'BadResult' });
    }
  });

  test('what a store throws is not taken for a fault of the guest', () => {
    class Broken extends MemorySecrets {
      override get(): never {
        throw new Error('the disk is gone');
      }
    }
    const secrets = new Broken();
    const asking = payload(OP.getSecretLen, [scratch, 1n], utf8('k'));
    expect(() => run([asking], { secrets })).toThrow('the disk is gone');
  });
});

describe('context', () => {
  const answering = (outbound: readonly OutboundDelegateMsg[]): Uint8Array =>
    concatBytes([Uint8Array.of(OP.answer), encodeProcessResult(ok(outbound))]);
  const updated = (text: string): OutboundDelegateMsg => ({
    type: 'ContextUpdated',
    context: utf8(text),
  });
  const answered = (text: string): OutboundDelegateMsg => ({
    type: 'ApplicationMessage',
    payload: NO_BYTES,
    context: utf8(text),
    processed: true,
  });

  test('the host’s takes the place of the client’s', () => {
    const [reply] = replies([Uint8Array.of(OP.context)], { context: utf8('the host’s') });
    expect(reply).toEqual(utf8('the host’s'));
  });

  test('what the guest writes is the next message’s and the next run’s', () => {
    const write = payload(OP.ctxWrite, [scratch, 3n], utf8('new'));
    const result = run([write, Uint8Array.of(OP.context)], { context: utf8('old') });
    if (!result.ok) throw new Error('it failed');
    expect(result.value.context).toEqual(utf8('new'));
    expect(result.value.outbound[1]).toMatchObject({ payload: utf8('new') });
  });

  test('updates in front are kept, not handed on; the first message behind them is handed on without its context', () => {
    const result = run([
      answering([updated('one'), updated('two'), answered('x'), updated('three'), answered('y')]),
    ]);
    expect(result).toMatchObject({
      ok: true,
      value: {
        context: utf8('two'),
        outbound: [answered(''), updated('three'), answered('y')],
      },
    });
  });

  test('one of 409,600 bytes is not kept', () => {
    const of = (length: number): Uint8Array =>
      answering([{ type: 'ContextUpdated', context: new Uint8Array(length) }]);
    const kept = run([of(409_599)]);
    expect(kept.ok && kept.value.context.length).toBe(409_599);
    expect(run([of(409_600)])).toMatchObject({ value: { context: NO_BYTES } });
  });

  test('there is none before process runs', () => {
    expect(callImport(OP.early, [], NO_BYTES, { context: utf8('here') }).code).toBe(-1);
    expect(callImport(OP.ctxLen, [], NO_BYTES, { context: utf8('here') }).code).toBe(4);
  });

  test('reading gives as much as is asked for', () => {
    const context = utf8('context');
    const read = callImport(OP.ctxRead, [scratch, 3n], NO_BYTES, { context });
    expect(read.code).toBe(3);
    expect(read.at(0, 5)).toEqual(Uint8Array.of(...utf8('con'), 0, 0));
    expect(callImport(OP.ctxRead, [scratch, -1n], NO_BYTES, { context }).code).toBe(-4);
    expect(callImport(OP.ctxRead, [-8n, 3n], NO_BYTES, { context }).code).toBe(-7);
    expect(callImport(OP.ctxWrite, [scratch, -1n]).code).toBe(-4);
    expect(callImport(OP.ctxWrite, [1n << 40n, 1n]).code).toBe(-7);
  });
});

describe('secrets', () => {
  const stored = (): MemorySecrets => {
    const secrets = new MemorySecrets();
    secrets.set(utf8('room:a'), utf8('value'));
    secrets.set(utf8('room:b'), NO_BYTES);
    secrets.set(utf8('other'), utf8('x'));
    return secrets;
  };
  const key = utf8('room:a');

  test('a secret has a length and a value', () => {
    const secrets = stored();
    expect(callImport(OP.getSecretLen, [scratch, 6n], key, { secrets }).code).toBe(5);
    const got = callImport(OP.getSecret, [scratch, 6n, scratch + 32n, 5n], key, { secrets });
    expect(got.code).toBe(5);
    expect(got.at(32, 5)).toEqual(utf8('value'));
    expect(callImport(OP.hasSecret, [scratch, 6n], key, { secrets }).code).toBe(1);
  });

  test('one that is not there has none', () => {
    const missing = utf8('room:c');
    expect(callImport(OP.getSecretLen, [scratch, 6n], missing).code).toBe(-2);
    expect(callImport(OP.getSecret, [scratch, 6n, scratch, 9n], missing).code).toBe(-2);
    expect(callImport(OP.hasSecret, [scratch, 6n], missing).code).toBe(0);
    expect(callImport(OP.removeSecret, [scratch, 6n], missing).code).toBe(-2);
  });

  test('a buffer that is too small, a negative length and foreign memory are told apart', () => {
    const secrets = stored();
    const codes = (operation: number, args: bigint[]): number =>
      callImport(operation, args, key, { secrets }).code;
    expect(codes(OP.getSecret, [scratch, 6n, scratch, 4n])).toBe(-6);
    expect(codes(OP.getSecret, [scratch, -1n, scratch, 9n])).toBe(-4);
    expect(codes(OP.getSecret, [scratch, 6n, scratch, -9n])).toBe(-4);
    expect(codes(OP.getSecret, [scratch, 6n, 1n << 33n, 9n])).toBe(-7);
    expect(codes(OP.getSecretLen, [-1n, 6n])).toBe(-7);
    expect(codes(OP.setSecret, [scratch, 6n, scratch, -1n])).toBe(-4);
    expect(codes(OP.setSecret, [scratch, 6n, 1n << 33n, 1n])).toBe(-7);
    expect(codes(OP.hasSecret, [scratch, -1n])).toBe(-4);
    expect(codes(OP.listSecrets, [scratch, 0n, scratch, -1n])).toBe(-4);
  });

  test('a write that the store refuses is a failed write, and so is one in the node’s own names', () => {
    class Full extends MemorySecrets {
      override set(): boolean {
        return false;
      }
    }
    const secrets = new Full();
    const args = [scratch, 18n, scratch, 1n];
    expect(callImport(OP.setSecret, args, key, { secrets }).code).toBe(-3);
    expect(callImport(OP.setSecret, args, utf8('\0freenet-migrate/x')).code).toBe(-3);
  });

  test('writing and removing reach the store', () => {
    const secrets = stored();
    const bytes = utf8('room:anew');
    callImport(OP.setSecret, [scratch, 6n, scratch + 6n, 3n], bytes, { secrets });
    expect(secrets.get(key)).toEqual(utf8('new'));
    expect(callImport(OP.removeSecret, [scratch, 6n], key, { secrets }).code).toBe(0);
    expect(secrets.get(key)).toBeUndefined();
  });

  test('a list names the keys of a prefix, each after its length', () => {
    const secrets = stored();
    const prefix = utf8('room:');
    const expected = Uint8Array.of(6, 0, 0, 0, ...key, 6, 0, 0, 0, ...utf8('room:b'));
    const length = BigInt(expected.length);
    expect(callImport(OP.listSecretsLen, [scratch, 5n], prefix, { secrets }).code).toBe(20);
    const list = callImport(OP.listSecrets, [scratch, 5n, scratch, length], prefix, { secrets });
    expect(list.code).toBe(20);
    expect(list.at(0, 20)).toEqual(expected);
    expect(callImport(OP.listSecrets, [scratch, 5n, scratch, 19n], prefix, { secrets }).code).toBe(
      -6,
    );
    expect(callImport(OP.listSecretsLen, [scratch, 0n], NO_BYTES, { secrets }).code).toBe(29);
  });
});

describe('contracts', () => {
  /** One contract, whose state is in memory. */
  class OneContract implements DelegateContracts {
    current: Uint8Array | undefined = utf8('state');
    readonly calls: string[] = [];
    failure: ContractRequestError | undefined;

    #answer(call: string, id: Uint8Array): { ok: false; error: ContractRequestError } | undefined {
      this.calls.push(`${call} ${toHex(id).slice(0, 4)}`);
      return this.failure && { ok: false, error: this.failure };
    }

    state(id: Uint8Array): ReturnType<DelegateContracts['state']> {
      const failed = this.#answer('state', id);
      if (failed) return failed;
      return this.current ? ok(this.current) : { ok: false, error: 'NotFound' };
    }

    put(id: Uint8Array, state: Uint8Array): ReturnType<DelegateContracts['put']> {
      const failed = this.#answer('put', id);
      if (!failed) this.current = state;
      return failed ?? ok(undefined);
    }

    update(id: Uint8Array, state: Uint8Array): ReturnType<DelegateContracts['update']> {
      const failed = this.#answer('update', id);
      if (!failed) this.current = state;
      return failed ?? ok(undefined);
    }

    subscribe(id: Uint8Array): ReturnType<DelegateContracts['subscribe']> {
      return this.#answer('subscribe', id) ?? ok(undefined);
    }
  }

  test('state, put, update and subscribe reach the node', () => {
    const contracts = new OneContract();
    const more = { contracts };
    expect(callImport(OP.contractStateLen, [scratch, 32n], ID, more).code).toBe(5);
    const got = callImport(OP.contractState, [scratch, 32n, scratch + 64n, 9n], ID, more);
    expect(got.code).toBe(5);
    expect(got.at(64, 5)).toEqual(utf8('state'));
    const bytes = concatBytes([ID, utf8('next')]);
    const args = [scratch, 32n, scratch + 32n, 4n];
    expect(callImport(OP.putContractState, args, bytes, more).code).toBe(0);
    expect(contracts.current).toEqual(utf8('next'));
    expect(callImport(OP.updateContractState, args, bytes, more).code).toBe(0);
    expect(callImport(OP.subscribeContract, [scratch, 32n], ID, more).code).toBe(0);
    expect(contracts.calls).toEqual([
      'state 0707',
      'state 0707',
      'put 0707',
      'update 0707',
      'subscribe 0707',
    ]);
  });

  test('each failure has its code', () => {
    const contracts = new OneContract();
    const code = (operation: number, args: bigint[]): number =>
      callImport(operation, args, ID, { contracts }).code;
    expect(code(OP.contractStateLen, [scratch, 31n])).toBe(-4);
    expect(code(OP.contractStateLen, [-1n, 32n])).toBe(-9);
    expect(code(OP.contractState, [scratch, 32n, scratch, 4n])).toBe(-6);
    expect(code(OP.contractState, [scratch, 32n, scratch, -4n])).toBe(-4);
    expect(code(OP.contractState, [scratch, 32n, 1n << 40n, 9n])).toBe(-9);
    expect(code(OP.putContractState, [scratch, 32n, scratch, -1n])).toBe(-4);
    expect(code(OP.putContractState, [scratch, 32n, scratch, 1n << 40n])).toBe(-9);
    for (const [failure, expected] of [
      ['NotFound', -7],
      ['StoreFailed', -8],
      ['UnknownCode', -10],
    ] as const) {
      contracts.failure = failure;
      expect(code(OP.contractStateLen, [scratch, 32n])).toBe(expected);
      expect(code(OP.updateContractState, [scratch, 32n, scratch, 1n])).toBe(expected);
      expect(code(OP.subscribeContract, [scratch, 32n])).toBe(expected);
    }
  });

  test('without a node that has contracts, none is found', () => {
    expect(callImport(OP.contractStateLen, [scratch, 32n], ID).code).toBe(-7);
    expect(callImport(OP.subscribeContract, [scratch, 32n], ID).code).toBe(-7);
  });

  test('further delegates are not made, and the guest is told so', () => {
    expect(callImport(OP.createDelegate, [scratch, 1n, scratch, 0n]).code).toBe(-24);
    expect(callImport(OP.createDelegate, [scratch, -1n, scratch, 0n]).code).toBe(-4);
  });
});

describe('log, randomness and time', () => {
  test('a line is logged as text, whatever its bytes', () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    callImport(OP.log, [scratch, 6n], utf8('größ'), { log });
    callImport(OP.log, [scratch, 2n], Uint8Array.of(0x41, 0xff), { log });
    callImport(OP.log, [scratch, -1n], NO_BYTES, { log });
    callImport(OP.log, [1n << 40n, 1n], NO_BYTES, { log });
    expect(lines).toEqual(['größ', 'A\ufffd']);
  });

  test('random bytes come from the host’s source', () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
    const filled = callImport(OP.random, [scratch + 1n, 3n], NO_BYTES, { random });
    expect(filled.at(0, 5)).toEqual(Uint8Array.of(0, 9, 9, 9, 0));
  });

  test('time is a packed date, a second of the day and a nanosecond', () => {
    const at = (iso: string): Uint8Array => {
      const clock = { now: () => Date.parse(iso) };
      return callImport(OP.time, [scratch], NO_BYTES, { clock }).at(0, 12);
    };
    const native = (date: number, second: number, nanosecond: number): Uint8Array =>
      new Uint8Array(Uint32Array.of(date, second, nanosecond).buffer);
    // a leap year that began on a Monday, a common one that began on a Sunday
    const leapDay = (2024 << 13) | (60 << 4) | 0b0110;
    const newYear = (2023 << 13) | (1 << 4) | 0b1101;
    expect(at('2024-02-29T12:34:56.789Z')).toEqual(native(leapDay, 45_296, 789_000_000));
    expect(at('2023-01-01T00:00:00.000Z')).toEqual(native(newYear, 0, 0));
  });
});
