import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoadedDelegate } from '../host/wasm/delegate-host.ts';
import { concatBytes, fromHex, toHex, utf8 } from '../src/shared/bytes.ts';
import { DelegateClient, kindOf, loadChatDelegate } from './testing/delegate-client.ts';

const ORIGIN = new Uint8Array(32).fill(0x2a);
const ORIGIN_TEXT = '3qbR1eZRqXUWroWKKYhbDmR3FfqTHfqSU8zZSxtANzYh';
const INDEX = `${ORIGIN_TEXT}:::key_index`;

let delegate: LoadedDelegate;
let client: DelegateClient;

beforeAll(async () => {
  delegate = await loadChatDelegate();
}, 120_000);

beforeEach(() => {
  client = new DelegateClient(delegate, ORIGIN);
});

const key = utf8('k2');

function store(value: string): ReturnType<DelegateClient['ask']> {
  return client.ask({ type: 'StoreRequest', key, value: utf8(value) });
}

function cas(value: string, expectedGeneration: bigint): ReturnType<DelegateClient['ask']> {
  return client.ask({ type: 'CasStoreRequest', key, value: utf8(value), expectedGeneration });
}

function listed(): string[] {
  const answer = client.ask({ type: 'ListRequest' });
  if (typeof answer === 'string' || answer.type !== 'ListResponse') throw new Error('no list');
  return answer.keys.map((one) => Buffer.from(one).toString());
}

