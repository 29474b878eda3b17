import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { InboundDelegateMsg } from '../../src/freenet/types.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';
import { err } from '../../src/shared/result.ts';
import type { SecretStore } from './delegate-imports.ts';
import type { GuestModuleRef } from './guest-pool.ts';
import { GuestPool } from './guest-pool.ts';
import { MAX_PAGES } from './limit-module.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { hostileGuest } from './testing/hostile-guest.ts';

/** Long enough for an honest guest on a busy machine. */
const LIMIT_MS = 800;

const NO_BYTES = new Uint8Array(0);
const NO_CONTRACTS = {
  state: () => err('NotFound' as const),
  put: () => err('NotFound' as const),
  update: () => err('NotFound' as const),
  subscribe: () => err('NotFound' as const),
};

let wasm: Uint8Array;
let module: GuestModuleRef;

/** Its guests have all the time they want. */
const patient = new GuestPool(60_000);

beforeAll(async () => {
  wasm = await hostileGuest();
  module = { name: 'hostile', wasm: () => wasm };
});
afterAll(() => patient.close());

function impatient(): GuestPool {
  const pool = new GuestPool(LIMIT_MS);
  onTestFinished(() => pool.close());
  return pool;
}

function message(text: string): InboundDelegateMsg {
  return { type: 'ApplicationMessage', payload: utf8(text), context: NO_BYTES, processed: false };
}

/** What a delegate answers to messages; or what became of it. */
async function payloads(
  pool: GuestPool,
  texts: string | readonly string[],
  secrets: SecretStore = new MemorySecrets(),
  of: GuestModuleRef = module,
): Promise<unknown> {
  const result = await pool.runDelegate(of, {
    params: NO_BYTES,
    origin: undefined,
    messages: [texts].flat().map(message),
    context: NO_BYTES,
    secrets,
    contracts: NO_CONTRACTS,
  });
  if (!result.ok) return result.error;
  return result.value.outbound.map((one) =>
    one.type === 'ApplicationMessage' ? one.payload : one.type,
  );
}

/** The same as texts. */
async function ask(...args: Parameters<typeof payloads>): Promise<unknown> {
  const answer = await payloads(...args);
  return Array.isArray(answer) ? (answer as Uint8Array[]).map(utf8Text) : answer;
}

const OVER = { type: 'Stopped', reason: `it ran for more than ${LIMIT_MS} ms` };

describe('a guest that loops', () => {
  test('is ended when its time is over; others are served meanwhile and afterwards', async () => {
    const pool = impatient();
    const looping = ask(pool, 'l');
    expect(await ask(pool, 'hello')).toEqual(['hello']);
    expect(await ask(pool, ['one', 'other'])).toEqual(['one', 'other']);
    expect(await looping).toEqual(OVER);
    expect(await ask(pool, 'hello')).toEqual(['hello']);
  });

  test('waits for a thread when all are taken by its like, and gets one when they are ended', async () => {
    const pool = impatient();
    const loops = Array.from({ length: 5 }, () => ask(pool, 'l'));
    const waiting = ask(pool, 'hello');
    expect(await Promise.all(loops)).toEqual([OVER, OVER, OVER, OVER, OVER]);
    expect(await waiting).toEqual(['hello']);
    expect(pool.size).toBeLessThanOrEqual(4);
  });

  test('has its time for each message, not for all of them', async () => {
    const pool = impatient();
    // each message is counted by its own entry: together they take longer than one may
    const slow: SecretStore = new MemorySecrets();
    const stored = slow.set.bind(slow);
    slow.set = (key, value) => {
      const until = performance.now() + 250;
      while (performance.now() < until);
      return stored(key, value);
    };
    const answers = ['', '', '', '', '', '5'];
    expect(await ask(pool, ['s1', 's2', 's3', 's4', 's5', 'g'], slow)).toEqual(answers);
  });

  test('as a contract, is ended as well, in whichever function it is', async () => {
    const pool = impatient();
    const looping = [
      pool.validateState(module, NO_BYTES, utf8('l'), []),
      pool.getStateDelta(module, NO_BYTES, utf8('d'), NO_BYTES),
    ];
    const valid = { ok: true, value: { type: 'Valid' } };
    expect(await pool.validateState(module, NO_BYTES, utf8('x'), [])).toEqual(valid);
    expect(await Promise.all(looping)).toEqual([err(OVER), err(OVER)]);
    expect(await pool.summarizeState(module, NO_BYTES, utf8('x'))).toEqual({
      ok: true,
      value: utf8('x'),
    });
  });
});

