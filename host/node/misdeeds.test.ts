import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningHost } from '../serve.ts';
import { cas, ChatClient, read, type ChatAnswer } from '../testing/chat-client.ts';
import { once } from '../testing/once.ts';
import { NO_PARAMS, RawClient } from '../testing/raw-client.ts';
import { nodeUrl, testHost } from '../testing/test-host.ts';
import { wasmContract } from '../../src/freenet/keys.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';
import type { Deed } from './misbehaviour-script.ts';

let host: RunningHost;
let client: ChatClient;

beforeEach(async () => {
  host = await testHost();
  client = await ChatClient.connect(host);
});

const STORE = { message: 'CasStoreRequest' } as const;

/** What the delegate holds under a key, by a client that came later. */
async function held(key: string): Promise<string> {
  const [answer] = said(await (await ChatClient.connect(host)).ask(read(key)));
  if (answer?.type !== 'GetVersionedResponse') throw new Error(answer?.type);
  return answer.value ? utf8Text(answer.value) : 'nothing';
}

function said(answer: ChatAnswer): Extract<ChatAnswer, readonly unknown[]> {
  if ('ok' in answer) throw new Error(JSON.stringify(answer));
  return answer;
}

const stored = (key: string, generation: bigint) => ({
  type: 'CasStoreResponse',
  key: utf8(key),
  result: { type: 'Stored', generation },
});

const theNextStore = (deed: Deed): void => host.misbehave(once(STORE, deed));

describe('a store of the chat delegate', () => {
  test('that is refused is answered as any failure of a delegate, and not carried out', async () => {
    theNextStore({ type: 'refuse' });
    expect(await client.ask(cas('a', 'x'))).toEqual([]);
    expect(await held('a')).toBe('nothing');
    expect(await client.ask(cas('a', 'x'))).toEqual([stored('a', 1n)]);
    expect(host.misdeeds).toEqual([1]);
  });

  test('whose answer is dropped is carried out', async () => {
    theNextStore({ type: 'drop-answer' });
    client.send(cas('a', 'x'));
    expect(await client.ask(cas('b', 'y'))).toEqual([stored('b', 1n)]);
    expect(await held('a')).toBe('x');
  });

  test.each([
    ['before', 'nothing'],
    ['after', 'x'],
  ] as const)('whose connection is cut %s it is carried out leaves: %s', async (at, left) => {
    theNextStore({ type: 'disconnect', at });
    expect(await client.askUntilClosed(cas('a', 'x'))).toEqual({ code: 1006, reason: '' });
    expect(await held('a')).toBe(left);
  });

  test('that is delayed before it is carried out is not there meanwhile; the answers keep their order', async () => {
    theNextStore({ type: 'delay', at: 'before', ms: 150 });
    client.send(cas('a', 'x'));
    client.send(cas('b', 'y'));
    expect(await held('a')).toBe('nothing');
    expect(await client.next()).toEqual([stored('a', 1n)]);
    expect(await client.next()).toEqual([stored('b', 1n)]);
  });

  test('that is delayed after it is carried out is there before its answer', async () => {
    theNextStore({ type: 'delay', at: 'after', ms: 300 });
    const answer = client.ask(cas('a', 'x'));
    await expect.poll(() => held('a'), { interval: 20 }).toBe('x');
    expect(client.raw.unread).toBe(0);
    expect(await answer).toEqual([stored('a', 1n)]);
  });

  test("can be answered with another's generation, or for another key", async () => {
    theNextStore({ type: 'wrong-generation', by: 5 });
    expect(await client.ask(cas('a', 'x'))).toEqual([stored('a', 6n)]);
    theNextStore({ type: 'wrong-generation', by: -1 });
    expect(await client.ask(cas('a', 'other', 9n))).toEqual([
      {
        type: 'CasStoreResponse',
        key: utf8('a'),
        result: { type: 'Conflict', currentGeneration: 0n, currentValue: utf8('x') },
      },
    ]);
    theNextStore({ type: 'wrong-key', key: 'b' });
    expect(await client.ask(cas('a', 'z', 1n))).toEqual([stored('b', 2n)]);
    expect(await held('b')).toBe('nothing');
  });

  test('finds no room when the quota is full, in the words of the delegate; what is there can be read and replaced', async () => {
    await client.ask(cas('a', 'value'));
    host.misbehave({ seed: 1, rules: [{ do: { type: 'fill-quota' } }] });
    const [answer] = said(await client.ask(cas('b', 'y')));
    expect(answer).toMatchObject({ type: 'CasStoreResponse', result: { type: 'Failed' } });
    const plain = { type: 'StoreRequest', key: utf8('c'), value: utf8('z') } as const;
    expect(await client.ask(plain)).toEqual([]);
    expect(await client.ask(cas('a', 'value', 1n))).toEqual([stored('a', 2n)]);
    host.misbehave(undefined);
    expect(await held('b')).toBe('nothing');
    expect(await client.ask(cas('b', 'y'))).toEqual([stored('b', 1n)]);
  });

  test('can be answered with garbled or short frames, the same ones for the same seed', async () => {
    for (const deed of [{ type: 'flip-bits', bits: 3 }, { type: 'truncate' }] as const) {
      const lengths: number[] = [];
      for (let again = 0; again < 2; again++) {
        const key = `${deed.type} ${again}`;
        theNextStore(deed);
        const fresh = await ChatClient.connect(host);
        fresh.raw.frameSizes.length = 0;
        fresh.send(cas(key, 'x'), read('none'));
        await expect.poll(() => fresh.raw.frameSizes.length).toBe(1);
        lengths.push(fresh.raw.frameSizes[0] ?? 0);
        expect(await held(key)).toBe('x');
      }
      expect(lengths[0]).toBe(lengths[1]);
    }
    theNextStore({ type: 'truncate' });
    client.send(cas('last', 'x'));
    expect(await client.ask(cas('after it', 'x'))).toEqual([stored('after it', 1n)]);
    expect(client.raw.unreadable).toHaveLength(1);
  });

  test('can be answered twice', async () => {
    theNextStore({ type: 'duplicate-answer' });
    client.send(cas('a', 'x'));
    expect(await client.next()).toEqual([stored('a', 1n)]);
    expect(await client.next()).toEqual([stored('a', 1n)]);
    expect(await held('a')).toBe('x');
  });

  test('can be answered behind the next answer, or late when there is none', async () => {
    theNextStore({ type: 'hold-answer', ms: 60_000 });
    client.send(cas('a', 'x'));
    expect(await client.ask(cas('b', 'y'))).toEqual([stored('b', 1n)]);
    expect(await client.next()).toEqual([stored('a', 1n)]);
    theNextStore({ type: 'hold-answer', ms: 50 });
    expect(await client.ask(cas('c', 'z'))).toEqual([stored('c', 1n)]);
  });

  test.each([
    ['before', 'nothing'],
    ['after', 'x'],
  ] as const)(
    'that makes the node begin anew %s it is carried out leaves: %s',
    async (at, left) => {
      await client.ask(cas('earlier', 'kept'));
      const other = await ChatClient.connect(host);
      theNextStore({ type: 'restart', at });
      expect(await client.askUntilClosed(cas('a', 'x'))).toMatchObject({ code: 1006 });
      expect(await other.raw.closed).toMatchObject({ code: 1006 });
      await host.restartNode(); // that of the deed is waited for, or it is a second one
      expect(await held('earlier')).toBe('kept');
      expect(await held('a')).toBe(left);
      expect(host.misdeeds).toEqual([1]);
    },
  );
});

