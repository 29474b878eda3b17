import { describe, expect, test } from 'vitest';
import { encodeClientRequest } from '../../src/freenet/client-request.ts';
import { idText } from '../../src/freenet/keys.ts';
import type { DelegateRequest } from '../../src/river/delegate-messages.ts';
import { encodeDelegateRequest } from '../../src/river/delegate-messages.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { messages } from '../testing/raw-client.ts';
import { Metrics } from './metrics.ts';

const KEY = { key: new Uint8Array(32).fill(1), codeHash: new Uint8Array(32).fill(2) };
const KEY_TEXT = idText(KEY.key);

const get: DelegateRequest = { type: 'GetRequest', key: utf8('k') };
const store: DelegateRequest = { type: 'StoreRequest', key: utf8('k'), value: utf8('v') };
const cas: DelegateRequest = {
  type: 'CasStoreRequest',
  key: utf8('k'),
  value: utf8('v'),
  expectedGeneration: 1n,
};

/** Counts one request with these messages. @returns its bytes */
function count(metrics: Metrics, ...requests: DelegateRequest[]): number {
  const request = messages(KEY, ...requests.map((each) => encodeDelegateRequest(each, 'ints')));
  const { length } = encodeClientRequest(request);
  metrics.requested(request, length);
  return length;
}

describe('metrics', () => {
  test('one request with many stores in it is one store request, and each message is counted by name', () => {
    const metrics = new Metrics(new ManualClock());
    const bytes =
      count(metrics, cas, cas, get) +
      count(metrics, store) +
      count(metrics, get, { type: 'ListRequest' });
    metrics.answered(500, KEY);
    metrics.registered(KEY);
    metrics.requested({ type: 'Close' }, 4);
    metrics.malformed(3);
    metrics.answered(10, undefined);
    expect(metrics.report()).toEqual({
      startedAt: '2026-01-01T00:00:00.000Z',
      connections: { open: 0, total: 0 },
      bytes: { in: bytes + 7, out: 510 },
      requests: { ApplicationMessages: 3, Close: 1, Malformed: 1 },
      storeRequests: 2,
      delegates: {
        [KEY_TEXT]: {
          registrations: 1,
          requests: 3,
          storeRequests: 2,
          bytesIn: bytes,
          bytesOut: 500,
          messages: { CasStoreRequest: 2, GetRequest: 2, StoreRequest: 1, ListRequest: 1 },
        },
      },
    });
  });

  test('a payload that names nothing is counted as other, and is no store', () => {
    const metrics = new Metrics(new ManualClock());
    metrics.requested(messages(KEY, utf8('StoreRequest'), new Uint8Array(0)), 1);
    expect(metrics.report()).toMatchObject({
      storeRequests: 0,
      delegates: { [KEY_TEXT]: { messages: { other: 2 } } },
    });
  });

  test('names and keys that a client makes up do not pile up, nor do they reach into objects', () => {
    const metrics = new Metrics(new ManualClock());
    const named = (name: string): Uint8Array => new Uint8Array([0x78, name.length, ...utf8(name)]);
    for (let i = 0; i < 1000; i++) {
      const key = { ...KEY, key: new Uint8Array(32).fill(i % 256).fill(i >> 8, 0, 4) };
      metrics.requested(messages(key, utf8('')), 1);
      metrics.requested(messages(KEY, named(`Made${i}`), named('constructor')), 1);
    }
    const { delegates } = metrics.report();
    expect(Object.keys(delegates).length).toBeLessThan(300);
    expect(Object.keys(delegates[KEY_TEXT]?.messages ?? {}).length).toBeLessThan(300);
    expect(delegates[KEY_TEXT]?.messages['constructor']).toBe(1000);
  });
});