describe('a guest that takes much', () => {
  test('gets 256 MiB of memory and no more', async () => {
    const [pages] = (await payloads(patient, 'm')) as [Uint8Array];
    const count = new DataView(pages.buffer, pages.byteOffset).getUint32(0, true);
    expect(count).toBeGreaterThan(MAX_PAGES - 16);
    expect(count).toBeLessThanOrEqual(MAX_PAGES);
    expect(await ask(patient, 'hello')).toEqual(['hello']);
  });

  test('may not say more in one run than a client could be sent', async () => {
    const once = (await payloads(patient, 'a')) as Uint8Array[];
    expect(once).toHaveLength(65_000);
    const tooMany = { type: 'BadResult', reason: '130000 messages', message: 1 };
    expect(await ask(patient, ['a', 'a'])).toEqual(tooMany);
    expect(await ask(patient, ['A', 'A'])).toMatchObject({ type: 'BadResult', message: 1 });
    expect(await ask(patient, 'hello')).toEqual(['hello']);
  });
});

test('a guest that traps is told so, and its thread goes on', async () => {
  const before = patient.size;
  expect(await ask(patient, ['x', 't'])).toMatchObject({ type: 'Trap', message: 1 });
  expect(await ask(patient, 'hello')).toEqual(['hello']);
  expect(patient.size).toBe(before);
});

test('secrets are read from the node and written to it while the guest runs', async () => {
  const secrets = new MemorySecrets();
  const answers = ['', '', 'first', '', 'second'];
  expect(await ask(patient, ['g', 'sfirst', 'g', 'ssecond', 'g'], secrets)).toEqual(answers);
  expect(utf8Text(secrets.get(utf8('s')) ?? NO_BYTES)).toBe('second');
});

test('a store that fails ends the run, not the thread', async () => {
  const broken = new MemorySecrets();
  broken.get = () => {
    throw new Error('the disk is gone');
  };
  expect(await ask(patient, 'g', broken)).toEqual({
    type: 'Stopped',
    reason: 'Error: Error: the disk is gone',
  });
  expect(await ask(patient, 'hello')).toEqual(['hello']);
});

test('a module is checked where it would run', async () => {
  const nothing = { name: 'nothing', wasm: () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) };
  const missing = { type: 'MissingExport', name: 'memory' };
  expect(await patient.checkDelegate(nothing)).toEqual(err(missing));
  expect(await patient.checkContract(nothing)).toEqual(err(missing));
  expect(await ask(patient, 'x', new MemorySecrets(), nothing)).toEqual(missing);
  expect(await patient.checkDelegate(module)).toEqual({ ok: true, value: undefined });
  expect(await patient.checkContract(module)).toEqual({ ok: true, value: undefined });
  const gone = { name: 'gone', wasm: () => undefined };
  expect(await patient.checkDelegate(gone)).toMatchObject({ error: { type: 'InvalidModule' } });
});

test('closing ends every thread, and fails what runs, waits or comes', async () => {
  const pool = new GuestPool(60_000);
  const loops = Array.from({ length: 5 }, () => ask(pool, 'l'));
  expect(await ask(patient, 'hello')).toEqual(['hello']);
  await pool.close();
  const stopping = { type: 'Stopped', reason: 'the node is stopping' };
  expect(await Promise.all(loops)).toEqual([stopping, stopping, stopping, stopping, stopping]);
  expect(await ask(pool, 'hello')).toEqual(stopping);
  expect(pool.size).toBe(0);
});