test('a node that begins anew forgets tokens, and ends while requests wait', async () => {
  host.misbehave(once(STORE, { type: 'delay', at: 'before', ms: 60_000 }));
  client.send(cas('a', 'x'));
  client.send(cas('b', 'y'));
  await expect.poll(() => host.misdeeds).toEqual([1]);
  await host.restartNode();
  expect(await held('a')).toBe('nothing');
  expect(await held('b')).toBe('nothing');
});

test('requests about contracts are refused in the words of the node', async () => {
  const raw = await RawClient.connect(nodeUrl(host));
  const key = { instance: new Uint8Array(32).fill(7), code: new Uint8Array(32).fill(8) };
  host.misbehave({ seed: 1, rules: [{ do: { type: 'refuse' } }] });
  const refused = (cause: RegExp) => ({
    ok: false,
    error: { type: 'OperationError', cause: expect.stringMatching(cause) as string },
  });
  const flags = { returnContractCode: false, subscribe: false, blockingSubscribe: false };
  expect(
    await raw.request({
      type: 'ContractOp',
      request: { type: 'Get', key: key.instance, ...flags },
    }),
  ).toEqual(refused(/^failed to get contract .*told to fail/));
  expect(
    await raw.request({
      type: 'ContractOp',
      request: {
        type: 'Put',
        contract: wasmContract(NO_PARAMS, NO_PARAMS, key),
        state: NO_PARAMS,
        relatedContracts: [],
        ...flags,
      },
    }),
  ).toEqual(refused(/^put error for contract .*told to fail/));
  expect(await raw.request({ type: 'Close' })).toEqual(refused(/told to fail/));
});