describe('where values lie', () => {
  test('a value lies under origin and key, behind a tag and its generation', () => {
    store('abc');
    expect(client.secrets.get(utf8(`${ORIGIN_TEXT}:k2`))).toEqual(
      concatBytes([Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0, 0), utf8('abc')]),
    );
    expect(client.secrets.get(utf8(INDEX))).toEqual(fromHex('a1646b6579738182186b1832'));
  });

  test('an origin that begins with zeros keeps them', () => {
    const zeros = new Uint8Array(32);
    zeros[31] = 1;
    client = new DelegateClient(delegate, zeros);
    store('abc');
    expect(client.secrets.get(utf8(`${'1'.repeat(31)}2:k2`))).toBeDefined();
  });

  test('a key that is no UTF-8 becomes text as Rust makes it', () => {
    // first bytes of characters, and what may or may not follow them: surrogates, overlong ones, ones beyond the last
    const heads = fc.constantFrom(0x41, 0xc1, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf3, 0xf4, 0xf5, 0xff);
    const tails = fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0);
    const nearly = fc
      .array(fc.tuple(heads, fc.array(tails, { maxLength: 4 })), { minLength: 1, maxLength: 4 })
      .map((characters) => Uint8Array.from(characters.flatMap(([head, tail]) => [head, ...tail])));
    fc.assert(
      fc.property(nearly, (bytes) => {
        const mine = new DelegateClient(delegate, ORIGIN);
        mine.ask({ type: 'StoreRequest', key: bytes, value: key });
        // a decoder of the web replaces as Rust does
        const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        expect(mine.secrets.get(utf8(`${ORIGIN_TEXT}:${name}`))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  test('a value without an envelope is read as it is, at generation 0', () => {
    const name = utf8(`${ORIGIN_TEXT}:k2`);
    for (const value of [
      utf8('{old}'),
      fromHex('0102030405060708'),
      fromHex('02ffffffffffffffffff'),
    ]) {
      client.secrets.set(name, value);
      expect(client.ask({ type: 'GetVersionedRequest', key })).toMatchObject({
        value,
        generation: 0n,
      });
    }
    expect(cas('new', 0n)).toMatchObject({ result: { type: 'Stored', generation: 1n } });
  });

  test('the highest generation stays the highest', () => {
    client.secrets.set(utf8(`${ORIGIN_TEXT}:k2`), fromHex('01ffffffffffffffff61'));
    store('b');
    expect(client.ask({ type: 'GetVersionedRequest', key })).toMatchObject({
      value: utf8('b'),
      generation: 0xffff_ffff_ffff_ffffn,
    });
  });
});

describe('any sequence of requests', () => {
  interface Model {
    readonly values: Map<string, { value: string; generation: bigint }>;
    readonly order: string[];
  }
  const keys = fc.constantFrom('a', 'b', 'c');
  const values = fc.string({ unit: 'binary-ascii', maxLength: 40 });
  const operation = fc.oneof(
    fc.record({ type: fc.constant('store' as const), key: keys, value: values }),
    fc.record({ type: fc.constant('delete' as const), key: keys }),
    fc.record({
      type: fc.constant('cas' as const),
      key: keys,
      value: values,
      offset: fc.constantFrom(0n, 0n, 1n, 5n),
    }),
  );
  type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

  function apply(model: Model, mine: DelegateClient, one: Operation): void {
    const known = model.values.get(one.key);
    const generation = known?.generation ?? 0n;
    const name = utf8(one.key);
    if (one.type === 'delete') {
      mine.ask({ type: 'DeleteRequest', key: name });
      model.values.delete(one.key);
      if (known) model.order.splice(model.order.indexOf(one.key), 1);
      return;
    }
    const value = utf8(one.value);
    if (one.type === 'store') {
      mine.ask({ type: 'StoreRequest', key: name, value });
    } else {
      const expectedGeneration = generation + one.offset;
      const answer = mine.ask({ type: 'CasStoreRequest', key: name, value, expectedGeneration });
      const conflict = {
        type: 'Conflict',
        currentGeneration: generation,
        currentValue: known && utf8(known.value),
      };
      const stored = { type: 'Stored', generation: generation + 1n };
      expect(answer).toMatchObject({ result: one.offset === 0n ? stored : conflict });
      if (one.offset !== 0n) return;
    }
    if (!known) model.order.push(one.key);
    model.values.set(one.key, { value: one.value, generation: generation + 1n });
  }

  test('leaves what a map with generations would hold', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const mine = new DelegateClient(delegate, ORIGIN);
        const model: Model = { values: new Map(), order: [] };
        for (const one of operations) apply(model, mine, one);
        for (const one of ['a', 'b', 'c']) {
          const known = model.values.get(one);
          const expected = known && utf8(known.value);
          const name = utf8(one);
          expect(mine.ask({ type: 'GetVersionedRequest', key: name })).toMatchObject({
            value: expected,
            generation: known?.generation ?? 0n,
          });
          expect(mine.ask({ type: 'GetRequest', key: name })).toMatchObject({ value: expected });
        }
        const answer = mine.ask({ type: 'ListRequest' });
        expect(answer).toMatchObject({ keys: model.order.map(utf8) });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('a node that does not store', () => {
  test('a refused store is an error, and nothing is listed', () => {
    client.secrets.refuses = (name) => name.endsWith(':k2');
    expect(store('abc')).toBe('Other');
    client.secrets.refuses = () => false;
    expect(listed()).toEqual([]);
  });

  test('a refused compare-and-swap is said in the answer', () => {
    client.secrets.refuses = (name) => name.endsWith(':k2');
    expect(cas('abc', 0n)).toMatchObject({
      result: { type: 'Failed', reason: 'Failed to store secret via host function' },
    });
  });

  test('where the index is refused the call fails although the value is there; the next store repairs it', () => {
    client.secrets.refuses = (name) => name === INDEX;
    expect(cas('abc', 0n)).toBe('Other');
    expect(store('abc')).toBe('Other');
    expect(client.ask({ type: 'DeleteRequest', key })).toBe('Other');
    expect(cas('abc', 0n)).toBe('Other');
    client.secrets.refuses = () => false;
    expect(listed()).toEqual([]);
    expect(cas('abc', 0n)).toMatchObject({ result: { type: 'Conflict', currentGeneration: 1n } });
    expect(cas('def', 1n)).toMatchObject({ result: { type: 'Stored' } });
    expect(listed()).toEqual(['k2']);
  });

  test('a refused signing key is an error', () => {
    client.secrets.refuses = (name) => name.startsWith('signing_key:');
    const request = { roomKey: ORIGIN, signingKeyBytes: ORIGIN };
    expect(client.ask({ type: 'StoreSigningKey', ...request })).toBe('Other');
  });

  test('an index that cannot be read counts as empty, and is replaced by the next store', () => {
    store('abc');
    for (const broken of [
      '',
      'ff',
      'a0',
      'a1646b657973',
      'a1646b65797381f6',
      'a2646b65797380646b65797380',
    ]) {
      client.secrets.set(utf8(INDEX), fromHex(broken));
      expect(listed()).toEqual([]);
    }
    client.ask({ type: 'StoreRequest', key: utf8('other'), value: key });
    expect(listed()).toEqual(['other']);
    expect(client.ask({ type: 'GetRequest', key })).toMatchObject({ value: utf8('abc') });
  });
});

describe('messages that are no requests', () => {
  test('what comes from nobody, from another delegate or twice is refused', () => {
    const message = {
      type: 'ApplicationMessage',
      payload: utf8('kListRequest'),
      context: new Uint8Array(0),
      processed: false,
    } as const;
    const other = { key: ORIGIN, codeHash: ORIGIN };
    const refused = { error: { error: { type: 'Other' } } };
    expect(client.runFor(undefined, message)).toMatchObject(refused);
    const fromDelegate = { type: 'Delegate', delegate: other } as const;
    expect(client.runFor(fromDelegate, message)).toMatchObject(refused);
    expect(client.run({ ...message, processed: true })).toMatchObject(refused);
    expect(client.run(message).ok).toBe(true);
  });

  test('answers to what was never asked are refused, except to a subscription', () => {
    const contractId = ORIGIN;
    const context = new Uint8Array(0);
    const result = { ok: true, value: undefined } as const;
    const refused = [
      { type: 'UserResponse', requestId: 1, response: key, context },
      { type: 'GetContractResponse', contractId, state: undefined, context },
      { type: 'PutContractResponse', contractId, result, context },
      { type: 'UpdateContractResponse', contractId, result, context },
    ] as const;
    for (const message of refused) {
      expect(client.run(message)).toMatchObject({ error: { error: { type: 'Other' } } });
    }
    const failed = { ok: false, error: 'no such contract' } as const;
    for (const outcome of [result, failed]) {
      const message = { type: 'SubscribeContractResponse', contractId, result: outcome } as const;
      expect(client.run({ ...message, context })).toEqual({ ok: true, value: [] });
    }
  });

  test('a length that is a lie is an error, not an allocation', () => {
    for (const payload of [
      'a16c53746f726552657175657374a2636b65799affffffff', // 4 G integers
      'a16c53746f726552657175657374a2636b65795affffffff', // 4 GB of bytes
      'a16c53746f726552657175657374a2636b65799bffffffffffffffff',
      'baffffffff',
      '7affffffff',
    ]) {
      expect(client.send(fromHex(payload))).toMatchObject({ error: { error: { type: 'Deser' } } });
    }
  });

  test('nesting deeper than 256 is an error', () => {
    const nested = (levels: number): Uint8Array =>
      concatBytes([
        fromHex('a16a47657452657175657374a26178'), // {"GetRequest": {"x": [[…0…]],
        new Uint8Array(levels).fill(0x81),
        fromHex('00636b6579811861'), // "key": [97]}}
      ]);
    expect(client.send(nested(254)).ok).toBe(true);
    expect(client.send(nested(255))).toMatchObject({ error: { error: { type: 'Deser' } } });
    expect(client.send(nested(100_000))).toMatchObject({ error: { error: { type: 'Deser' } } });
  });

  test('whatever the bytes, the delegate answers or says that it cannot read them', () => {
    const requests = [
      'a16c53746f726552657175657374a2636b65798118616576616c75658118ff',
      'a16f43617353746f726552657175657374a3636b65798161616576616c7565418073657870656374',
      'a1694765745075626c69634b6579a168726f6f6d5f6b65799820',
      '6b4c69737452657175657374',
    ].map(fromHex);
    const mutated = fc
      .tuple(
        fc.constantFrom(...requests),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 20 }),
      )
      .map(([request, changes, tail]) => {
        const bytes = concatBytes([request, tail]);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        const result = client.send(bytes);
        if (!result.ok) expect(kindOf(result.error), toHex(bytes)).toBe('Deser');
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});
