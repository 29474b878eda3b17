import { describe, expect, test, vi } from 'vitest';
import { contractKey, delegateKey, wasmContract } from '../../src/freenet/keys.ts';
import { RATE_EXCEEDED } from '../../src/freenet/node-error.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import {
  decodeDelegateResponse,
  encodeDelegateRequest,
} from '../../src/river/delegate-messages.ts';
import { concatBytes, utf8 } from '../../src/shared/bytes.ts';
import { appNodeAddress } from '../../src/shared/app-node.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { UserToken } from '../../src/shared/user-token.ts';
import type { RunningHost } from '../serve.ts';
import { RIVER_CONTRACT_ID } from '../serve.ts';
import { chatDelegate } from '../testing/chat-client.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { probeContract } from '../testing/probe-contract.ts';
import { emptyAnswer, probedHost, texts } from '../testing/probed-host.ts';
import { messages, NO_PARAMS, RawClient } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { mintToken, nodeUrl, testHost } from '../testing/test-host.ts';

// the first use compiles the probe delegate, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

const as = (host: RunningHost, user: string): Promise<RawClient> =>
  RawClient.connect(`${nodeUrl(host)}&userToken=${user}`);

/** The probe answers a write with an error: what it has kept shows when it is read. */
async function keep(client: RawClient, key: DelegateKey, text: string): Promise<void> {
  expect(await client.request(messages(key, utf8(`w${text}`)))).toEqual(emptyAnswer(key));
}

const kept = async (client: RawClient, key: DelegateKey): Promise<unknown> =>
  texts(await client.ask(key, utf8('r')));

