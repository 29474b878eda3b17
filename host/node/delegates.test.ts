import { describe, expect, test, vi } from 'vitest';
import { encodeMessageOrigin } from '../../src/freenet/guest-abi.ts';
import { delegateKey } from '../../src/freenet/keys.ts';
import { concatBytes, utf8, utf8Text } from '../../src/shared/bytes.ts';
import { hostileGuest } from '../wasm/testing/hostile-guest.ts';
import { emptyAnswer, probedHost, texts } from '../testing/probed-host.ts';
import { NO_PARAMS, RawClient, messages, registerRequest } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { nodeUrl, testHost } from '../testing/test-host.ts';

const ID = new Uint8Array(32).fill(7);

// the first use compiles the probe delegate, which takes seconds
vi.setConfig({ testTimeout: 60_000 });

describe('delegates', () => {
  test('messages of one request are answered together, in order', async () => {
    const { client, key } = await probedHost();
    expect(texts(await client.ask(key, utf8('eone'), utf8('etwo'), utf8('e')))).toEqual([
      'one',
      'two',
      '',
    ]);
    expect(await client.ask(key)).toEqual([]);
  });

  test('many requests sent at once are answered one by one in their order', async () => {
    const { client, key } = await probedHost();
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
    const { client, key, wasm } = await probedHost({ log: (line) => log.push(line) });
    const stranger = { key: key.key, codeHash: ID };
    expect(await client.request(messages(stranger, utf8('e')))).toEqual(emptyAnswer(stranger));
    expect(await client.request(messages(key, utf8('?')))).toEqual(emptyAnswer(key));
    expect(await client.request(messages(key, utf8('t')))).toEqual(emptyAnswer(key));
    expect(await client.request(messages(key, utf8('elost'), utf8('t')))).toEqual(emptyAnswer(key));
    const wrong = { key: ID, codeHash: ID };
    expect(
      await client.request({ type: 'DelegateOp', request: registerRequest(wasm, wrong) }),
    ).toEqual(emptyAnswer(wrong));
    expect(await client.request(messages(wrong, utf8('e')))).toEqual(emptyAnswer(wrong));
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
    expect(await client.register(garbage)).toEqual(emptyAnswer(key));
    expect(host.metrics().delegates).toEqual({});
  });

  test('what a guest stored before it failed or trapped stays stored', async () => {
    const { client, key } = await probedHost();
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['']);
    await client.ask(key, utf8('wbefore an error'));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['before an error']);
    await client.ask(key, utf8('Wbefore a trap'));
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['before a trap']);
  });

  test('delegates and secrets are there after a restart, also after a kill, without registering again', async () => {
    const dataDir = tempDir();
    const { host, client, key } = await probedHost({ dataDir });
    await client.ask(key, utf8('wkept'));
    await host.kill();
    expect((await client.closed).code).toBe(1006);

    const again = await testHost({ dataDir });
    const later = await RawClient.connect(nodeUrl(again));
    expect(texts(await later.ask(key, utf8('r')))).toEqual(['kept']);
  });

  test('an unregistered delegate is gone, and its secrets wait for its return', async () => {
    const { client, key, wasm } = await probedHost();
    await client.ask(key, utf8('wkept'));
    await client.ask(key, utf8('ccontext'));
    const unregister = { type: 'UnregisterDelegate', key } as const;
    expect(await client.request({ type: 'DelegateOp', request: unregister })).toEqual(
      emptyAnswer(key),
    );
    expect(await client.ask(key, utf8('e!'))).toEqual([]);
    await client.register(wasm);
    expect(texts(await client.ask(key, utf8('r'), utf8('c')))).toEqual(['kept', '']);
  });

  test('the context is kept between requests and shared by clients', async () => {
    const { host, client, key } = await probedHost();
    expect(texts(await client.ask(key, utf8('cone'), utf8('ctwo')))).toEqual(['', 'one']);
    const other = await RawClient.connect(nodeUrl(host));
    expect(texts(await other.ask(key, utf8('cthree')))).toEqual(['two']);
    await other.ask(key, utf8('clost, because an error follows'), utf8('?'));
    expect(texts(await client.ask(key, utf8('c')))).toEqual(['three']);
  });
});

describe('a guest that does not come back', () => {
  test('is ended; others are served meanwhile, what it wrote is not kept, and then all is as before', async () => {
    const log: string[] = [];
    const { host, client, key } = await probedHost({
      guestLimitMs: 2_000,
      log: (line) => log.push(line),
    });
    await client.ask(key, utf8('wbefore'));
    const wasm = await hostileGuest();
    const other = await RawClient.connect(nodeUrl(host));
    await other.register(wasm);
    const hostile = delegateKey(wasm, NO_PARAMS);
    // threads for both: what is measured is not their start
    await Promise.all([client.ask(key, utf8('e')), other.ask(hostile, utf8('e'))]);
    let ended = false;
    const looping = other.ask(hostile, utf8('Llost')).then((answer) => {
      ended = true;
      return answer;
    });
    expect(texts(await client.ask(key, utf8('r')))).toEqual(['before']);
    expect(texts(await client.ask(key, utf8('eserved')))).toEqual(['served']);
    expect(ended).toBe(false);
    expect(await looping).toEqual([]);
    expect(log.at(-1)).toMatch(/: it ran for more than 2000 ms$/);
    expect(texts(await other.ask(hostile, utf8('g'), utf8('skept'), utf8('g')))).toEqual([
      '',
      '',
      'kept',
    ]);
  });

  test('does not keep the node from closing', async () => {
    const { host, client, key } = await probedHost();
    client.send(messages(key, utf8('x')));
    expect(
      texts(await RawClient.connect(nodeUrl(host)).then((c) => c.ask(key, utf8('e!')))),
    ).toEqual(['!']);
    await host.close();
    expect((await client.closed).code).toBe(1001);
  });
});

describe('what a delegate asks of its node', () => {
  test('a subscription is refused in words the delegate gets, and its reaction is the answer', async () => {
    const { client, key } = await probedHost();
    // 1: the tag of Err
    expect(texts(await client.ask(key, utf8('s')))).toEqual(['s\u0001']);
  });

  test('a delegate that asks for ever is stopped after a hundred rounds', async () => {
    const { client, key } = await probedHost();
    expect(await client.ask(key, utf8('l'))).toHaveLength(99);
    expect(texts(await client.ask(key, utf8('estill here')))).toEqual(['still here']);
  });

  test('a prompt ends with an empty response', async () => {
    const { client, key } = await probedHost();
    expect(texts(await client.ask(key, utf8('u')))).toEqual(['u\u0000']);
  });

  test('a message to another delegate carries its true sender, and who sent it as origin', async () => {
    const { client, key } = await probedHost();
    const own = concatBytes([key.key, key.codeHash]);
    const origin = encodeMessageOrigin({ type: 'Delegate', delegate: key });
    expect(await client.ask(key, concatBytes([utf8('d'), own]))).toEqual([
      concatBytes([own, origin]),
    ]);
    const nobody = new Uint8Array(64).fill(1);
    expect(await client.ask(key, concatBytes([utf8('d'), nobody]))).toEqual([]);
  });
});
