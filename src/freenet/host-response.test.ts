import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientError, ContractError, DelegateError, RequestError } from './client-error.ts';
import type { ContractResponse, HostResponse, HostResult } from './host-response.ts';
import { decodeHostResult, encodeHostResult } from './host-response.ts';
import { hostResult } from './testing/arbitraries.ts';
import {
  CODE_HASH,
  CONTRACT,
  DELEGATE,
  INSTANCE,
  bytes,
  bytesOf,
  filled,
} from './testing/notation.ts';

const yes = (value: HostResponse): HostResult => ({ ok: true, value });
const no = (error: ClientError): HostResult => ({ ok: false, error });
const contract = (response: ContractResponse): HostResult =>
  yes({ type: 'ContractResponse', response });
const refused = (error: RequestError): HostResult => no({ type: 'RequestError', error });
const contractError = (error: ContractError): HostResult =>
  refused({ type: 'ContractError', error });
const delegateError = (error: DelegateError): HostResult =>
  refused({ type: 'DelegateError', error });

/** Made by bincode 1.3.3 from stdlib's own types. */
const VECTORS: readonly [string, HostResult, string, number?][] = [
  [
    'GetResponse with the contract',
    contract({
      type: 'GetResponse',
      key: CONTRACT,
      contract: {
        type: 'Wasm',
        version: {
          type: 'V1',
          contract: {
            data: { data: bytes(1, 2, 3), codeHash: CODE_HASH },
            params: bytes(9, 8),
            key: CONTRACT,
          },
        },
      },
      state: bytes(5, 6),
    }),
    `00*12 11*32 22*32 01 00*8 03 00*7 01 02 03 22*32 02 00*7 09 08 11*32 22*32 02 00*7 05 06`,
    212,
  ],
  [
    'GetResponse without the contract',
    contract({ type: 'GetResponse', key: CONTRACT, contract: undefined, state: bytes(5, 6) }),
    '00*12 11*32 22*32 00 02 00*7 05 06',
    87,
  ],
  ['PutResponse', contract({ type: 'PutResponse', key: CONTRACT }), '00*8 01 00*3 11*32 22*32', 76],
  [
    'UpdateNotification with a state',
    contract({
      type: 'UpdateNotification',
      key: CONTRACT,
      update: { type: 'State', state: bytes(1) },
    }),
    '00*8 02 00*3 11*32 22*32 00*4 01 00*7 01',
  ],
  [
    'UpdateNotification with a delta',
    contract({
      type: 'UpdateNotification',
      key: CONTRACT,
      update: { type: 'Delta', delta: bytes(2) },
    }),
    '00*8 02 00*3 11*32 22*32 01 00*3 01 00*7 02',
  ],
  [
    'UpdateNotification of a related contract',
    contract({
      type: 'UpdateNotification',
      key: CONTRACT,
      update: {
        type: 'RelatedStateAndDelta',
        relatedTo: INSTANCE,
        state: bytes(1),
        delta: bytes(2),
      },
    }),
    '00*8 02 00*3 11*32 22*32 05 00*3 11*32 01 00*7 01 01 00*7 02',
  ],
  [
    'UpdateResponse',
    contract({ type: 'UpdateResponse', key: CONTRACT, summary: bytes(3) }),
    '00*8 03 00*3 11*32 22*32 01 00*7 03',
  ],
  [
    'SubscribeResponse',
    contract({ type: 'SubscribeResponse', key: CONTRACT, subscribed: true }),
    '00*8 04 00*3 11*32 22*32 01',
  ],
  ['NotFound', contract({ type: 'NotFound', instance: INSTANCE }), '00*8 05 00*3 11*32'],
  [
    'DelegateResponse',
    yes({
      type: 'DelegateResponse',
      key: DELEGATE,
      values: [
        { type: 'ApplicationMessage', payload: bytes(1, 2, 3), context: bytes(4), processed: true },
        {
          type: 'RequestUserInput',
          requestId: 1,
          message: bytes(0x22),
          responses: [bytes(1), bytes()],
        },
        { type: 'ContextUpdated', context: bytes(9) },
      ],
    }),
    `00*4 01 00*3 33*32 44*32 03 00*11 03 00*7 01 02 03 01 00*7 04 01 01 00*3 01 00*3 01 00*7 22
     02 00*7 01 00*7 01 00*8 02 00*3 01 00*7 09`,
  ],
  [
    'ConnectedPeers',
    yes({
      type: 'QueryResponse',
      response: {
        type: 'ConnectedPeers',
        peers: [
          { peer: 'p', address: { type: 'V4', ip: bytes(127, 0, 0, 1), port: 80 } },
          { peer: 'q', address: { type: 'V6', ip: bytesOf('00*15 01'), port: 80 } },
        ],
      },
    }),
    `00*4 02 00*7 02 00*7 01 00*7 70 00*4 7f 00 00 01 50 00 01 00*7 71 01 00*18 01 50 00`,
  ],
  ['Ok', yes({ type: 'Ok' }), '00*4 03 00*3'],
  [
    'StreamChunk',
    yes({ type: 'StreamChunk', streamId: 1, index: 2, total: 3, data: bytes(0xff) }),
    '00*4 04 00*3 01 00*3 02 00*3 03 00*3 01 00*7 ff',
  ],
  [
    'StreamHeader of a GetResponse',
    yes({
      type: 'StreamHeader',
      streamId: 1,
      totalBytes: 2n,
      content: { type: 'GetResponse', key: CONTRACT, includesContract: true },
    }),
    '00*4 05 00*3 01 00*3 02 00*11 11*32 22*32 01',
  ],
  [
    'StreamHeader of anything else',
    yes({ type: 'StreamHeader', streamId: 1, totalBytes: 2n, content: { type: 'Raw' } }),
    '00*4 05 00*3 01 00*3 02 00*7 01 00*3',
  ],
  ['Unhandled', no({ type: 'Unhandled', cause: 'AUTH' }), '01 00*3 06 00*3 04 00*7 41 55 54 48'],
  ['OperationError', no({ type: 'OperationError', cause: 'o' }), '01 00*3 09 00*3 01 00*7 6f'],
  ['PeerNotJoined', no({ type: 'PeerNotJoined' }), '01 00*3 0d 00*3'],
  ['RequestError Timeout', refused({ type: 'Timeout' }), '01 00*3 08 00*3 03 00*3'],
  [
    'a refused update',
    contractError({ type: 'Update', key: CONTRACT, cause: 'c' }),
    '01 00*3 08 00*7 02 00*3 11*32 22*32 01 00*7 63',
  ],
  [
    'MissingContract',
    contractError({ type: 'MissingContract', key: INSTANCE }),
    '01 00*3 08 00*7 06 00*3 11*32',
  ],
  [
    'a missing delegate',
    delegateError({ type: 'Missing', key: DELEGATE }),
    '01 00*3 08 00*3 01 00*3 02 00*3 33*32 44*32',
  ],
  [
    'ExecutionError',
    delegateError({ type: 'ExecutionError', cause: 'c' }),
    '01 00*3 08 00*3 01 00*3 01 00*3 01 00*7 63',
  ],
  [
    'MissingSecret',
    delegateError({
      type: 'MissingSecret',
      key: DELEGATE,
      secret: { key: bytes(1, 2), hash: filled(0x77, 32) },
    }),
    '01 00*3 08 00*3 01 00*3 03 00*3 33*32 44*32 02 00*7 01 02 77*32',
  ],
];

