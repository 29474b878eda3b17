import { describe, expect, test, vi } from 'vitest';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { codeHash, contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { ContractKey, UpdateData } from '../../src/freenet/types.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { RunningHost } from '../serve.ts';
import { probeContract } from '../testing/probe-contract.ts';
import { RawClient } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { nodeUrl, testHost } from '../testing/test-host.ts';
import { hostileGuest } from '../wasm/testing/hostile-guest.ts';

// the first use compiles the guests, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

const NO_BYTES = new Uint8Array(0);

/** A client that asks about one contract. */
class ContractClient {
  readonly raw: RawClient;
  readonly key: ContractKey;
  readonly #params: Uint8Array;

  private constructor(raw: RawClient, key: ContractKey, params: Uint8Array) {
    this.raw = raw;
    this.key = key;
    this.#params = params;
  }

  static async connect(
    host: RunningHost,
    wasm: Uint8Array,
    params: string,
  ): Promise<ContractClient> {
    const raw = await RawClient.connect(nodeUrl(host));
    return new ContractClient(raw, contractKeyOf(codeHash(wasm), utf8(params)), utf8(params));
  }

  put(state: string, code: Uint8Array = NO_BYTES): Promise<HostResult> {
    return this.#ask({
      type: 'Put',
      contract: wasmContract(code, this.#params, this.key),
      state: utf8(state),
      relatedContracts: [],
      subscribe: false,
      blockingSubscribe: false,
    });
  }

  get(returnContractCode: boolean): Promise<HostResult> {
    return this.#ask({
      type: 'Get',
      key: this.key.instance,
      returnContractCode,
      subscribe: false,
      blockingSubscribe: false,
    });
  }

  update(data: UpdateData): Promise<HostResult> {
    return this.#ask({ type: 'Update', key: this.key, data });
  }

  subscribe(summary?: Uint8Array): Promise<HostResult> {
    return this.#ask({ type: 'Subscribe', key: this.key.instance, summary });
  }

  response(response: object): unknown {
    return ok({ type: 'ContractResponse', response: { key: this.key, ...response } });
  }

  #ask(
    request: Extract<ClientRequest, { readonly type: 'ContractOp' }>['request'],
  ): Promise<HostResult> {
    return this.raw.request({ type: 'ContractOp', request });
  }
}

const delta = (text: string): UpdateData => ({ type: 'Delta', delta: utf8(text) });
const length = (n: number): Uint8Array => Uint8Array.of(n, 0, 0, 0);

describe('a contract’s module that the host was given', () => {
  test('decides about contracts that are put without code, and about those that bring it', async () => {
    const contractWasm = await probeContract();
    const dataDir = tempDir();
    const host = await testHost({ contractWasm, dataDir });
    const bare = await ContractClient.connect(host, contractWasm, 'without code');
    const whole = await ContractClient.connect(host, contractWasm, 'with code');
    expect(await bare.put('abc')).toEqual(bare.response({ type: 'PutResponse' }));
    const got = { type: 'GetResponse', contract: undefined, state: utf8('abc') };
    expect(await bare.get(true)).toEqual(bare.response(got));

    expect(await whole.put('xyz', contractWasm)).toEqual(whole.response({ type: 'PutResponse' }));
    const contract = wasmContract(contractWasm, utf8('with code'), whole.key);
    const gotWhole = { type: 'GetResponse', state: utf8('xyz') };
    expect(await whole.get(true)).toEqual(whole.response({ ...gotWhole, contract }));
    expect(await whole.get(false)).toEqual(whole.response({ ...gotWhole, contract: undefined }));

    await host.close();
    const later = await testHost({ contractWasm, dataDir });
    const again = await ContractClient.connect(later, contractWasm, 'without code');
    expect(await again.get(false)).toEqual(again.response(got));
    expect(await again.update(delta('d'))).toEqual(
      again.response({ type: 'UpdateResponse', summary: length(4) }),
    );
  });

  test('refuses what it refuses, and its changes are told to those who have subscribed', async () => {
    const contractWasm = await probeContract();
    const host = await testHost({ contractWasm });
    const client = await ContractClient.connect(host, contractWasm, '');
    const reader = await ContractClient.connect(host, contractWasm, '');
    expect(await client.put('not valid!')).toMatchObject({ error: { type: 'OperationError' } });
    await client.put('abc');
    await client.subscribe();
    await reader.subscribe(length(1));
    expect(await client.update(delta('#'))).toMatchObject({
      error: { cause: expect.stringMatching(/InvalidUpdateWithInfo: refused$/) as string },
    });
    // the answer comes before the news of what one has changed oneself
    expect(await client.update(delta('d'))).toEqual(
      client.response({ type: 'UpdateResponse', summary: length(4) }),
    );
    const news = { type: 'UpdateNotification' };
    const state = { type: 'State', state: utf8('abcd') };
    expect(await client.raw.next()).toEqual(client.response({ ...news, update: state }));
    expect(await reader.raw.next()).toEqual(client.response({ ...news, update: delta('bcd') }));
  });

  test('that loops holds up nobody else, and the contract is as it was', async () => {
    const hostile = await hostileGuest();
    const other = await probeContract();
    const host = await testHost({ contractWasm: hostile, guestLimitMs: 2_000 });
    const looping = await ContractClient.connect(host, hostile, '');
    const honest = await ContractClient.connect(host, other, '');
    await Promise.all([looping.put('fine'), honest.put('abc', other)]);
    let isOver = false;
    const updated = looping.update({ type: 'State', state: utf8('l') }).then((answer) => {
      isOver = true;
      return answer;
    });
    expect(await honest.update(delta('d'))).toEqual(
      honest.response({ type: 'UpdateResponse', summary: length(4) }),
    );
    expect(isOver).toBe(false);
    expect(await updated).toMatchObject(
      err({
        type: 'OperationError',
        cause: expect.stringMatching(/: it ran for more than 2000 ms$/) as string,
      }),
    );
    const got = { type: 'GetResponse', contract: undefined, state: utf8('fine') };
    expect(await looping.get(false)).toEqual(looping.response(got));
  });

  test('that never ends its delta costs its readers the delta, not the news', async () => {
    const contractWasm = await hostileGuest();
    const host = await testHost({ contractWasm, guestLimitMs: 1_000 });
    const client = await ContractClient.connect(host, contractWasm, '');
    const readers = await Promise.all(
      [0, 1].map(() => ContractClient.connect(host, contractWasm, '')),
    );
    await client.put('fine');
    for (const reader of readers) await reader.subscribe(utf8('summary'));
    await client.update({ type: 'State', state: utf8('d') });
    const update = { type: 'State', state: utf8('d') };
    for (const reader of readers) {
      const news = reader.response({ type: 'UpdateNotification', update });
      expect(await reader.raw.next()).toEqual(news);
    }
  });
});
