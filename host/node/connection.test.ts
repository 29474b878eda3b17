import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { encodeHostResult } from '../../src/freenet/host-response.ts';
import { encodeMessageOrigin } from '../../src/freenet/guest-abi.ts';
import { parseId } from '../../src/freenet/keys.ts';
import { concatBytes, utf8 } from '../../src/shared/bytes.ts';
import { RIVER_CONTRACT_ID } from '../serve.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { probedHost, texts } from '../testing/probed-host.ts';
import { NO_PARAMS, RawClient, messages } from '../testing/raw-client.ts';
import { mintToken, nodeUrl, testHost } from '../testing/test-host.ts';

// the first use compiles the probe delegate, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

describe('who a connection is', () => {
  test('nobody without a token; the web app of its token with one', async () => {
    const { host, client, key } = await probedHost();
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
    const { host, key } = await probedHost();
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
    const { host, key, client } = await probedHost();
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
    const { host, key } = await probedHost({ clock, tokenTtlMs: 1000 });
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
    const { client, key } = await probedHost();
    const long = Uint8Array.from({ length: 1_300_000 }, (_, i) => (i * 31) % 253);
    const answer = await client.ask(key, concatBytes([utf8('e'), long]));
    expect(Buffer.compare((answer as Uint8Array[])[0] ?? NO_PARAMS, long)).toBe(0);
    expect(client.frameSizes.slice(1)).toHaveLength(5);
    expect(Math.max(...client.frameSizes)).toBeLessThan(263_000);
  });

  test('a message of exactly 524,288 bytes is not chunked, one more is', async () => {
    const { client, key } = await probedHost();
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
    const { client, key } = await probedHost();
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
    const { client, key } = await probedHost();
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
    const { host, client, key } = await probedHost();
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
    const { host, client } = await probedHost();
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

describe('a node that is told to', () => {
  test('cuts its connections and goes on', async () => {
    const { host, client, key } = await probedHost();
    host.dropConnections();
    expect((await client.closed).code).toBe(1006);
    const other = await RawClient.connect(nodeUrl(host));
    expect(texts(await other.ask(key, utf8('estill here')))).toEqual(['still here']);
  });
});
