import { describe, expect, test, vi } from 'vitest';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { delegateKeyText } from '../../src/freenet/keys.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { err, ok } from '../../src/shared/result.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { ProbedHost } from '../testing/probed-host.ts';
import { emptyAnswer, probedHost, texts } from '../testing/probed-host.ts';
import { RawClient, messages, registerRequest } from '../testing/raw-client.ts';
import { nodeUrl } from '../testing/test-host.ts';
import { DelegateBackoff } from './delegate-backoff.ts';

// the first use compiles the probe, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

const ID = new Uint8Array(32).fill(7);
const STRANGER = { key: ID, codeHash: ID };

const localHost = (): Promise<ProbedHost> =>
  probedHost({ failureShapes: 'local', guestLimitMs: 1_000 });

const delegateError = (error: unknown): unknown =>
  err({ type: 'RequestError', error: { type: 'DelegateError', error } });

describe('a local node', () => {
  test('says that a delegate is not registered', async () => {
    const { client } = await localHost();
    expect(await client.request(messages(STRANGER, utf8('e')))).toEqual(
      delegateError({ type: 'Missing', key: STRANGER }),
    );
  });

  test('says what a guest’s error was, and that it trapped or took too long', async () => {
    const { client, key } = await localHost();
    expect(await client.request(messages(key, utf8('?')))).toEqual(
      delegateError({ type: 'ExecutionError', cause: 'Other: refused' }),
    );
    expect(await client.request(messages(key, utf8('t')))).toMatchObject(
      err({ type: 'Unhandled', cause: expect.stringContaining('trapped') as string }),
    );
    expect(await client.request(messages(key, utf8('x')))).toEqual(
      err({ type: 'Unhandled', cause: 'it ran for more than 1000 ms' }),
    );
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('confirms and refuses registrations, and has a word of its own for the end of one', async () => {
    const { client, key, wasm } = await localHost();
    expect(await client.register(wasm)).toEqual(emptyAnswer(key));
    const wrong = registerRequest(wasm, STRANGER);
    expect(await client.request({ type: 'DelegateOp', request: wrong })).toEqual(
      delegateError({ type: 'RegisterError', key: STRANGER }),
    );
    const unregister = { type: 'UnregisterDelegate', key } as const;
    expect(await client.request({ type: 'DelegateOp', request: unregister })).toEqual(
      ok({ type: 'Ok' }),
    );
  });

  test('hands to the client what a delegate asks of its node', async () => {
    const { client, key } = await localHost();
    const asked = { type: 'SubscribeContractRequest', contractId: ID };
    expect(await client.ask(key, utf8('s'))).toMatchObject(ok({ values: [asked] }));
    expect(await client.ask(key, utf8('u'))).toMatchObject(
      ok({ values: [{ type: 'RequestUserInput' }] }),
    );
  });

  test('knows neither tokens nor questions about itself nor a request to close', async () => {
    const { client, key } = await localHost();
    const requests: ClientRequest[] = [
      { type: 'Authenticate', token: 'a token' },
      { type: 'NodeQueries', query: { type: 'ConnectedPeers' } },
      { type: 'Close' },
    ];
    for (const request of requests) {
      expect(await client.request(request)).toEqual(
        err({ type: 'Unhandled', cause: 'not supported' }),
      );
    }
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('holds up a client that asks again for a delegate that is not there; nobody else', async () => {
    const { host, client, key } = await localHost();
    await client.request(messages(STRANGER, utf8('e')));
    const again = await client.request(messages(STRANGER, utf8('e')));
    expect(JSON.stringify(again)).toContain('is rate limited after repeated failures; retry in ');
    expect(texts(await client.ask(key, utf8('eother')))).toEqual(['other']);
    const other = await RawClient.connect(nodeUrl(host));
    expect(await other.request(messages(STRANGER, utf8('e')))).toEqual(
      delegateError({ type: 'Missing', key: STRANGER }),
    );
  });
});

describe('the back-off', () => {
  const missing = err({
    type: 'RequestError',
    error: { type: 'DelegateError', error: { type: 'Missing', key: STRANGER } },
  } as const);
  const request = { type: 'UnregisterDelegate', key: STRANGER } as const;
  const refusal = (ms: number): unknown =>
    delegateError({
      type: 'ExecutionError',
      cause: `delegate ${delegateKeyText(STRANGER)} is rate limited after repeated failures; retry in ${ms} ms`,
    });

  test('doubles from 100 ms to five seconds, and a success ends it', () => {
    const clock = new ManualClock();
    const backoff = new DelegateBackoff(clock);
    expect(backoff.refusalOf(request)).toBeUndefined();
    for (const ms of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      backoff.note(missing);
      expect(backoff.refusalOf(request)).toEqual(refusal(ms));
      clock.advance(ms - 1);
      expect(backoff.refusalOf(request)).toEqual(refusal(1));
      clock.advance(1);
      expect(backoff.refusalOf(request)).toBeUndefined();
    }
    backoff.note(missing);
    backoff.note(ok({ type: 'DelegateResponse', key: STRANGER, values: [] }));
    expect(backoff.refusalOf(request)).toBeUndefined();
    backoff.note(missing);
    expect(backoff.refusalOf(request)).toEqual(refusal(100));
  });

  test('counts only errors that name the delegate', () => {
    const backoff = new DelegateBackoff(new ManualClock());
    const cause = 'it failed';
    backoff.note(err({ type: 'Unhandled', cause }));
    const error = { type: 'ExecutionError', cause } as const;
    backoff.note(err({ type: 'RequestError', error: { type: 'DelegateError', error } }));
    expect(backoff.refusalOf(request)).toBeUndefined();
  });

  test('keeps count of sixty-four delegates, those that failed last', () => {
    const backoff = new DelegateBackoff(new ManualClock());
    const keyOf = (n: number) => ({ key: new Uint8Array(32).fill(n), codeHash: ID });
    for (let n = 0; n <= 64; n++) {
      const error = { type: 'RegisterError', key: keyOf(n) } as const;
      backoff.note(err({ type: 'RequestError', error: { type: 'DelegateError', error } }));
    }
    expect(backoff.refusalOf({ ...request, key: keyOf(0) })).toBeUndefined();
    expect(backoff.refusalOf({ ...request, key: keyOf(1) })).toBeDefined();
  });
});
