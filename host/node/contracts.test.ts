import { describe, expect, test, vi } from 'vitest';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { contractKey, delegateKey, idText, wasmContract } from '../../src/freenet/keys.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { ContractKey, RelatedContracts, UpdateData } from '../../src/freenet/types.ts';
import { concatBytes, fromHex, utf8, utf8Text } from '../../src/shared/bytes.ts';
import type { HostOptions, RunningHost } from '../serve.ts';
import { probeContract } from '../testing/probe-contract.ts';
import { probeDelegate } from '../testing/probe-delegate.ts';
import { NO_PARAMS, RawClient, messages } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { nodeUrl, testHost } from '../testing/test-host.ts';
import { hasDebugSections } from './contract-rules.ts';
import { MAX_PER_SUBSCRIBER } from './subscriptions.ts';

// the first use compiles the probes, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

/** A client of a node, with the requests about contracts in short. */
class ContractClient {
  readonly raw: RawClient;

  constructor(raw: RawClient) {
    this.raw = raw;
  }

  static async connect(host: RunningHost): Promise<ContractClient> {
    return new ContractClient(await RawClient.connect(nodeUrl(host)));
  }

  async put(
    state: string | Uint8Array,
    {
      params = NO_PARAMS,
      subscribe = false,
      key,
      related = [],
    }: {
      params?: Uint8Array;
      subscribe?: boolean;
      key?: ContractKey;
      related?: RelatedContracts;
    } = {},
  ): Promise<HostResult> {
    return this.#ask({
      type: 'Put',
      contract: wasmContract(await probeContract(), params, key),
      state: typeof state === 'string' ? utf8(state) : state,
      relatedContracts: related,
      subscribe,
      blockingSubscribe: false,
    });
  }

  get({ instance }: ContractKey, { code = false, subscribe = false } = {}): Promise<HostResult> {
    return this.#ask({
      type: 'Get',
      key: instance,
      returnContractCode: code,
      subscribe,
      blockingSubscribe: false,
    });
  }

  update(key: ContractKey, data: UpdateData | string): Promise<HostResult> {
    const update: UpdateData =
      typeof data === 'string' ? { type: 'Delta', delta: utf8(data) } : data;
    return this.#ask({ type: 'Update', key, data: update });
  }

  subscribe({ instance }: ContractKey, summary?: Uint8Array): Promise<HostResult> {
    return this.#ask({ type: 'Subscribe', key: instance, summary });
  }

  #ask(request: Extract<ClientRequest, { type: 'ContractOp' }>['request']): Promise<HostResult> {
    return this.raw.request({ type: 'ContractOp', request });
  }
}

async function setup(
  options: Partial<HostOptions> = {},
): Promise<{ host: RunningHost; client: ContractClient; key: ContractKey }> {
  const host = await testHost(options);
  const key = contractKey(await probeContract(), NO_PARAMS);
  return { host, client: await ContractClient.connect(host), key };
}

const response = (value: unknown): unknown => ({
  ok: true,
  value: { type: 'ContractResponse', response: value },
});
const refused = (cause: string | RegExp): unknown => ({
  ok: false,
  error: {
    type: 'OperationError',
    cause: expect.stringMatching(cause) as string,
  },
});
const lengthSummary = (length: number): Uint8Array => new Uint8Array([length, 0, 0, 0]);

