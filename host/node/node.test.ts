import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { encodeHostResult } from '../../src/freenet/host-response.ts';
import { encodeMessageOrigin } from '../../src/freenet/guest-abi.ts';
import { delegateKey, parseId } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { concatBytes, utf8, utf8Text } from '../../src/shared/bytes.ts';
import type { HostOptions, RunningHost } from '../serve.ts';
import { RIVER_CONTRACT_ID } from '../serve.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { probeDelegate } from '../testing/probe-delegate.ts';
import { NO_PARAMS, RawClient, messages, registerRequest } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { mintToken, nodeUrl, testHost } from '../testing/test-host.ts';

// the first use compiles the probe delegate, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

const ID = new Uint8Array(32).fill(7);

/** A host with the probe delegate registered, and a client of it. */
async function probed(
  options: Partial<HostOptions> = {},
): Promise<{ host: RunningHost; client: RawClient; key: DelegateKey; wasm: Uint8Array }> {
  const wasm = await probeDelegate();
  const host = await testHost(options);
  const client = await RawClient.connect(nodeUrl(host));
  const key = delegateKey(wasm, NO_PARAMS);
  expect(await client.register(wasm)).toEqual(empty(key));
  return { host, client, key, wasm };
}

const empty = (key: DelegateKey): unknown => ({
  ok: true,
  value: { type: 'DelegateResponse', key, values: [] },
});

const texts = (answer: unknown): unknown =>
  Array.isArray(answer) ? (answer as Uint8Array[]).map(utf8Text) : answer;

describe('delegates', () => {
  test('messages of one request are answered together, in order', async () => {
    const { client, key } = await probed();
    expect(texts(await client.ask(key, utf8('eone'), utf8('etwo'), utf8('e')))).toEqual([
      'one',
      'two',
      '',
    ]);
    expect(await client.ask(key)).toEqual([]);
  });

  test('many requests sent at once are answered one by one in their order', async () => {
    const { client, key } = await probed();
    const sent = Array.from({ length: 300 }, (_, i) => `request ${i}`);
    for (const text of sent) client.send(messages(key, utf8(`e${text}`)));
    const answers: unknown[] = [];
    for (const _ of sent) {
      const answer = await client.next();
      if (!answer.ok || answer.value.type !== 'DelegateResponse') throw new Error('no answer');
      const [value] = answer.value.values;
      answers.push(value?.type === 'ApplicationMessage' ? utf8Text(value.payload) : value);
    }
    expect(answers).toEqual(sent);
  });

  test('every failure of a delegate is an empty success on a network node, and the connection goes on', async () => {
    const log: string[] = [];
    const { client, key, wasm } = await probed({ log: (line) => log.push(line) });
    const stranger = { key: key.key, codeHash: ID };
    expect(await client.request(messages(stranger, utf8('e')))).toEqual(empty(stranger));
    expect(await client.request(messages(key, utf8('?')))).toEqual(empty(key));
    expect(await client.request(messages(key, utf8('t')))).toEqual(empty(key));
    expect(await client.request(messages(key, utf8('elost'), utf8('t')))).toEqual(empty(key));
    const wrong = { key: ID, codeHash: ID };
    expect(
      await client.request({ type: 'DelegateOp', request: registerRequest(wasm, wrong) }),
    ).toEqual(empty(wrong));
    expect(await client.request(messages(wrong, utf8('e')))).toEqual(empty(wrong));
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
    expect(log).toHaveLength(4);
    expect(log[0]).toMatch(/: Other: refused$/);
    expect(log[3]).toMatch(/its key is not the key of its module/);
  });

  test('a module that is no delegate is not registered', async () => {
    const host = await testHost();
    const client = await RawClient.connect(nodeUrl(host));
    const garbage = utf8('no module at all');
    const key = delegateKey(garbage, NO_PARAMS);
    expect(await client.register(garbage)).toEqual(empty(key));
    expect(host.metrics().delegates).toEqual({});
  });

  test('a local node says what failed', async () => {
    const { client, key, wasm } = await probed({ failureShapes: 'local' });
    const error = (answer: unknown): unknown => (answer as { error: unknown }).error;
    const stranger = { key: ID, codeHash: ID };
    expect(error(await client.request(messages(stranger, utf8('e'))))).toEqual({
      type: 'RequestError',
      error: { type: 'DelegateError', error: { type: 'Missing', key: stranger } },
    });
    expect(error(await client.request(messages(key, utf8('?'))))).toEqual({
      type: 'RequestError',
      error: { type: 'DelegateError', error: { type: 'ExecutionError', cause: 'Other: refused' } },
    });
    expect(error(await client.request(messages(key, utf8('t'))))).toMatchObject({
      type: 'Unhandled',
      cause: expect.stringContaining('trapped') as string,
    });
    expect(
      error(await client.request({ type: 'DelegateOp', request: registerRequest(wasm, stranger) })),
    ).toEqual({
      type: 'RequestError',
      error: { type: 'DelegateError', error: { type: 'RegisterError', key: stranger } },
    });
    const unregister = { type: 'UnregisterDelegate', key } as const;
    expect(await client.request({ type: 'DelegateOp', request: unregister })).toEqual({
      ok: true,
      value: { type: 'Ok' },
    });
  });

  test('what a guest stored before it failed or trapped stays stored', async () => {
    const { client, key } = await probed();
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['']);
    await client.ask(key, utf8('wbefore an error'));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['before an error']);
    await client.ask(key, utf8('Wbefore a trap'));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['before a trap']);
  });

  test('delegates and secrets are there after a restart, also after a kill, without registering again', async () => {
    const dataDir = tempDir();
    const { host, client, key } = await probed({ dataDir });
    await client.ask(key, utf8('wkept'));
    await host.kill();
    expect((await client.closed).code).toBe(1006);

    const again = await testHost({ dataDir });
    const later = await RawClient.connect(nodeUrl(again));
    expect(texts(await later.ask(key, utf8('r')))).toEqual(['kept']);
  });

  test('an unregistered delegate is gone, and its secrets wait for its return', async () => {
    const { client, key, wasm } = await probed();
    await client.ask(key, utf8('wkept'));
    await client.ask(key, utf8('ccontext'));
    const unregister = { type: 'UnregisterDelegate', key } as const;
    expect(await client.request({ type: 'DelegateOp', request: unregister })).toEqual(empty(key));
    expect(await client.ask(key, utf8('e!'))).toEqual([]);
    await client.register(wasm);
    expect(texts(await client.ask(key, utf8('r'), utf8('c')))).toEqual(['kept', '']);
  });

  test('the context is kept between requests and shared by clients', async () => {
    const { host, client, key } = await probed();
    expect(texts(await client.ask(key, utf8('cone'), utf8('ctwo')))).toEqual(['', 'one']);
    const other = await RawClient.connect(nodeUrl(host));
    expect(texts(await other.ask(key, utf8('cthree')))).toEqual(['two']);
    await other.ask(key, utf8('clost, because an error follows'), utf8('?'));
    expect(texts(await client.ask(key, utf8('c')))).toEqual(['three']);
  });
});

