import { describe, expect, it } from 'vitest';
import type { NodeError } from './node-error.ts';
import { describeNodeError } from './node-error.ts';
import { addresseeOf, refusalOf } from './refusals.ts';
import { CONTRACT, DELEGATE, INSTANCE } from './testing/notation.ts';

const SENTENCES: readonly [NodeError, string][] = [
  [
    {
      type: 'ConnectFailed',
      address: 'ws://localhost:7509/',
      reason: 'no connection within 5000 ms',
    },
    "The Freenet node at ws://localhost:7509/ can't be reached: no connection within 5000 ms.",
  ],
  [{ type: 'Timeout', request: 'Ask', afterMs: 10_000 }, 'The node did not answer within 10 s.'],
  [
    { type: 'Closed', sent: true, reason: { type: 'Lost', code: 1006, text: '' } },
    'The connection ended before the node answered: it was lost (code 1006).',
  ],
  [
    { type: 'Closed', sent: false, reason: { type: 'UnknownOutcome', request: 'Ask' } },
    'The request was not sent, because the connection has ended: an earlier request had no certain outcome.',
  ],
  [
    {
      type: 'Closed',
      sent: false,
      reason: { type: 'Protocol', path: 'Ok', reason: 'u32 needs 4 bytes, 0 are left' },
    },
    "The request was not sent, because the connection has ended: the node sent something Weir can't read (Ok: u32 needs 4 bytes, 0 are left).",
  ],
  [
    { type: 'EmptyValues', delegate: 'abc' },
    'The node gave an empty answer: the delegate is not installed, refused, or failed.',
  ],
  [{ type: 'Refused', kind: 'OperationError', text: 'no peers' }, 'The node refused: no peers'],
  [
    { type: 'Refused', kind: 'DelegateError.Missing', text: '' },
    'The node refused: the delegate is not installed.',
  ],
  [{ type: 'Refused', kind: 'FailedOperation', text: '' }, 'The node refused: FailedOperation.'],
  [
    { type: 'Protocol', side: 'answer', path: '', reason: '9 is no Result' },
    "The node sent something Weir can't read (9 is no Result).",
  ],
  [
    { type: 'Protocol', side: 'request', path: 'key', reason: '1 bytes instead of 32' },
    "The request can't be written for the node (key: 1 bytes instead of 32).",
  ],
  [
    { type: 'TokenInvalid' },
    "The node doesn't know this app's session any more; a new one is needed.",
  ],
  [
    { type: 'TooLarge', bytes: 73_400_320, limit: 67_108_864 },
    'The request of 70.0 MiB is larger than the 64.0 MiB a node takes.',
  ],
];

describe('node errors', () => {
  it.each(SENTENCES)('%o has a sentence', (error, sentence) => {
    expect(describeNodeError(error)).toBe(sentence);
  });

  it('are about the contract, the delegate or nobody in particular, as far as they say', () => {
    const contract = { type: 'Contract', instance: INSTANCE };
    expect(
      addresseeOf({
        type: 'RequestError',
        error: { type: 'ContractError', error: { type: 'Put', key: CONTRACT, cause: '' } },
      }),
    ).toEqual({ ...contract, operation: 'Put' });
    expect(addresseeOf({ type: 'IncorrectState', key: CONTRACT })).toEqual({
      ...contract,
      operation: undefined,
    });
    expect(
      addresseeOf({
        type: 'RequestError',
        error: { type: 'DelegateError', error: { type: 'RegisterError', key: DELEGATE } },
      }),
    ).toEqual({ type: 'Delegate', key: DELEGATE });
    for (const error of [
      { type: 'RequestError', error: { type: 'Timeout' } },
      { type: 'RequestError', error: { type: 'unknown', of: 'RequestError', tag: 9 } },
      { type: 'unknown', of: 'ErrorKind', tag: 99 },
      { type: 'OperationError', cause: 'x' },
    ] as const) {
      expect(addresseeOf(error)).toEqual({ type: 'Anyone' });
    }
  });

  it('keep the name and words the node gave', () => {
    expect(refusalOf({ type: 'RequestError', error: { type: 'Timeout' } })).toEqual({
      type: 'Refused',
      kind: 'RequestError.Timeout',
      text: '',
    });
    expect(refusalOf({ type: 'DeserializationError', cause: 'bad tag' })).toEqual({
      type: 'Refused',
      kind: 'DeserializationError',
      text: 'bad tag',
    });
  });
});
