import { describe, expect, it, test, vi } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { codeHash, contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import type { RoomStateVectors } from '../../src/river/testing/vectors.ts';
import { verifyEd25519 } from '../../src/river/signatures/ed25519.ts';
import { fromHex, toHex, utf8 } from '../../src/shared/bytes.ts';
import { probeContract } from '../testing/probe-contract.ts';
import { RawClient } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { nodeUrl, testHost } from '../testing/test-host.ts';
import { nativeVerifier } from './ed25519-verifier.ts';
import { ROOM_CONTRACT_CODE_HASH, riverRules } from './river-rules.ts';

// the first use compiles the probe, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

const {
  cases,
  room_contract: recorded,
  signatures,
  actors,
} = readVectors<RoomStateVectors>('room-state');
const NO_CODE = new Uint8Array(0);

const UPDATES: Readonly<Record<string, (data: Uint8Array) => UpdateData>> = {
  state: (state) => ({ type: 'State', state }),
  delta: (delta) => ({ type: 'Delta', delta }),
  state_and_delta: (data) => ({ type: 'StateAndDelta', state: data, delta: data }),
  related_state: (state) => ({ type: 'RelatedState', relatedTo: ROOM_CONTRACT_CODE_HASH, state }),
  related_delta: (delta) => ({ type: 'RelatedDelta', relatedTo: ROOM_CONTRACT_CODE_HASH, delta }),
  related_state_and_delta: (data) => ({
    type: 'RelatedStateAndDelta',
    relatedTo: ROOM_CONTRACT_CODE_HASH,
    state: data,
    delta: data,
  }),
};

describe('the rules that stand in for River’s room contract answer as River recorded', () => {
  const rules = riverRules()(fromHex(recorded.blake3));
  if (!rules) throw new Error('the recorded contract is not the known one');

  for (const each of cases) {
    it(each.name, () => {
      const params = fromHex(each.params);
      const state = fromHex(each.state);
      const { error, ...expected } = each.expect;
      const updates = (each.updates ?? []).map(({ kind, data }) => {
        const update = UPDATES[kind]?.(fromHex(data ?? ''));
        if (!update) throw new Error(kind);
        return update;
      });
      if (each.op === 'validate') {
        const verdict = rules.validate(params, state, []);
        if (error) expect(verdict).toMatchObject({ ok: false });
        else expect(verdict).toEqual({ ok: true, value: { type: 'Valid' } });
      } else if (each.op === 'update') {
        const updated = rules.update(params, state, updates);
        if (error) {
          expect(updated.ok ? 'accepted' : updated.error.split(':')[0]).toBe(error.kind);
          return;
        }
        if (!updated.ok) throw new Error(updated.error);
        const next = updated.value.newState ?? state;
        expect(toHex(next)).toBe(expected.state);
        const valid = rules.validate(params, next, []);
        expect(valid.ok).toBe(expected.validate?.error === undefined);
      } else {
        const bytes =
          each.op === 'summarize'
            ? rules.summarize(params, state)
            : rules.delta(params, state, fromHex(each.summary ?? ''));
        if (error) expect(bytes.ok ? 'accepted' : bytes.error.split(':')[0]).toBe(error.kind);
        else expect(bytes.ok && toHex(bytes.value)).toBe(expected.delta ?? expected.summary);
      }
    });
  }
});

test('OpenSSL agrees with River on recorded signatures, on broken ones and on keys that are no points', () => {
  const native = nativeVerifier();
  for (const each of signatures) {
    const key = fromHex(actors[each.signer]?.verifying_key ?? '');
    const [message, signature] = [fromHex(each.signed_bytes), fromHex(each.signature)];
    const broken = signature.slice();
    broken[7] = (broken[7] ?? 0) ^ 1;
    const strange = new Uint8Array(32).fill(2);
    const claims: readonly [Uint8Array, Uint8Array, Uint8Array][] = [
      [key, message, broken],
      [key, message.slice(1), signature],
      [strange, message, signature],
      [new Uint8Array(32), message, new Uint8Array(64)],
    ];
    for (const [by, signed, mark] of claims) {
      expect(native.verifySync(by, signed, mark)).toBe(verifyEd25519(by, signed, mark));
    }
    expect(native.verifySync(key, message, signature)).toBe(true);
  }
});

const request = (
  client: RawClient,
  op: Extract<ClientRequest, { type: 'ContractOp' }>['request'],
): Promise<HostResult> => client.request({ type: 'ContractOp', request: op });

const put = (client: RawClient, key: ContractKey, params: Uint8Array, state: Uint8Array) =>
  request(client, {
    type: 'Put',
    contract: wasmContract(NO_CODE, params, key),
    state,
    relatedContracts: [],
    subscribe: false,
    blockingSubscribe: false,
  });

const get = (client: RawClient, { instance }: ContractKey) =>
  request(client, {
    type: 'Get',
    key: instance,
    returnContractCode: true,
    subscribe: false,
    blockingSubscribe: false,
  });

describe('a contract that is put without its module', () => {
  const [valid] = cases.filter((each) => each.op === 'update' && each.expect.changed === true);
  if (!valid) throw new Error('no recorded update');
  const params = fromHex(valid.params);
  const key = contractKeyOf(ROOM_CONTRACT_CODE_HASH, params);

  it('is taken where it is River’s room contract, follows its rules and is there after a restart', async () => {
    const dataDir = tempDir();
    const host = await testHost({ dataDir });
    const client = await RawClient.connect(nodeUrl(host));
    expect(await put(client, key, params, fromHex(valid.state))).toMatchObject({ ok: true });
    for (const { data = '' } of valid.updates ?? []) {
      const delta = fromHex(data);
      await request(client, { type: 'Update', key, data: { type: 'Delta', delta } });
    }
    const junk = utf8('junk');
    expect(
      await request(client, { type: 'Update', key, data: { type: 'Delta', delta: junk } }),
    ).toMatchObject({ ok: false, error: { type: 'OperationError' } });
    await host.kill();
    const again = await RawClient.connect(nodeUrl(await testHost({ dataDir })));
    expect(await get(again, key)).toMatchObject({
      ok: true,
      value: { response: { contract: undefined, state: fromHex(valid.expect.state ?? '') } },
    });
  });

  it('is refused where nobody knows its rules, and where its key is not its parameters’', async () => {
    const client = await RawClient.connect(nodeUrl(await testHost()));
    const unknown = contractKeyOf(new Uint8Array(32).fill(7), params);
    expect(await put(client, unknown, params, fromHex(valid.state))).toMatchObject({
      error: { cause: expect.stringMatching(/without its module/) as string },
    });
    expect(await put(client, key, utf8('others'), fromHex(valid.state))).toMatchObject({
      error: { cause: expect.stringMatching(/its key is not the key/) as string },
    });
  });

  it('is decided by the module that the host was given, which the app is told of', async () => {
    const contractWasm = await probeContract();
    const host = await testHost({ contractWasm });
    const config = (await (await fetch(`${host.url}/weir/config.json`)).json()) as {
      roomContract: { codeHash: string; url: string };
    };
    const hash = codeHash(contractWasm);
    expect(config.roomContract.codeHash).toBe(toHex(hash));
    const served = await fetch(`${host.url}${config.roomContract.url}`);
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(contractWasm);

    const client = await RawClient.connect(nodeUrl(host));
    const own = contractKeyOf(hash, params);
    expect(await put(client, own, params, utf8('not valid!'))).toMatchObject({ ok: false });
    expect(await put(client, own, params, utf8('abc'))).toMatchObject({ ok: true });
  });
});
