import fc from 'fast-check';
import { WireError } from '../../../src/freenet/bincode.ts';
import { decodeClientRequest, encodeClientRequest } from '../../../src/freenet/client-request.ts';
import * as guest from '../../../src/freenet/guest-abi.ts';
import { decodeHostResult, encodeHostResult } from '../../../src/freenet/host-response.ts';
import * as arbitrary from '../../../src/freenet/testing/arbitraries.ts';
import type { Result } from '../../../src/shared/result.ts';
import { badMessage, checkRoundTrip, type Pair } from '../round-trip.ts';
import { finding, loadedFrom, type Form, type Input, type Target } from '../target.ts';

/** A variant that only newer nodes know can be read, but not written. */
function holdsUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  if ('type' in value && value.type === 'unknown') return true;
  return Object.values(value).some(holdsUnknown);
}

function badWireError(error: unknown): string | undefined {
  if (!(error instanceof WireError)) return `an error of another type: ${String(error)}`;
  return badMessage(error);
}

function wireForm<T>(
  name: string,
  decode: (bytes: Uint8Array) => Result<T, WireError>,
  encode: (value: T) => Uint8Array,
): Form {
  const pair: Pair<T> = {
    decode,
    encode: (value) => {
      try {
        return encode(value);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return holdsUnknown(value)
          ? undefined
          : finding(`what was read can't be written: ${error.message}`);
      }
    },
    badError: badWireError,
  };
  return { name, check: ([bytes = new Uint8Array()]) => checkRoundTrip(pair, bytes) };
}

/** Well-formed frames, always the same. */
const samples = <T>(of: fc.Arbitrary<T>, encode: (value: T) => Uint8Array): readonly Input[] =>
  fc.sample(of, { seed: 1, numRuns: 200 }).map((value) => [encode(value)]);

const wire = <T>(
  name: string,
  of: fc.Arbitrary<T>,
  decode: (bytes: Uint8Array) => Result<T, WireError>,
  encode: (value: T) => Uint8Array,
): { readonly form: Form; readonly seeds: readonly Input[] } => ({
  form: wireForm(name, decode, encode),
  seeds: samples(of, encode),
});

/** What a client and a node send each other. */
export const frames: Target = {
  name: 'frames',
  format: 'bincode',
  load: () =>
    loadedFrom([
      wire('ClientRequest', arbitrary.clientRequest, decodeClientRequest, encodeClientRequest),
      wire('HostResult', arbitrary.hostResult, decodeHostResult, encodeHostResult),
    ]),
};

const origin = fc.option(arbitrary.messageOrigin, { nil: undefined });

/** What crosses the border between a node and a WASM guest. */
export const guests: Target = {
  name: 'guests',
  format: 'bincode',
  load: () =>
    loadedFrom([
      wire('MessageOrigin', origin, guest.decodeMessageOrigin, guest.encodeMessageOrigin),
      wire(
        'InboundDelegateMsg',
        arbitrary.inboundDelegateMsg,
        guest.decodeInboundDelegateMsg,
        guest.encodeInboundDelegateMsg,
      ),
      wire(
        'RelatedContracts',
        arbitrary.relatedContracts,
        guest.decodeRelatedContracts,
        guest.encodeRelatedContracts,
      ),
      wire(
        'updates',
        fc.array(arbitrary.updateData, { maxLength: 4 }),
        guest.decodeUpdates,
        guest.encodeUpdates,
      ),
      wire(
        'ValidateStateResult',
        arbitrary.validateStateResult,
        guest.decodeValidateStateResult,
        guest.encodeValidateStateResult,
      ),
      wire(
        'UpdateStateResult',
        arbitrary.updateStateResult,
        guest.decodeUpdateStateResult,
        guest.encodeUpdateStateResult,
      ),
      wire('BytesResult', arbitrary.bytesResult, guest.decodeBytesResult, guest.encodeBytesResult),
      wire(
        'ProcessResult',
        arbitrary.processResult,
        guest.decodeProcessResult,
        guest.encodeProcessResult,
      ),
    ]),
};