describe('putting, reading and updating', () => {
  test('a contract comes back with its state, and with its code when that is asked for', async () => {
    const { client, key } = await setup();
    expect(await client.put('abc')).toEqual(response({ type: 'PutResponse', key }));
    const found = { type: 'GetResponse', key, contract: undefined, state: utf8('abc') };
    expect(await client.get(key)).toEqual(response(found));
    const contract = wasmContract(await probeContract(), NO_PARAMS);
    expect(await client.get(key, { code: true })).toEqual(response({ ...found, contract }));
  });

  test('an update is applied by the contract and answered with its summary', async () => {
    const { client, key } = await setup();
    await client.put('abc');
    const summary = lengthSummary(5);
    expect(await client.update(key, 'de')).toEqual(
      response({ type: 'UpdateResponse', key, summary }),
    );
    expect(await client.get(key)).toMatchObject(response({ state: utf8('abcde') }) as object);
  });

  test('putting what is there merges the states', async () => {
    const { client, key } = await setup();
    await client.put('abcdef');
    expect(await client.put('xyz')).toEqual(response({ type: 'PutResponse', key }));
    expect(await client.get(key)).toMatchObject(response({ state: utf8('abcdef') }) as object);
    await client.put('a longer one');
    expect(await client.get(key)).toMatchObject(
      response({ state: utf8('a longer one') }) as object,
    );
  });

  test('contracts are there after a restart', async () => {
    const dataDir = tempDir();
    const { host, client, key } = await setup({ dataDir });
    await client.put('abc');
    await client.update(key, 'd');
    await host.kill();
    const again = await ContractClient.connect(await testHost({ dataDir }));
    expect(await again.update(key, 'e')).toMatchObject(
      response({ type: 'UpdateResponse' }) as object,
    );
    expect(await again.get(key)).toMatchObject(response({ state: utf8('abcde') }) as object);
  });

  test('what the contract refuses is not stored, and its words are in the error', async () => {
    const { client, key } = await setup();
    expect(await client.put('not valid!')).toEqual(refused(/the state is not valid/));
    expect(await client.get(key)).toEqual(response({ type: 'NotFound', instance: key.instance }));
    await client.put('abc');
    expect(await client.update(key, '#')).toEqual(refused(/InvalidUpdateWithInfo: refused/));
    expect(await client.update(key, '!')).toEqual(refused(/the state is not valid/));
    expect(
      await client.update(key, { type: 'RelatedState', relatedTo: key.instance, state: utf8('') }),
    ).toEqual(refused(/InvalidUpdate$/));
    expect(await client.get(key)).toMatchObject(response({ state: utf8('abc') }) as object);
  });

  test('a key that is not the module’s, another code hash, and a contract that is not here are refused', async () => {
    const { client, key } = await setup();
    const wrong = { ...key, instance: new Uint8Array(32).fill(1) };
    expect(await client.put('abc', { key: wrong })).toEqual(refused(/its key is not the key/));
    expect(await client.update(key, 'x')).toEqual(
      refused(`update error for contract ${idText(key.instance)}: the contract is not here`),
    );
    expect(await client.subscribe(key)).toEqual(refused(/^Cannot subscribe to contract /));
    await client.put('abc');
    const otherCode = { ...key, code: new Uint8Array(32) };
    expect(await client.update(otherCode, 'x')).toEqual(refused(/another code hash/));
  });

  test('a contract that wants to see another gets its state when it is here', async () => {
    const { client, key } = await setup();
    const asking = concatBytes([utf8('?'), key.instance]);
    const params = utf8('another');
    expect(await client.put(asking, { params })).toEqual(refused(/which is not here/));
    await client.put('abc');
    expect(await client.put(asking, { params })).toMatchObject(
      response({ type: 'PutResponse' }) as object,
    );
    const given = await client.put(asking, {
      params: utf8('a third'),
      related: [{ instance: new Uint8Array(32), state: undefined }],
    });
    expect(given).toMatchObject(response({ type: 'PutResponse' }) as object);
  });

  test('a long state travels in chunks behind a header', async () => {
    const { client, key } = await setup();
    const state = new Uint8Array(700_000).fill(0x61);
    await client.put(state);
    const header = await client.get(key);
    const answer = await client.raw.next();
    expect(header).toMatchObject({
      ok: true,
      value: {
        type: 'StreamHeader',
        content: { type: 'GetResponse', key, includesContract: false },
      },
    });
    const total = header.ok && header.value.type === 'StreamHeader' ? header.value.totalBytes : 0n;
    expect(Number(total)).toBe(700_000 + 4 + 4 + 4 + 64 + 1 + 8);
    if (!answer.ok || answer.value.type !== 'ContractResponse') throw new Error('no answer');
    const { response: got } = answer.value;
    if (got.type !== 'GetResponse') throw new Error('no state');
    expect(Buffer.compare(got.state, state)).toBe(0);
  });

  test('a local node words failures and a repeated put in its own way', async () => {
    const { host, client, key } = await setup({ failureShapes: 'local' });
    const contractError = (error: unknown): unknown => ({
      ok: false,
      error: { type: 'RequestError', error: { type: 'ContractError', error } },
    });
    const missing = contractError({ type: 'MissingContract', key: key.instance });
    expect(await client.get(key)).toEqual(missing);
    expect(await client.update(key, 'd')).toEqual(
      contractError({ type: 'Update', key, cause: 'missing contract parameters' }),
    );
    expect(await client.put('!')).toEqual(
      contractError({ type: 'Put', key, cause: 'the state is not valid' }),
    );
    await client.put('abc', { subscribe: true });
    expect(await client.put('abcd')).toEqual(
      response({ type: 'UpdateResponse', key, summary: lengthSummary(4) }),
    );
    expect(await client.update(key, '#')).toEqual(
      contractError({ type: 'Update', key, cause: 'InvalidUpdateWithInfo: refused' }),
    );
    await client.get(key, { subscribe: true });
    expect(await client.update(key, 'e')).toEqual(
      response({ type: 'UpdateResponse', key, summary: lengthSummary(5) }),
    );
    const other = await ContractClient.connect(host);
    await other.get(key); // a request later than any notification
    expect(client.raw.unread).toBe(0);
  });

  test('a local node listens for a contract that is not there yet, though it says it is not', async () => {
    const { host, client, key } = await setup({ failureShapes: 'local' });
    const listener = await ContractClient.connect(host);
    expect(await listener.subscribe(key)).toMatchObject({
      error: { error: { error: { type: 'MissingContract', key: key.instance } } },
    });
    await client.put('abc');
    expect(await listener.raw.next()).toEqual(
      response({ type: 'UpdateNotification', key, update: { type: 'State', state: utf8('abc') } }),
    );
  });
});

