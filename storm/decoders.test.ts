import { describe, expect, it } from 'vitest';
import { requestFrames } from '../src/freenet/chunks.ts';
import { encodeClientRequest } from '../src/freenet/client-request.ts';
import { delegateKey } from '../src/freenet/keys.ts';
import { encodeDelegateRequest, type DelegateRequest } from '../src/river/delegate-messages.ts';
import { utf8 } from '../src/shared/bytes.ts';
import { decoderNamed, DECODERS, type SaveDecoder } from './decoders.ts';
import { HEAD_BYTES, type Sent } from './hook.ts';

const decoder = (name: string): SaveDecoder => {
  const found = DECODERS.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};

/** What the hook reports of a frame. */
const isSave = (name: string, frame: Uint8Array, kind: Sent['kind'] = 'socket'): boolean =>
  decoder(name).isSave(
    { kind, url: 'ws://x', length: frame.length, head: '' },
    frame.subarray(0, HEAD_BYTES),
  );

const noParams = new Uint8Array();
const key = delegateKey(utf8('code'), noParams);

/** The frames that a client sends for messages to a delegate. */
function framesOf(...messages: readonly DelegateRequest[]): readonly Uint8Array[] {
  const frames = requestFrames(
    encodeClientRequest({
      type: 'DelegateOp',
      request: {
        type: 'ApplicationMessages',
        key,
        params: noParams,
        inbound: messages.map((message) => ({
          type: 'ApplicationMessage' as const,
          payload: encodeDelegateRequest(message, 'ints'),
          context: new Uint8Array(),
          processed: false,
        })),
      },
    }),
    1,
  );
  if (!frames.ok) throw new Error(frames.error.type);
  return [...frames.value];
}

const store = (bytes: number): DelegateRequest => ({
  type: 'CasStoreRequest',
  key: utf8('room:x'),
  value: new Uint8Array(bytes),
  expectedGeneration: 1n,
});

describe('the Freenet decoder', () => {
  it('counts a request that stores something, once however many frames it takes', () => {
    expect(framesOf(store(100)).map((frame) => isSave('freenet', frame))).toEqual([true]);
    const large = framesOf(store(700_000), store(700_000));
    expect(large.length).toBeGreaterThan(2);
    expect(large.map((frame) => isSave('freenet', frame)).filter(Boolean)).toEqual([true]);
  });

  it('does not count what only reads', () => {
    const frames = framesOf(
      { type: 'ListRequest' },
      { type: 'GetVersionedRequest', key: utf8('k') },
    );
    expect(frames.map((frame) => isSave('freenet', frame))).toEqual([false]);
  });
});

it('requests and socket messages are counted by the other two', () => {
  expect(isSave('http', utf8('{}'), 'request')).toBe(true);
  expect(isSave('http', utf8('{}'))).toBe(false);
  expect(isSave('sockets', utf8('{}'))).toBe(true);
});

describe('a decoder of one’s own', () => {
  it('is the default export of a module', async () => {
    const own = { name: 'own', counts: 'all', isSave: () => true };
    await expect(decoderNamed('./own.js', async () => ({ default: own }))).resolves.toBe(own);
  });

  it('that is none is refused in words', async () => {
    await expect(decoderNamed('./x.js', async () => ({ default: {} }))).rejects.toThrow(
      'no decoder',
    );
  });
});
