import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../delegate/compile.ts';
import { encodeRelatedContracts, encodeUpdates } from '../../src/freenet/guest-abi.ts';
import type { RelatedContracts, UpdateData } from '../../src/freenet/types.ts';
import { concatBytes, utf8 } from '../../src/shared/bytes.ts';
import { ok } from '../../src/shared/result.ts';
import type { LoadedContract } from './contract-host.ts';
import {
  getStateDelta,
  loadContract,
  summarizeState,
  updateState,
  validateState,
} from './contract-host.ts';

/** Parameters that tell the contract of delegate/assembly/testing/echo.ts how to answer. */
const ANSWER = Uint8Array.of(0);
const REFUSE = Uint8Array.of(1);
const OTHER_FUNCTION = Uint8Array.of(2);
const NOWHERE = Uint8Array.of(3);
const TRAP = Uint8Array.of(4);

const NO_BYTES = new Uint8Array(0);

const contracts = new Map<string, LoadedContract>();

async function load(entry: string): Promise<LoadedContract> {
  const loaded = loadContract(await compile(entry));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

beforeAll(async () => {
  contracts.set('one piece', await load('testing/echo-contract.ts'));
  contracts.set('streaming', await load('testing/echo-streaming-contract.ts'));
}, 60_000);

function contract(buffers: string): LoadedContract {
  const found = contracts.get(buffers);
  if (!found) throw new Error(buffers);
  return found;
}

const bytesOf = (length: number): Uint8Array =>
  new Uint8Array(length).map((_, index) => (index * 31 + (index >> 8)) % 256);

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.each(['one piece', 'streaming'])('a contract whose arguments come in %s', (buffers) => {
  test('is told by what the module imports', () => {
    expect(contract(buffers).streaming).toBe(buffers === 'streaming');
  });

  // around the ends of buffers: 65,532 bytes fit into the first, 65,536 into each further one
  test.each([0, 1, 65_531, 65_532, 65_533, 131_068, 131_069, 1_000_000])(
    'gets all of a state of %i bytes',
    (length) => {
      const state = bytesOf(length);
      const summary = summarizeState(contract(buffers), ANSWER, state);
      expect(summary.ok && same(summary.value, state)).toBe(true);
    },
  );

  test('gets each argument in its place', () => {
    const state = bytesOf(70_000);
    const summary = bytesOf(66_000);
    const delta = getStateDelta(contract(buffers), ANSWER, state, summary);
    expect(delta.ok && same(delta.value, concatBytes([summary, state]))).toBe(true);
  });

  test('gets updates in order and gives a new state', () => {
    const updates: UpdateData[] = [
      { type: 'Delta', delta: utf8('delta') },
      { type: 'State', state: utf8('state') },
    ];
    const updated = updateState(contract(buffers), ANSWER, utf8('old'), updates);
    const newState = concatBytes([utf8('old'), encodeUpdates(updates)]);
    expect(updated).toEqual(ok({ newState, related: [] }));
  });

  test('gives a verdict on state and related contracts', () => {
    const related: RelatedContracts = [{ instance: new Uint8Array(32), state: undefined }];
    const encoded = encodeRelatedContracts(related);
    expect(validateState(contract(buffers), ANSWER, encoded, related)).toEqual(
      ok({ type: 'Valid' }),
    );
    expect(validateState(contract(buffers), ANSWER, encoded)).toEqual(ok({ type: 'Invalid' }));
  });

  test('may refuse', () => {
    const refused = { ok: false, error: { type: 'GuestError', error: { type: 'InvalidState' } } };
    expect(summarizeState(contract(buffers), REFUSE, NO_BYTES)).toEqual(refused);
    expect(validateState(contract(buffers), REFUSE, NO_BYTES)).toEqual(refused);
    expect(updateState(contract(buffers), REFUSE, NO_BYTES, [])).toEqual(refused);
    expect(getStateDelta(contract(buffers), REFUSE, NO_BYTES, NO_BYTES)).toEqual(refused);
  });

  test('that answers for another function, answers nowhere or traps has not answered', () => {
    const answer = (params: Uint8Array): unknown =>
      summarizeState(contract(buffers), params, NO_BYTES);
    expect(answer(OTHER_FUNCTION)).toMatchObject({ error: { type: 'BadResult' } });
    expect(answer(NOWHERE)).toMatchObject({ error: { type: 'BadResult' } });
    expect(answer(TRAP)).toMatchObject({ error: { type: 'Trap' } });
  });
});

test('a delegate is no contract', async () => {
  expect(loadContract(await compile('testing/probe.ts'))).toEqual({
    ok: false,
    error: { type: 'MissingExport', name: 'validate_state' },
  });
});