describe('subscriptions', () => {
  const update = (key: ContractKey, data: UpdateData): unknown =>
    response({ type: 'UpdateNotification', key, update: data });

  test('without a summary the whole state comes, with one what is new since; to the one who changed it too', async () => {
    const { host, client, key } = await setup();
    await client.put('abc');
    const whole = await ContractClient.connect(host);
    const delta = await ContractClient.connect(host);
    const other = await ContractClient.connect(host);
    const subscribed = response({ type: 'SubscribeResponse', key, subscribed: true });
    expect(await whole.subscribe(key)).toEqual(subscribed);
    expect(await delta.subscribe(key, lengthSummary(3))).toEqual(subscribed);

    await other.update(key, 'd');
    expect(await whole.raw.next()).toEqual(update(key, { type: 'State', state: utf8('abcd') }));
    expect(await delta.raw.next()).toEqual(update(key, { type: 'Delta', delta: utf8('d') }));

    expect(await whole.update(key, 'e')).toMatchObject(
      response({ type: 'UpdateResponse' }) as object,
    );
    expect(await whole.raw.next()).toEqual(update(key, { type: 'State', state: utf8('abcde') }));
    // against the summary it subscribed with, not the last one
    expect(await delta.raw.next()).toEqual(update(key, { type: 'Delta', delta: utf8('de') }));
    expect(other.raw.unread).toBe(0);
  });

  test('get and put subscribe when asked; subscribing again replaces the summary', async () => {
    const { host, client, key } = await setup();
    await client.put('abc', { subscribe: true });
    expect(await client.raw.next()).toMatchObject(
      response({ type: 'UpdateNotification' }) as object,
    );
    const reader = await ContractClient.connect(host);
    await reader.get(key, { subscribe: true });
    await reader.subscribe(key, lengthSummary(2));
    await client.update(key, 'd');
    expect(await reader.raw.next()).toEqual(update(key, { type: 'Delta', delta: utf8('cd') }));
  });

  test('a change that is none, a refused one and a gone subscriber cause no notification', async () => {
    const { host, client, key } = await setup();
    await client.put('abc');
    const reader = await ContractClient.connect(host);
    await reader.subscribe(key);
    expect(await client.update(key, '')).toMatchObject(
      response({ type: 'UpdateResponse' }) as object,
    );
    await client.update(key, '#');
    expect(await reader.get(key)).toMatchObject(response({ type: 'GetResponse' }) as object);
    reader.raw.socket.close();
    await reader.raw.closed;
    expect(await client.update(key, 'd')).toMatchObject(
      response({ type: 'UpdateResponse' }) as object,
    );
  });

  test('a summary the contract can do nothing with gets the whole state', async () => {
    const { client, key } = await setup();
    await client.put('abc');
    await client.subscribe(key, utf8('no summary'));
    await client.update(key, 'd');
    expect(await client.raw.next()).toEqual(update(key, { type: 'State', state: utf8('abcd') }));
  });

  test('one connection subscribes to fifty contracts, not more', async () => {
    const { client } = await setup();
    const wasm = await probeContract();
    for (let i = 0; i <= MAX_PER_SUBSCRIBER; i++) {
      const params = utf8(`number ${i}`);
      await client.put('abc', { params });
      const answer = await client.subscribe(contractKey(wasm, params));
      if (i < MAX_PER_SUBSCRIBER) {
        expect(answer).toMatchObject(response({ type: 'SubscribeResponse' }) as object);
      } else expect(answer).toEqual(refused(/too many subscriptions/));
    }
  });
});