describe('Result<HostResponse, ClientError>', () => {
  it.each(VECTORS)('%s is written as Freenet writes it', (_, response, notation, length) => {
    const written = encodeHostResult(response);
    expect(written).toEqual(bytesOf(notation));
    if (length !== undefined) expect(written).toHaveLength(length);
  });

  it.each(VECTORS)('%s is read as Freenet reads it', (_, response, notation) => {
    expect(decodeHostResult(bytesOf(notation))).toEqual({ ok: true, value: response });
  });

  it('any response survives the wire', () => {
    fc.assert(
      fc.property(hostResult, (response) => {
        expect(decodeHostResult(encodeHostResult(response))).toEqual({ ok: true, value: response });
      }),
      { numRuns: 500 },
    );
  });

  it('an error of a newer node is unknown, not malformed', () => {
    expect(decodeHostResult(bytesOf('01 00*3 08 00*3 01 00*3 09 00*3 ab'))).toEqual({
      ok: true,
      value: delegateError({ type: 'unknown', of: 'DelegateError', tag: 9 }),
    });
  });

  it('a message that ends in an unknown update is unknown, and those before it are kept', () => {
    const read = decodeHostResult(
      bytesOf('00*4 01 00*3 33*32 44*32 03 00*7 02 00*3 00*8 05 00*3 11*32 63 00*3 ab*60'),
    );
    expect(read).toEqual({
      ok: true,
      value: yes({
        type: 'DelegateResponse',
        key: DELEGATE,
        values: [
          { type: 'ContextUpdated', context: bytes() },
          { type: 'unknown', of: 'OutboundDelegateMsg', tag: 5 },
        ],
      }),
    });
  });

  it('a Result that is neither Ok nor Err is malformed', () => {
    expect(decodeHostResult(bytesOf('02 00*3'))).toMatchObject({
      ok: false,
      error: { type: 'Malformed', path: '', reason: '2 is no Result' },
    });
  });
});
