import {
  decode as decodeCbor,
  encode as encodeCbor,
  type Codec,
} from '../../src/river/cbor/codec.ts';
import { DecodeError } from '../../src/river/cbor/errors.ts';
import { equalBytes } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { finding, type Form, type Verdict } from './target.ts';

/** A decoder and its encoder, as the oracle sees them. */
export interface Pair<T> {
  readonly decode: (bytes: Uint8Array) => Result<T, unknown>;
  /** undefined for a value that by design can't be written. */
  readonly encode: (value: T) => Uint8Array | undefined;
  /** Says what is wrong with an error as such; undefined when it is of the promised type and complete. */
  readonly badError: (error: unknown, bytes: Uint8Array) => string | undefined;
}

/** Longer errors than this would be a way to flood a log. */
const MAX_ERROR_LENGTH = 8192;

/** What holds for every error a decoder returns. */
export function badMessage({ message }: Error): string | undefined {
  if (message === '') return 'an error without a message';
  return message.length > MAX_ERROR_LENGTH ? `an error of ${message.length} characters` : undefined;
}

/** Inputs up to this long are also checked for being kept by reference, or changed. */
const ALIAS_CHECK_UP_TO = 16_384;

/**
 * Refused with a typed error; or accepted, and what is encoded again decodes to what encodes to the same bytes. The value must not
 * depend on the input's memory, and the input must not be changed.
 */
export function checkRoundTrip<T>(pair: Pair<T>, bytes: Uint8Array): Verdict {
  const given = bytes.slice();
  const first = pair.decode(given);
  if (bytes.length <= ALIAS_CHECK_UP_TO && !equalBytes(given, bytes)) finding('changes its input');
  if (!first.ok) {
    const bad = pair.badError(first.error, bytes);
    return bad === undefined ? 'refused' : finding(bad);
  }
  const once = pair.encode(first.value);
  if (once === undefined) return 'accepted';
  if (bytes.length <= ALIAS_CHECK_UP_TO) {
    given.fill(0xa5);
    const later = pair.encode(first.value);
    if (later === undefined || !equalBytes(once, later))
      finding('the value is a view of its input');
  }
  const second = pair.decode(once);
  if (!second.ok) {
    const { error } = second;
    return finding(
      `its own encoding is refused: ${error instanceof Error ? error.message : 'no error'}`,
    );
  }
  const twice = pair.encode(second.value);
  if (twice === undefined || !equalBytes(once, twice))
    finding('no fixpoint: encodes differently the second time');
  return 'accepted';
}

/** What holds for the errors of the CBOR decoders. */
export function badDecodeError(name: string): Pair<unknown>['badError'] {
  return (error, bytes) => {
    if (!(error instanceof DecodeError)) return `an error of another type: ${String(error)}`;
    if (!error.path.startsWith(name))
      return `an error at the path "${error.path}", not below "${name}"`;
    if (!(error.at >= 0 && error.at <= bytes.length))
      return `an error at byte ${error.at} of ${bytes.length}`;
    return badMessage(error);
  };
}

/** A form for a CBOR codec. */
export function cborForm<T>(name: string, codec: Codec<T>): Form {
  const pair: Pair<T> = {
    decode: (bytes) => decodeCbor(codec, bytes, name),
    encode: (value) => encodeCbor(codec, value),
    badError: badDecodeError(name),
  };
  return { name, check: ([bytes = new Uint8Array()]) => checkRoundTrip(pair, bytes) };
}