describe('contracts and delegates', () => {
  test('a delegate that has subscribed is run at each change, and what it says reaches the clients that know it', async () => {
    const { host, client } = await setup();
    const wasm = await probeContract();
    const params = utf8('watched');
    const watched = contractKey(wasm, params);
    await client.put('abc', { params });
    const delegateWasm = await probeDelegate();
    const delegate = delegateKey(delegateWasm, NO_PARAMS);
    const knows = await RawClient.connect(nodeUrl(host));
    await knows.register(delegateWasm);
    const told = await knows.ask(delegate, concatBytes([utf8('S'), watched.instance]));
    // 0: the tag of Ok
    expect((told as Uint8Array[]).map(utf8Text)).toEqual(['s\u0000']);

    await client.update(watched, 'd');
    const push = await knows.next();
    expect(push).toMatchObject({
      ok: true,
      value: {
        type: 'DelegateResponse',
        key: delegate,
        values: [
          { type: 'ApplicationMessage', payload: concatBytes([watched.instance, utf8('abcd')]) },
        ],
      },
    });
    expect(client.raw.unread).toBe(0);

    const unregister = { type: 'UnregisterDelegate', key: delegate } as const;
    await knows.request({ type: 'DelegateOp', request: unregister });
    await client.update(watched, 'e');
    expect(await knows.request(messages(delegate, utf8('e')))).toMatchObject({
      value: { values: [] },
    });
    expect(knows.unread).toBe(0);
  });
});

test('a module with debugging data is found out, others are not', async () => {
  const module = (...sections: string[]): Uint8Array =>
    fromHex(`0061736d01000000${sections.join('')}`);
  const custom = (name: string): string =>
    Buffer.from([0, name.length + 3, name.length, ...utf8(name), 1, 2]).toString('hex');
  expect(hasDebugSections(module())).toBe(false);
  expect(hasDebugSections(module(custom('name'), custom('producers')))).toBe(false);
  expect(hasDebugSections(module(custom('name'), custom('.debug_info')))).toBe(true);
  expect(hasDebugSections(await probeContract())).toBe(false);
  expect(hasDebugSections(fromHex('0061736d0100000000ffffffffff'))).toBe(false);
});
