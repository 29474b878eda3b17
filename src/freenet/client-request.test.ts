import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from './bincode.ts';
import type { ClientRequest } from './client-request.ts';
import { decodeClientRequest, encodeClientRequest } from './client-request.ts';
import { clientRequest } from './testing/arbitraries.ts';
import {
  CODE_HASH,
  CONTRACT,
  DELEGATE,
  INSTANCE,
  bytes,
  bytesOf,
  filled,
} from './testing/notation.ts';

const empty = bytes();

/** Made by bincode 1.3.3 from stdlib's own types. */
const VECTORS: readonly [string, ClientRequest, string, number][] = [
  [
    'Put',
    {
      type: 'ContractOp',
      request: {
        type: 'Put',
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
        relatedContracts: [{ instance: INSTANCE, state: bytes(7) }],
        subscribe: true,
        blockingSubscribe: false,
      },
    },
    `01 00*15 03 00*7 01 02 03 22*32 02 00*7 09 08 11*32 22*32 02 00*7 05 06 01 00*7 11*32
     01 01 00*7 07 01 00`,
    195,
  ],
  [
    'Update with a delta',
    {
      type: 'ContractOp',
      request: { type: 'Update', key: CONTRACT, data: { type: 'Delta', delta: bytes(0xaa) } },
    },
    '01 00*3 01 00*3 11*32 22*32 01 00*3 01 00*7 aa',
    85,
  ],
  [
    'Get',
    {
      type: 'ContractOp',
      request: {
        type: 'Get',
        key: INSTANCE,
        returnContractCode: true,
        subscribe: false,
        blockingSubscribe: true,
      },
    },
    '01 00*3 02 00*3 11*32 01 00 01',
    43,
  ],
  [
    'Subscribe without a summary',
    { type: 'ContractOp', request: { type: 'Subscribe', key: INSTANCE, summary: undefined } },
    '01 00*3 03 00*3 11*32 00',
    41,
  ],
  [
    'Subscribe with a summary',
    { type: 'ContractOp', request: { type: 'Subscribe', key: INSTANCE, summary: bytes(1, 2) } },
    '01 00*3 03 00*3 11*32 01 02 00*7 01 02',
    51,
  ],
  [
    'ApplicationMessages',
    {
      type: 'DelegateOp',
      request: {
        type: 'ApplicationMessages',
        key: DELEGATE,
        params: bytes(0xde),
        inbound: [
          {
            type: 'ApplicationMessage',
            payload: bytes(1, 2, 3),
            context: bytes(4),
            processed: true,
          },
          { type: 'UserResponse', requestId: 7, response: bytes(8), context: empty },
        ],
      },
    },
    `00*8 33*32 44*32 01 00*7 de 02 00*11 03 00*7 01 02 03 01 00*7 04 01 01 00*3 07 00*3 01 00*7
     08 00*8`,
    139,
  ],
  [
    'RegisterDelegate',
    {
      type: 'DelegateOp',
      request: {
        type: 'RegisterDelegate',
        delegate: {
          type: 'Wasm',
          version: {
            type: 'V1',
            delegate: {
              parameters: bytes(9, 8, 7),
              data: { data: bytes(1, 2, 3, 4), codeHash: CODE_HASH },
              key: DELEGATE,
            },
          },
        },
        cipher: filled(0x55, 32),
        nonce: filled(0x66, 24),
      },
    },
    `00*4 01 00*11 03 00*7 09 08 07 04 00*7 01 02 03 04 22*32 33*32 44*32 55*32 66*24`,
    191,
  ],
  [
    'UnregisterDelegate',
    { type: 'DelegateOp', request: { type: 'UnregisterDelegate', key: DELEGATE } },
    '00*4 02 00*3 33*32 44*32',
    72,
  ],
  [
    'Disconnect with a cause',
    { type: 'Disconnect', cause: 'bye' },
    '02 00*3 01 03 00*7 62 79 65',
    16,
  ],
  ['Disconnect without a cause', { type: 'Disconnect', cause: undefined }, '02 00*4', 5],
  ['Authenticate', { type: 'Authenticate', token: 'tok' }, '03 00*3 03 00*7 74 6f 6b', 15],
  [
    'a query for connected peers',
    { type: 'NodeQueries', query: { type: 'ConnectedPeers' } },
    '04 00*7',
    8,
  ],
  ['Close', { type: 'Close' }, '05 00*3', 4],
  [
    'StreamChunk',
    { type: 'StreamChunk', streamId: 1, index: 2, total: 3, data: bytes(0xff, 0xee) },
    '06 00*3 01 00*3 02 00*3 03 00*3 02 00*7 ff ee',
    26,
  ],
];

