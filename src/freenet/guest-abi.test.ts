import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../shared/result.ts';
import type { WireError } from './bincode.ts';
import * as abi from './guest-abi.ts';
import * as any from './testing/arbitraries.ts';
import { DELEGATE, INSTANCE, bytes, bytesOf } from './testing/notation.ts';
import type { InboundDelegateMsg, MessageOrigin } from './types.ts';

interface Format {
  readonly name: string;
  readonly values: fc.Arbitrary<unknown>;
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Result<unknown, WireError>;
}

const format = <T>(
  name: string,
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => Result<T, WireError>,
): Format => ({ name, values, encode: (value) => encode(value as T), decode });

const origin = fc.option(any.messageOrigin, { nil: undefined });

const FORMATS: readonly Format[] = [
  format('an origin', origin, abi.encodeMessageOrigin, abi.decodeMessageOrigin),
  format(
    'an inbound message',
    any.inboundDelegateMsg,
    abi.encodeInboundDelegateMsg,
    abi.decodeInboundDelegateMsg,
  ),
  format(
    'related contracts',
    any.relatedContracts,
    abi.encodeRelatedContracts,
    abi.decodeRelatedContracts,
  ),
  format(
    'updates',
    fc.array(any.updateData, { maxLength: 4 }),
    abi.encodeUpdates,
    abi.decodeUpdates,
  ),
  format(
    'a validation',
    any.validateStateResult,
    abi.encodeValidateStateResult,
    abi.decodeValidateStateResult,
  ),
  format(
    'a modification',
    any.updateStateResult,
    abi.encodeUpdateStateResult,
    abi.decodeUpdateStateResult,
  ),
  format('a summary or delta', any.bytesResult, abi.encodeBytesResult, abi.decodeBytesResult),
  format('what process gives', any.processResult, abi.encodeProcessResult, abi.decodeProcessResult),
];

/** A value and its bytes as bincode 1.3.3 made them from stdlib's own types. */
const vector = <T>(
  name: string,
  value: T,
  notation: string,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => Result<T, WireError>,
) => ({ ...format(name, fc.constant(value), encode, decode), value, bytes: bytesOf(notation) });

const VECTORS = [
  vector<abi.ValidateStateResult>(
    'a request for related contracts',
    { ok: true, value: { type: 'RequestRelated', instances: [INSTANCE] } },
    '00*4 02 00*3 01 00*7 11*32',
    abi.encodeValidateStateResult,
    abi.decodeValidateStateResult,
  ),
  vector<abi.UpdateStateResult>(
    'an invalid update with a reason',
    { ok: false, error: { type: 'InvalidUpdateWithInfo', reason: 'r' } },
    '01 00*3 02 00*3 01 00*7 72',
    abi.encodeUpdateStateResult,
    abi.decodeUpdateStateResult,
  ),
  vector<abi.UpdateStateResult>(
    'a modification with a related contract',
    {
      ok: true,
      value: {
        newState: bytes(1),
        related: [{ instance: INSTANCE, mode: { type: 'StateThenSubscribe' } }],
      },
    },
    '00*4 01 01 00*7 01 01 00*7 11*32 01 00*3',
    abi.encodeUpdateStateResult,
    abi.decodeUpdateStateResult,
  ),
  vector<abi.ProcessResult>(
    'a delegate error',
    { ok: false, error: { type: 'Other', cause: 'o' } },
    '01 00*3 01 00*3 01 00*7 6f',
    abi.encodeProcessResult,
    abi.decodeProcessResult,
  ),
  vector<InboundDelegateMsg>(
    'a refused put',
    {
      type: 'PutContractResponse',
      contractId: INSTANCE,
      result: { ok: false, error: 'e' },
      context: bytes(),
    },
    '03 00*3 11*32 01 00*3 01 00*7 65 00*8',
    abi.encodeInboundDelegateMsg,
    abi.decodeInboundDelegateMsg,
  ),
  vector<InboundDelegateMsg>(
    'a contract state for a delegate',
    {
      type: 'GetContractResponse',
      contractId: INSTANCE,
      state: bytes(5, 6),
      context: bytes(),
    },
    '02 00*3 11*32 01 02 00*7 05 06 00*8',
    abi.encodeInboundDelegateMsg,
    abi.decodeInboundDelegateMsg,
  ),
  vector<InboundDelegateMsg>(
    'a contract notification',
    {
      type: 'ContractNotification',
      contractId: INSTANCE,
      newState: bytes(5, 6),
      context: bytes(),
    },
    '06 00*3 11*32 02 00*7 05 06 00*8',
    abi.encodeInboundDelegateMsg,
    abi.decodeInboundDelegateMsg,
  ),
  vector<MessageOrigin | undefined>(
    'a web app as origin',
    { type: 'WebApp', contractId: INSTANCE },
    '00*4 11*32',
    abi.encodeMessageOrigin,
    abi.decodeMessageOrigin,
  ),
  vector<MessageOrigin | undefined>(
    'a delegate as origin',
    { type: 'Delegate', delegate: DELEGATE },
    '01 00*3 33*32 44*32',
    abi.encodeMessageOrigin,
    abi.decodeMessageOrigin,
  ),
];

describe('guest values', () => {
  it.each(VECTORS)('$name has the bytes of Freenet, both ways', (sample) => {
    expect(sample.encode(sample.value)).toEqual(sample.bytes);
    expect(sample.decode(sample.bytes)).toEqual({ ok: true, value: sample.value });
  });

  it.each(FORMATS)('$name survives the border', ({ values, encode, decode }) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 200 },
    );
  });

  it('no origin is no bytes', () => {
    expect(abi.encodeMessageOrigin(undefined)).toEqual(bytes());
    expect(abi.decodeMessageOrigin(bytes())).toEqual({ ok: true, value: undefined });
  });

  it('no related contracts are eight zero bytes', () => {
    expect(abi.encodeRelatedContracts([])).toEqual(bytesOf('00*8'));
  });

  it('a result with a variant the node does not know is an error, an argument keeps it', () => {
    expect(abi.decodeProcessResult(bytesOf('00*4 01 00*7 63 00*3'))).toMatchObject({
      ok: false,
      error: { path: 'Ok.0', reason: 'OutboundDelegateMsg has no variant 99' },
    });
    expect(abi.decodeValidateStateResult(bytesOf('00*4 03 00*3')).ok).toBe(false);
    expect(abi.decodeUpdateStateResult(bytesOf('01 00*3 06 00*3')).ok).toBe(false);
    expect(abi.decodeBytesResult(bytesOf('01 00*3 06 00*3')).ok).toBe(false);
    expect(abi.decodeInboundDelegateMsg(bytesOf('63 00*3'))).toEqual({
      ok: true,
      value: { type: 'unknown', of: 'InboundDelegateMsg', tag: 99 },
    });
  });

  it('the structs that point at results are read', () => {
    expect(abi.decodeContractResultStruct(bytesOf('00 00 10 00*5 02 00*3 40 00*3'))).toEqual({
      ok: true,
      value: { pointer: 0x10_0000n, kind: 2, size: 64 },
    });
    expect(abi.decodeDelegateResultStruct(bytesOf('00 00 10 00*5 40 00*3 aa*4'))).toEqual({
      ok: true,
      value: { pointer: 0x10_0000n, size: 64 },
    });
    expect(abi.decodeDelegateResultStruct(bytesOf('00*11')).ok).toBe(false);
  });
});
