import {
  answers,
  correlationKey,
  decodeDelegateRequest,
  decodeDelegateResponse,
  encodeDelegateRequest,
  encodeDelegateResponse,
  type DelegateRequest,
  type DelegateResponse,
} from '../../../src/river/delegate-messages.ts';
import { equalBytes } from '../../../src/shared/bytes.ts';
import { delegateVectors, distinct, userDataVectors } from '../corpus.ts';
import { badDecodeError, checkRoundTrip } from '../round-trip.ts';
import { finding, loadedFrom, type Form, type Target } from '../target.ts';

/** Both byte forms say the same. */
function writtenRequest(value: DelegateRequest): Uint8Array {
  const ints = encodeDelegateRequest(value, 'ints');
  const short = decodeDelegateRequest(encodeDelegateRequest(value, 'byte-strings'));
  if (!short.ok) return finding(`as byte strings it is refused: ${short.error.message}`);
  if (!equalBytes(encodeDelegateRequest(short.value, 'ints'), ints)) {
    finding('as byte strings it says something else');
  }
  correlationKey(value);
  return ints;
}

function writtenResponse(value: DelegateResponse): Uint8Array {
  // an answer has some key, and no answer is one to a list
  answers({ type: 'ListRequest' }, value);
  return encodeDelegateResponse(value);
}

const request: Form = {
  name: 'request',
  check: ([bytes = new Uint8Array()]) =>
    checkRoundTrip(
      {
        decode: decodeDelegateRequest,
        encode: writtenRequest,
        badError: badDecodeError('request'),
      },
      bytes,
    ),
};

const response: Form = {
  name: 'response',
  check: ([bytes = new Uint8Array()]) =>
    checkRoundTrip(
      {
        decode: decodeDelegateResponse,
        encode: writtenResponse,
        badError: badDecodeError('response'),
      },
      bytes,
    ),
};

/** The chat delegate's requests and responses. */
export const delegate: Target = {
  name: 'delegate',
  format: 'cbor',
  load: () => {
    const { steps } = delegateVectors();
    const { delegate_store_requests: stores } = userDataVectors();
    return loadedFrom([
      {
        form: request,
        seeds: distinct([
          ...steps.map((step) => step.request),
          ...stores.map((each) => each.request),
        ]),
      },
      {
        form: response,
        seeds: distinct([
          ...steps.flatMap(({ expect }) => expect.responses ?? []),
          ...stores.map((each) => each.response),
        ]),
      },
    ]);
  },
};