describe('ClientRequest', () => {
  it.each(VECTORS)('%s is written as Freenet writes it', (_, request, notation, length) => {
    expect(encodeClientRequest(request)).toEqual(bytesOf(notation));
    expect(bytesOf(notation)).toHaveLength(length);
  });

  it.each(VECTORS)('%s is read as Freenet reads it', (_, request, notation) => {
    expect(decodeClientRequest(bytesOf(notation))).toEqual({ ok: true, value: request });
  });

  it('any request survives the wire', () => {
    fc.assert(
      fc.property(clientRequest, (request) => {
        expect(decodeClientRequest(encodeClientRequest(request))).toEqual({
          ok: true,
          value: request,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('bytes behind the request are ignored, as Freenet ignores them', () => {
    expect(decodeClientRequest(bytesOf('05 00*3 99 99'))).toEqual({
      ok: true,
      value: { type: 'Close' },
    });
  });

  it('a request of a newer client is unknown, not an error', () => {
    expect(decodeClientRequest(bytesOf('07 00*3 ab'))).toEqual({
      ok: true,
      value: { type: 'unknown', of: 'ClientRequest', tag: 7 },
    });
    expect(decodeClientRequest(bytesOf('01 00*3 09 00*3 ab'))).toEqual({
      ok: true,
      value: { type: 'ContractOp', request: { type: 'unknown', of: 'ContractRequest', tag: 9 } },
    });
  });

  it('messages before one of an unknown kind are kept', () => {
    const read = decodeClientRequest(
      bytesOf('00*8 33*32 44*32 00*8 03 00*7 00*4 01 00*7 05 00*8 00 63 00*3 ab cd ef'),
    );
    expect(read).toEqual({
      ok: true,
      value: {
        type: 'DelegateOp',
        request: {
          type: 'ApplicationMessages',
          key: DELEGATE,
          params: empty,
          inbound: [
            { type: 'ApplicationMessage', payload: bytes(5), context: empty, processed: false },
            { type: 'unknown', of: 'InboundDelegateMsg', tag: 0x63 },
          ],
        },
      },
    });
  });

  it('a request with an unknown container in front of its state is unknown itself', () => {
    expect(decodeClientRequest(bytesOf('01 00*3 00*4 07 00*3 ab'))).toEqual({
      ok: true,
      value: { type: 'ContractOp', request: { type: 'unknown', of: 'ContractRequest', tag: 0 } },
    });
  });

  it('what cannot be written is refused with its place', () => {
    const write = (request: ClientRequest) => () => encodeClientRequest(request);
    const get = {
      type: 'Get',
      key: bytes(1, 2),
      returnContractCode: false,
      subscribe: false,
      blockingSubscribe: false,
    } as const;
    expect(write({ type: 'ContractOp', request: get })).toThrow(
      new WireError('ContractOp.request.Get.key', '2 bytes instead of 32'),
    );
    expect(
      write({ type: 'ContractOp', request: { type: 'unknown', of: 'ContractRequest', tag: 9 } }),
    ).toThrow(
      new WireError(
        'ContractOp.request',
        'ContractRequest has no variant unknown that can be written',
      ),
    );
    expect(write({ type: 'Authenticate', token: 'a\ud800' })).toThrow(
      new WireError('Authenticate.token', 'a lone surrogate has no UTF-8 form'),
    );
    expect(
      write({ type: 'StreamChunk', streamId: 2 ** 32, index: 0, total: 1, data: empty }),
    ).toThrow(new WireError('StreamChunk.streamId', '4294967296 is no u32'));
  });
});