describe('a hosted node', () => {
  test('each person has secrets of their own on every connection, and who brings no token shares the common ones', async () => {
    const { host, client, key } = await probedHost({ hosted: true });
    const [ada, ben] = [await as(host, 'ada'), await as(host, 'ben')];
    await keep(client, key, 'of nobody');
    await keep(ada, key, 'of Ada');
    expect(await kept(ada, key)).toEqual(['of Ada']);
    expect(await kept(ben, key)).toEqual(['']);
    expect(await kept(await as(host, 'ada'), key)).toEqual(['of Ada']);
    expect(await kept(client, key)).toEqual(['of nobody']);
    expect(await kept(await as(host, ''), key)).toEqual(['of nobody']);
  });

  test('a header says who it is as well as the query, and wins; a page of the app says it in the handshake', async () => {
    const { host, client, key } = await probedHost({ hosted: true });
    const headers = { 'X-Freenet-User-Token': 'ada' };
    await keep(await RawClient.connect(`${nodeUrl(host)}&userToken=ben`, { headers }), key, 'hers');
    expect(await kept(await as(host, 'ada'), key)).toEqual(['hers']);

    const { url, protocols } = appNodeAddress(host.url, 'ada' as UserToken);
    expect(url).not.toContain('ada');
    const page = await RawClient.connect(url, { origin: host.url }, protocols);
    expect(page.socket.protocol).toBe('weir');
    expect(await kept(page, key)).toEqual(['hers']);
    const nobody = await RawClient.connect(url, { origin: host.url });
    expect(await kept(nobody, key)).toEqual(['']);
    expect(await kept(client, key)).toEqual(['']);
  });

  test('contexts are a person’s own, and all are dropped with the delegate', async () => {
    const { host, client, key, wasm } = await probedHost({ hosted: true });
    const ada = await as(host, 'ada');
    await ada.ask(key, utf8('cfrom Ada'));
    expect(texts(await client.ask(key, utf8('cfrom nobody')))).toEqual(['']);
    expect(texts(await ada.ask(key, utf8('cagain')))).toEqual(['from Ada']);
    await client.request({ type: 'DelegateOp', request: { type: 'UnregisterDelegate', key } });
    await client.register(wasm);
    expect(texts(await ada.ask(key, utf8('c')))).toEqual(['']);
  });

  test('a delegate that subscribed for one person speaks to that person’s connections only, and with their secrets', async () => {
    const { host, key } = await probedHost({ hosted: true });
    const [ada, alsoAda, ben] = [
      await as(host, 'ada'),
      await as(host, 'ada'),
      await as(host, 'ben'),
    ];
    const wasm = await probeContract();
    const watched = contractKey(wasm, NO_PARAMS);
    const contract = wasmContract(wasm, NO_PARAMS, watched);
    await ada.request({
      type: 'ContractOp',
      request: {
        type: 'Put',
        contract,
        state: utf8('abc'),
        relatedContracts: [],
        subscribe: false,
        blockingSubscribe: false,
      },
    });
    expect(texts(await ada.ask(key, concatBytes([utf8('S'), watched.instance])))).toEqual([
      's\u0000',
    ]);
    for (const each of [alsoAda, ben]) await each.ask(key, utf8('eI know it'));
    await ben.request({
      type: 'ContractOp',
      request: { type: 'Update', key: watched, data: { type: 'Delta', delta: utf8('d') } },
    });
    const pushed = concatBytes([watched.instance, utf8('abcd')]);
    for (const each of [ada, alsoAda]) {
      expect(await each.next()).toMatchObject({
        value: { values: [{ type: 'ApplicationMessage', payload: pushed }] },
      });
    }
    expect(texts(await ben.ask(key, utf8('enothing came before')))).toEqual([
      'nothing came before',
    ]);
    expect(ben.unread).toBe(0);
  });

  test('everything is there after the node was killed', async () => {
    const dataDir = tempDir();
    const { host, key } = await probedHost({ hosted: true, dataDir });
    await keep(await as(host, 'ada'), key, 'kept');
    await host.kill();
    const again = await testHost({ hosted: true, dataDir });
    expect(await kept(await as(again, 'ada'), key)).toEqual(['kept']);
    expect(await kept(await as(again, 'ben'), key)).toEqual(['']);
  });

  test('beyond the quota a store fails as on a Freenet node, what is there can be replaced and removed, and others are not concerned', async () => {
    const wasm = chatDelegate();
    const host = await testHost({ hosted: true });
    const token = await mintToken(host, RIVER_CONTRACT_ID);
    const key = delegateKey(wasm, NO_PARAMS);
    const client = (user: string): Promise<RawClient> =>
      RawClient.connect(`${nodeUrl(host, token)}&userToken=${user}`);
    const store = async (who: RawClient, name: string, bytes: number, generation = 0n) => {
      const request = encodeDelegateRequest(
        {
          type: 'CasStoreRequest',
          key: utf8(name),
          value: new Uint8Array(bytes),
          expectedGeneration: generation,
        },
        'byte-strings',
      );
      const [answer] = (await who.ask(key, request)) as Uint8Array[];
      const decoded = decodeDelegateResponse(answer ?? new Uint8Array());
      if (!decoded.ok || decoded.value.type !== 'CasStoreResponse') throw new Error('no answer');
      return decoded.value.result.type;
    };
    const [ada, ben] = [await client('ada'), await client('ben')];
    await ada.register(wasm);
    expect(await store(ada, 'room:a', 3_000_000)).toBe('Stored');
    expect(await store(ada, 'room:b', 1_500_000)).toBe('Failed');
    expect(await store(ada, 'room:b', 1_000_000)).toBe('Stored');
    expect(await store(ada, 'room:a', 3_000_000, 1n)).toBe('Stored');
    expect(await store(ada, 'room:a', 3_200_000, 2n)).toBe('Failed');
    expect(await store(ada, 'room:a', 1_000, 2n)).toBe('Stored');
    expect(await store(ada, 'room:c', 2_000_000)).toBe('Stored');
    expect(await store(ben, 'room:a', 4_000_000)).toBe('Stored');
  });

  test('a person who asks too fast is refused until the bucket fills again; others, and who brings no token, are not', async () => {
    const clock = new ManualClock();
    const { host, client, key } = await probedHost({
      hosted: true,
      clock: { ...systemClock, now: () => clock.now() },
      operationRate: { perSecond: 2, burst: 3 },
    });
    const [ada, alsoAda, ben] = [
      await as(host, 'ada'),
      await as(host, 'ada'),
      await as(host, 'ben'),
    ];
    const refused = { ok: false, error: { type: 'OperationError', cause: RATE_EXCEEDED } };
    const hello = async (who: RawClient): Promise<unknown> =>
      texts(await who.ask(key, utf8('ehello')));
    for (let i = 0; i < 2; i++) expect(await hello(ada)).toEqual(['hello']);
    expect(await hello(alsoAda)).toEqual(['hello']);
    expect(await hello(ada)).toEqual(refused);
    expect(await hello(alsoAda)).toEqual(refused);
    expect(await hello(ben)).toEqual(['hello']);
    for (let i = 0; i < 10; i++) expect(await hello(client)).toEqual(['hello']);
    clock.advance(1_000);
    for (let i = 0; i < 2; i++) expect(await hello(ada)).toEqual(['hello']);
    expect(await hello(ada)).toEqual(refused);
    ada.send({ type: 'Disconnect', cause: undefined });
    expect((await ada.closed).code).toBe(1005);
  });
});

test('a node of one person ignores who somebody says they are', async () => {
  const { host, client, key } = await probedHost();
  await keep(await as(host, 'ada'), key, 'for all');
  expect(await kept(client, key)).toEqual(['for all']);
  expect(await kept(await as(host, 'ben'), key)).toEqual(['for all']);
  const { url, protocols } = appNodeAddress(host.url, 'cy' as UserToken);
  const page = await RawClient.connect(url, { origin: host.url }, protocols);
  expect(await kept(page, key)).toEqual(['for all']);
});
