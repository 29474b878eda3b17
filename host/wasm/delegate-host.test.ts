import { beforeAll, describe, expect, test } from 'vitest';
import { encodeProcessResult } from '../../src/freenet/guest-abi.ts';
import type { MessageOrigin, OutboundDelegateMsg } from '../../src/freenet/types.ts';
import { concatBytes, utf8 } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { DelegateRunError } from './delegate-host.ts';
import { describeWasmError, loadDelegate } from './delegate-host.ts';
import { MemorySecrets } from './memory-secrets.ts';
import type { RunResult } from './testing/probe.ts';
import { OP, Probe, payload } from './testing/probe.ts';

const NO_BYTES = new Uint8Array(0);
const ID = new Uint8Array(32).fill(7);

let probe: Probe;
let scratch: bigint;

beforeAll(async () => {
  probe = await Probe.load();
  scratch = probe.scratch;
}, 60_000);

function errorOf(result: RunResult): DelegateRunError {
  if (result.ok) throw new Error('it ran');
  return result.error;
}

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
    const [reply] = probe.replies([Uint8Array.of(OP.arguments)], { params, origin });
    expect(reply).toEqual(concatBytes([params, new Uint8Array(4), contractId]));
  });

  test('no origin arrives as no bytes', () => {
    expect(probe.replies([Uint8Array.of(OP.arguments)])).toEqual([NO_BYTES]);
  });

  test('an argument of some megabytes arrives whole', () => {
    const params = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const [reply] = probe.replies([Uint8Array.of(OP.arguments)], { params });
    expect(reply && Buffer.compare(reply, params)).toBe(0);
  });

  test('messages run in order on one instance', () => {
    const write = payload(OP.ctxWrite, [scratch, 3n], utf8('abc'));
    const [, reply] = probe.replies([write, payload(OP.ctxRead, [scratch + 64n, 99n], NO_BYTES)]);
    expect(reply?.subarray(8 + 64, 8 + 67)).toEqual(utf8('abc'));
    expect(reply?.subarray(8, 8 + 3)).toEqual(utf8('abc'));
  });

  test('each run has a fresh instance', () => {
    probe.callImport(OP.ctxLen, [], utf8('left behind'));
    expect(probe.callImport(OP.ctxLen, []).at(0, 4)).toEqual(new Uint8Array(4));
  });

  test('without messages nothing runs', () => {
    expect(probe.run([])).toEqual(ok({ outbound: [], context: NO_BYTES }));
  });

  test('a guest error ends the run: its words come out, and the answers before it are dropped', () => {
    const refusal = encodeProcessResult({ ok: false, error: { type: 'Deser', cause: 'what?' } });
    const failing = concatBytes([Uint8Array.of(OP.answer), refusal]);
    const secrets = new MemorySecrets();
    const stored = payload(OP.setSecret, [scratch, 1n, scratch + 1n, 1n], utf8('kv'));
    const error = errorOf(probe.run([stored, failing, stored], { secrets }));
    expect(error).toEqual({
      type: 'GuestError',
      error: { type: 'Deser', cause: 'what?' },
      message: 1,
    });
    expect(describeWasmError(error)).toBe('Deser: what?');
    expect(secrets.get(utf8('k'))).toEqual(utf8('v'));
  });

  test('a trap and a stack overflow are traps', () => {
    expect(errorOf(probe.run([Uint8Array.of(OP.trap, ...new Uint8Array(32))]))).toMatchObject({
      type: 'Trap',
      message: 0,
    });
    expect(errorOf(probe.run([payload(OP.recurse, [], NO_BYTES)]))).toMatchObject({ type: 'Trap' });
  });

  test('an answer outside of memory, or one that is none, is a bad result', () => {
    expect(errorOf(probe.run([Uint8Array.of(OP.nowhere)]))).toMatchObject({ type: 'BadResult' });
    for (const bytes of [[], [9, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0]]) {
      const answer = Uint8Array.from([OP.answer, ...bytes]);
      expect(errorOf(probe.run([answer]))).toMatchObject({ type: 'BadResult' });
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
    expect(() => probe.run([asking], { secrets })).toThrow('the disk is gone');
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
    const [reply] = probe.replies([Uint8Array.of(OP.context)], { context: utf8('the host’s') });
    expect(reply).toEqual(utf8('the host’s'));
  });

  test('what the guest writes is the next message’s and the next run’s', () => {
    const write = payload(OP.ctxWrite, [scratch, 3n], utf8('new'));
    const result = probe.run([write, Uint8Array.of(OP.context)], { context: utf8('old') });
    if (!result.ok) throw new Error('it failed');
    expect(result.value.context).toEqual(utf8('new'));
    expect(result.value.outbound[1]).toMatchObject({ payload: utf8('new') });
  });

  test('updates in front are kept, not handed on; the first message behind them is handed on without its context', () => {
    const result = probe.run([
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
    const kept = probe.run([of(409_599)]);
    expect(kept.ok && kept.value.context.length).toBe(409_599);
    expect(probe.run([of(409_600)])).toMatchObject({ value: { context: NO_BYTES } });
  });
});