describe('what a delegate asks of its node', () => {
  test('a subscription is refused in words the delegate gets, and its reaction is the answer', async () => {
    const { client, key } = await probed();
    // 1: the tag of Err
    expect(texts(await client.ask(key, utf8('s')))).toEqual(['s\u0001']);
  });

  test('a delegate that asks for ever is stopped after a hundred rounds', async () => {
    const { client, key } = await probed();
    expect(await client.ask(key, utf8('l'))).toHaveLength(99);
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('a prompt ends with an empty response', async () => {
    const { client, key } = await probed();
    expect(texts(await client.ask(key, utf8('u')))).toEqual(['u\u0000']);
  });

  test('a message to another delegate carries its true sender, and who sent it as origin', async () => {
    const { client, key } = await probed();
    const own = concatBytes([key.key, key.codeHash]);
    const origin = encodeMessageOrigin({ type: 'Delegate', delegate: key });
    expect(await client.ask(key, concatBytes([utf8('d'), own]))).toEqual([
      concatBytes([own, origin]),
    ]);
    const nobody = new Uint8Array(64).fill(1);
    expect(await client.ask(key, concatBytes([utf8('d'), nobody]))).toEqual([]);
  });

  test('a local node hands such requests to the client', async () => {
    const { client, key } = await probed({ failureShapes: 'local' });
    expect(await client.ask(key, utf8('s'))).toMatchObject({
      ok: true,
      value: { values: [{ type: 'SubscribeContractRequest', contractId: ID }] },
    });
  });
});

describe('who a connection is', () => {
  test('nobody without a token; the web app of its token with one', async () => {
    const { host, client, key } = await probed();
    expect(await client.ask(key, utf8('o'))).toEqual([new Uint8Array(0)]);
    const contractId = '4S2arbhFZNvKEWqSAUD7YmUtsWBX6dSw4nQkgVV6dPjM';
    const token = await mintToken(host, contractId);
    const id = parseId(contractId);
    if (!id.ok) throw new Error('a bad id');
    const origin = encodeMessageOrigin({ type: 'WebApp', contractId: id.value });
    const byQuery = await RawClient.connect(nodeUrl(host, token));
    expect(await byQuery.ask(key, utf8('o'))).toEqual([origin]);
    const byHeader = await RawClient.connect(nodeUrl(host, 'not-this'), {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(await byHeader.ask(key, utf8('o'))).toEqual([origin]);
  });

  test("the app on its own path is River's web app, without any token", async () => {
    const { host, key } = await probed();
    const app = await RawClient.connect(`ws://localhost:${host.port}/weir/node`, {
      origin: host.url,
    });
    const id = parseId(RIVER_CONTRACT_ID);
    if (!id.ok) throw new Error('a bad id');
    expect(await app.ask(key, utf8('o'))).toEqual([
      encodeMessageOrigin({ type: 'WebApp', contractId: id.value }),
    ]);
  });

  test('an unknown token gets one error and close code 4401; what was sent meanwhile is not carried out', async () => {
    const { host, key, client } = await probed();
    const stranger = await RawClient.connect(nodeUrl(host, 'unknown'));
    stranger.send(messages(key, utf8('wby a stranger')));
    expect(await stranger.next()).toMatchObject({
      ok: false,
      error: { type: 'Unhandled', cause: expect.stringMatching(/^AUTH_TOKEN_INVALID: /) as string },
    });
    expect(await stranger.closed).toEqual({ code: 4401, reason: 'AUTH_TOKEN_INVALID' });
    expect(stranger.unread).toBe(0);
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['']);
  });

  test('an expired token is an unknown one; an open connection outlives its token', async () => {
    const manual = new ManualClock();
    const clock = { now: () => manual.now(), sleep: () => Promise.resolve() };
    const { host, key } = await probed({ clock, tokenTtlMs: 1000 });
    const token = await mintToken(host, RIVER_CONTRACT_ID);
    const early = await RawClient.connect(nodeUrl(host, token));
    expect(texts(await early.ask(key, utf8('ein time')))).toEqual(['in time']);
    manual.advance(1000);
    const late = await RawClient.connect(nodeUrl(host, token));
    expect((await late.closed).code).toBe(4401);
    expect(texts(await early.ask(key, utf8('estill open')))).toEqual(['still open']);

    const fresh = await mintToken(host, RIVER_CONTRACT_ID);
    host.invalidateTokens();
    const forgotten = await RawClient.connect(nodeUrl(host, fresh));
    expect((await forgotten.closed).code).toBe(4401);
  });
});

describe('frames', () => {
  test('messages above 512 KiB travel in chunks both ways, and come out as they went in', async () => {
    const { client, key } = await probed();
    const long = Uint8Array.from({ length: 1_300_000 }, (_, i) => (i * 31) % 253);
    const answer = await client.ask(key, concatBytes([utf8('e'), long]));
    expect(Buffer.compare((answer as Uint8Array[])[0] ?? NO_PARAMS, long)).toBe(0);
    expect(client.frameSizes.slice(1)).toHaveLength(5);
    expect(Math.max(...client.frameSizes)).toBeLessThan(263_000);
  });

  test('a message of exactly 524,288 bytes is not chunked, one more is', async () => {
    const { client, key } = await probed();
    const overhead = encodeHostResult({
      ok: true,
      value: {
        type: 'DelegateResponse',
        key,
        values: [
          { type: 'ApplicationMessage', payload: NO_PARAMS, context: NO_PARAMS, processed: true },
        ],
      },
    }).length;
    const echo = async (length: number): Promise<number> => {
      client.frameSizes.length = 0;
      await client.ask(key, concatBytes([utf8('e'), new Uint8Array(length)]));
      return client.frameSizes.length;
    };
    expect(await echo(524_288 - overhead)).toBe(1);
    expect(await echo(524_289 - overhead)).toBe(3);
  });

  test('a broken stream of chunks is refused in words; the connection goes on', async () => {
    const { client, key } = await probed();
    const chunk = { type: 'StreamChunk', streamId: 9, index: 0, data: utf8('x') } as const;
    for (const broken of [{ total: 0 }, { total: 257 }, { total: 2, index: 2 }]) {
      expect(await client.request({ ...chunk, ...broken })).toMatchObject({
        ok: false,
        error: {
          type: 'Unhandled',
          cause: expect.stringMatching(/^stream reassembly error: /) as string,
        },
      });
    }
    expect(await client.request({ ...chunk, total: 1 })).toMatchObject({
      ok: false,
      error: { type: 'DeserializationError' },
    });
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('what is no request is refused in words; the connection goes on', async () => {
    const { client, key } = await probed();
    for (const bytes of [
      '',
      '\u0009\u0000\u0000\u0000',
      '\u0000\u0000\u0000\u0000\u0000',
      'text',
    ]) {
      client.socket.send(utf8(bytes));
      expect(await client.next(), JSON.stringify(bytes)).toMatchObject({
        ok: false,
        error: { type: 'DeserializationError' },
      });
    }
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('a frame above 16 MiB ends the connection, and only that', async () => {
    const { host, client, key } = await probed();
    client.socket.send(new Uint8Array(16 * 1024 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
    const other = await RawClient.connect(nodeUrl(host));
    expect(texts(await other.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('the node pings at its interval', async () => {
    const host = await testHost({ pingIntervalMs: 5 });
    const client = await RawClient.connect(nodeUrl(host));
    let pings = 0;
    await new Promise<void>((resolve) => {
      client.socket.on('ping', () => {
        if (++pings === 3) resolve();
      });
    });
    expect(pings).toBe(3);
  });
});

describe('other requests', () => {
  test('node queries are answered to programs, refused to web apps; one is never answered', async () => {
    const host = await testHost();
    const client = await RawClient.connect(nodeUrl(host));
    client.send({ type: 'NodeQueries', query: { type: 'NeighborHostingInfo' } });
    client.send({ type: 'Authenticate', token: 'x' });
    expect(
      await client.request({ type: 'NodeQueries', query: { type: 'ConnectedPeers' } }),
    ).toEqual({
      ok: true,
      value: { type: 'QueryResponse', response: { type: 'ConnectedPeers', peers: [] } },
    });
    const app = await RawClient.connect(nodeUrl(host, await mintToken(host, RIVER_CONTRACT_ID)));
    expect(
      await app.request({ type: 'NodeQueries', query: { type: 'SubscriptionInfo' } }),
    ).toMatchObject({ ok: false, error: { type: 'Unhandled' } });
  });

  test('Close is confirmed with an error, Disconnect with nothing; both end with an empty close frame', async () => {
    const host = await testHost();
    const closing = await RawClient.connect(nodeUrl(host));
    expect(await closing.request({ type: 'Close' })).toEqual({
      ok: false,
      error: { type: 'Disconnect' },
    });
    expect((await closing.closed).code).toBe(1005);
    const leaving = await RawClient.connect(nodeUrl(host));
    leaving.send({ type: 'Disconnect', cause: 'bye' });
    expect((await leaving.closed).code).toBe(1005);
    expect(leaving.unread).toBe(0);
  });
});

describe('stopping', () => {
  test('every client is told (1001), the port is free again, stopping twice is stopping once', async () => {
    const { host, client } = await probed();
    const other = await RawClient.connect(nodeUrl(host));
    const first = host.close();
    expect(host.close()).toBe(first);
    await first;
    expect((await client.closed).code).toBe(1001);
    expect((await other.closed).code).toBe(1001);
    const next = await testHost({ port: host.port });
    expect(next.port).toBe(host.port);
  });

  test('a client that never answers the close frame does not keep the node', async () => {
    const host = await testHost();
    const client = await RawClient.connect(nodeUrl(host));
    client.socket.pause();
    onTestFinished(() => client.socket.resume());
    const before = performance.now();
    await host.close();
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test('a port that is taken is named', async () => {
    const host = await testHost();
    await expect(testHost({ port: host.port })).rejects.toThrow(/PortTaken/);
  });
});

describe('orders to misbehave', () => {
  test('answers can be dropped or delayed after the request was carried out', async () => {
    const { host, client, key } = await probed();
    host.faults.dropAnswers = 1;
    client.send(messages(key, utf8('wcarried out')));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['carried out']);
    host.faults.delayMs = 50;
    const before = performance.now();
    await client.ask(key, utf8('e'));
    expect(performance.now() - before).toBeGreaterThan(45);
  });

  test('delegate requests can fail without being carried out', async () => {
    const { host, client, key } = await probed();
    host.faults.failDelegates = 1;
    expect(await client.request(messages(key, utf8('wnever')))).toEqual(empty(key));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['']);
  });

  test('connections can be cut; the node goes on', async () => {
    const { host, client, key } = await probed();
    host.dropConnections();
    expect((await client.closed).code).toBe(1006);
    const other = await RawClient.connect(nodeUrl(host));
    expect(texts(await other.ask(key, utf8('estill here')))).toEqual(['still here']);
  });
});
