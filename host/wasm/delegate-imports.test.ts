import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, toHex, utf8 } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { ContractRequestError, DelegateContracts } from './delegate-imports.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { OP, Probe } from './testing/probe.ts';

const NO_BYTES = new Uint8Array(0);
const ID = new Uint8Array(32).fill(7);

let probe: Probe;
let scratch: bigint;

beforeAll(async () => {
  probe = await Probe.load();
  scratch = probe.scratch;
}, 60_000);

describe('context', () => {
  test('there is none before process runs', () => {
    expect(probe.callImport(OP.early, [], NO_BYTES, { context: utf8('here') }).code).toBe(-1);
    expect(probe.callImport(OP.ctxLen, [], NO_BYTES, { context: utf8('here') }).code).toBe(4);
  });

  test('reading gives as much as is asked for', () => {
    const context = utf8('context');
    const read = probe.callImport(OP.ctxRead, [scratch, 3n], NO_BYTES, { context });
    expect(read.code).toBe(3);
    expect(read.at(0, 5)).toEqual(Uint8Array.of(...utf8('con'), 0, 0));
    expect(probe.callImport(OP.ctxRead, [scratch, -1n], NO_BYTES, { context }).code).toBe(-4);
    expect(probe.callImport(OP.ctxRead, [-8n, 3n], NO_BYTES, { context }).code).toBe(-7);
    expect(probe.callImport(OP.ctxWrite, [scratch, -1n]).code).toBe(-4);
    expect(probe.callImport(OP.ctxWrite, [1n << 40n, 1n]).code).toBe(-7);
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
    expect(probe.callImport(OP.getSecretLen, [scratch, 6n], key, { secrets }).code).toBe(5);
    const got = probe.callImport(OP.getSecret, [scratch, 6n, scratch + 32n, 5n], key, { secrets });
    expect(got.code).toBe(5);
    expect(got.at(32, 5)).toEqual(utf8('value'));
    expect(probe.callImport(OP.hasSecret, [scratch, 6n], key, { secrets }).code).toBe(1);
  });

  test('one that is not there has none', () => {
    const missing = utf8('room:c');
    expect(probe.callImport(OP.getSecretLen, [scratch, 6n], missing).code).toBe(-2);
    expect(probe.callImport(OP.getSecret, [scratch, 6n, scratch, 9n], missing).code).toBe(-2);
    expect(probe.callImport(OP.hasSecret, [scratch, 6n], missing).code).toBe(0);
    expect(probe.callImport(OP.removeSecret, [scratch, 6n], missing).code).toBe(-2);
  });

  test('a buffer that is too small, a negative length and foreign memory are told apart', () => {
    const secrets = stored();
    const codes = (operation: number, args: bigint[]): number =>
      probe.callImport(operation, args, key, { secrets }).code;
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
    expect(probe.callImport(OP.setSecret, args, key, { secrets }).code).toBe(-3);
    expect(probe.callImport(OP.setSecret, args, utf8('\0freenet-migrate/x')).code).toBe(-3);
  });

  test('writing and removing reach the store', () => {
    const secrets = stored();
    const bytes = utf8('room:anew');
    probe.callImport(OP.setSecret, [scratch, 6n, scratch + 6n, 3n], bytes, { secrets });
    expect(secrets.get(key)).toEqual(utf8('new'));
    expect(probe.callImport(OP.removeSecret, [scratch, 6n], key, { secrets }).code).toBe(0);
    expect(secrets.get(key)).toBeUndefined();
  });

  test('a list names the keys of a prefix, each after its length', () => {
    const secrets = stored();
    const prefix = utf8('room:');
    const expected = Uint8Array.of(6, 0, 0, 0, ...key, 6, 0, 0, 0, ...utf8('room:b'));
    const length = BigInt(expected.length);
    expect(probe.callImport(OP.listSecretsLen, [scratch, 5n], prefix, { secrets }).code).toBe(20);
    const list = probe.callImport(OP.listSecrets, [scratch, 5n, scratch, length], prefix, {
      secrets,
    });
    expect(list.code).toBe(20);
    expect(list.at(0, 20)).toEqual(expected);
    expect(
      probe.callImport(OP.listSecrets, [scratch, 5n, scratch, 19n], prefix, { secrets }).code,
    ).toBe(-6);
    expect(probe.callImport(OP.listSecretsLen, [scratch, 0n], NO_BYTES, { secrets }).code).toBe(29);
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
    expect(probe.callImport(OP.contractStateLen, [scratch, 32n], ID, more).code).toBe(5);
    const got = probe.callImport(OP.contractState, [scratch, 32n, scratch + 64n, 9n], ID, more);
    expect(got.code).toBe(5);
    expect(got.at(64, 5)).toEqual(utf8('state'));
    const bytes = concatBytes([ID, utf8('next')]);
    const args = [scratch, 32n, scratch + 32n, 4n];
    expect(probe.callImport(OP.putContractState, args, bytes, more).code).toBe(0);
    expect(contracts.current).toEqual(utf8('next'));
    expect(probe.callImport(OP.updateContractState, args, bytes, more).code).toBe(0);
    expect(probe.callImport(OP.subscribeContract, [scratch, 32n], ID, more).code).toBe(0);
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
      probe.callImport(operation, args, ID, { contracts }).code;
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
    expect(probe.callImport(OP.contractStateLen, [scratch, 32n], ID).code).toBe(-7);
    expect(probe.callImport(OP.subscribeContract, [scratch, 32n], ID).code).toBe(-7);
  });

  test('further delegates are not made, and the guest is told so', () => {
    expect(probe.callImport(OP.createDelegate, [scratch, 1n, scratch, 0n]).code).toBe(-24);
    expect(probe.callImport(OP.createDelegate, [scratch, -1n, scratch, 0n]).code).toBe(-4);
  });
});

describe('log, randomness and time', () => {
  test('a line is logged as text, whatever its bytes', () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    probe.callImport(OP.log, [scratch, 6n], utf8('größ'), { log });
    probe.callImport(OP.log, [scratch, 2n], Uint8Array.of(0x41, 0xff), { log });
    probe.callImport(OP.log, [scratch, -1n], NO_BYTES, { log });
    probe.callImport(OP.log, [1n << 40n, 1n], NO_BYTES, { log });
    expect(lines).toEqual(['größ', 'A\ufffd']);
  });

  test('random bytes come from the host’s source', () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
    const filled = probe.callImport(OP.random, [scratch + 1n, 3n], NO_BYTES, { random });
    expect(filled.at(0, 5)).toEqual(Uint8Array.of(0, 9, 9, 9, 0));
  });

  test('time is a packed date, a second of the day and a nanosecond', () => {
    const at = (iso: string): Uint8Array => {
      const clock = { now: () => Date.parse(iso) };
      return probe.callImport(OP.time, [scratch], NO_BYTES, { clock }).at(0, 12);
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
