/**
 * The requests a client makes: what each sends, and which answers are its own.
 *
 * Nothing on the wire ties an answer to its request, so each request judges by what an answer carries (a key, payloads), and
 * the connection sees to it that never two requests wait that the same answer could fit.
 */
import { equalBytes, toHex } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import type { ClientError } from './client-error.ts';
import type { ClientRequest, ContractRequest } from './client-request.ts';
import type { ContractResponse, HostResponse } from './host-response.ts';
import { delegateKey, delegateKeyText, sameDelegate, wasmDelegate } from './keys.ts';
import type { NodeError, RequestName } from './node-error.ts';
import type { Addressee } from './refusals.ts';
import { refusalOf } from './refusals.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateKey,
  RelatedContracts,
  UpdateData,
} from './types.ts';

/** A delegate answers within this or not at all; the first call may compile its WASM. */
export const DELEGATE_TIMEOUT_MS = 10_000;
/** A node tries the network for up to 60 s before it gives up on a contract. */
export const CONTRACT_TIMEOUT_MS = 65_000;

export interface DelegateSource {
  readonly code: Uint8Array;
  readonly params: Uint8Array;
  /** When known: deriving it hashes the whole code. */
  readonly key?: DelegateKey;
}

export interface DelegateAsk {
  readonly key: DelegateKey;
  /** The parameters it was registered with. */
  readonly params: Uint8Array;
  /** One message each, run in this order; at least one. */
  readonly payloads: readonly Uint8Array[];
  /**
   * Whether these payloads answer this request; what it refuses goes to `onUnsolicited`, and the wait goes on. They are the
   * payloads of all application messages of one response, never empty.
   */
  readonly accepts: (payloads: readonly Uint8Array[]) => boolean;
  readonly timeoutMs?: number;
  /** Whether not knowing the outcome must end the connection. */
  readonly changesState: boolean;
}

export interface PutCall {
  readonly contract: ContractContainer;
  readonly state: Uint8Array;
  readonly relatedContracts?: RelatedContracts;
  readonly subscribe?: boolean;
  readonly blockingSubscribe?: boolean;
  readonly timeoutMs?: number;
}

export interface GetCall {
  readonly instance: Uint8Array;
  readonly returnContractCode?: boolean;
  readonly subscribe?: boolean;
  readonly blockingSubscribe?: boolean;
  readonly timeoutMs?: number;
}

export interface UpdateCall {
  readonly key: ContractKey;
  readonly data: UpdateData;
  readonly timeoutMs?: number;
}

export interface SubscribeCall {
  readonly instance: Uint8Array;
  /** With it notifications are deltas against it, without it whole states. */
  readonly summary?: Uint8Array;
  readonly timeoutMs?: number;
}

export type GetAnswer =
  | {
      readonly type: 'Found';
      readonly key: ContractKey;
      readonly state: Uint8Array;
      readonly contract: ContractContainer | undefined;
    }
  /** Nobody asked had it, possibly not yet. */
  | { readonly type: 'NotFound' };

export interface NodeRequest<T> {
  readonly name: RequestName;
  /** At most one request per lane is outstanding. */
  readonly lane: string;
  readonly message: ClientRequest;
  readonly timeoutMs: number;
  /** Without a certain outcome the connection must end. */
  readonly changesState: boolean;
  /** Whether an error, too, leaves the outcome open. */
  readonly refusalIsOpen: boolean;
  /** Whether an identical request that waits already gives this one its result too. */
  readonly joinsIdentical: boolean;
  /** The result, if the response is this request's answer. */
  answer(response: HostResponse): Result<T, NodeError> | undefined;
  /** The result, if the response is this request's answer unless it is another one's. */
  standIn?(response: HostResponse): Result<T, NodeError> | undefined;
  concerns(addressee: Addressee): boolean;
  refused(error: ClientError): Result<T, NodeError>;
}

const delegateLane = (key: DelegateKey): string =>
  `delegate ${toHex(key.key)} ${toHex(key.codeHash)}`;

const concernsDelegate =
  (key: DelegateKey) =>
  (addressee: Addressee): boolean => {
    if (addressee.type === 'Delegate') return sameDelegate(addressee.key, key);
    return addressee.type === 'AnyDelegate' || addressee.type === 'Anyone';
  };

export function registerRequest(delegate: DelegateSource, timeoutMs: number): NodeRequest<void> {
  const key = delegate.key ?? delegateKey(delegate.code, delegate.params);
  return {
    name: 'Register',
    lane: delegateLane(key),
    message: {
      type: 'DelegateOp',
      request: {
        type: 'RegisterDelegate',
        delegate: wasmDelegate(delegate.code, delegate.params, key),
        // nodes encrypt with keys of their own and ignore these
        cipher: new Uint8Array(32),
        nonce: new Uint8Array(24),
      },
    },
    timeoutMs,
    changesState: true,
    refusalIsOpen: false,
    joinsIdentical: false,
    answer: (response) => {
      if (response.type === 'Ok') return ok(undefined);
      if (response.type !== 'DelegateResponse' || !sameDelegate(response.key, key)) {
        return undefined;
      }
      return response.values.length === 0 ? ok(undefined) : undefined;
    },
    concerns: concernsDelegate(key),
    refused: (error) => err(refusalOf(error)),
  };
}

/** The payloads of a response's application messages. */
export const payloadsOf = (
  response: Extract<HostResponse, { type: 'DelegateResponse' }>,
): Uint8Array[] =>
  response.values.flatMap((value) => (value.type === 'ApplicationMessage' ? [value.payload] : []));

export function askRequest(ask: DelegateAsk): NodeRequest<readonly Uint8Array[]> {
  const { key, params, payloads, accepts, changesState } = ask;
  return {
    name: 'Ask',
    lane: delegateLane(key),
    message: {
      type: 'DelegateOp',
      request: {
        type: 'ApplicationMessages',
        key,
        params,
        inbound: payloads.map((payload) => ({
          type: 'ApplicationMessage',
          payload,
          context: new Uint8Array(0),
          processed: false,
        })),
      },
    },
    timeoutMs: ask.timeoutMs ?? DELEGATE_TIMEOUT_MS,
    changesState,
    // a local node's errors are what a network node answers with empty values: the same must follow
    refusalIsOpen: changesState,
    joinsIdentical: false,
    answer: (response) => {
      if (response.type !== 'DelegateResponse' || !sameDelegate(response.key, key)) {
        return undefined;
      }
      const answered = payloadsOf(response);
      if (answered.length === 0) {
        return err({ type: 'EmptyValues', delegate: delegateKeyText(key) });
      }
      return accepts(answered) ? ok(answered) : undefined;
    },
    concerns: concernsDelegate(key),
    refused: (error) => err(refusalOf(error)),
  };
}

type ContractOperation = 'Get' | 'Put' | 'Update' | 'Subscribe';

function contractRequest<T>(
  name: ContractOperation,
  instance: Uint8Array,
  request: ContractRequest,
  call: { readonly timeoutMs?: number },
  judge: {
    answer: (response: ContractResponse) => Result<T, NodeError> | undefined;
    standIn?: (response: ContractResponse) => Result<T, NodeError> | undefined;
    refused?: (error: ClientError) => Result<T, NodeError>;
  },
): NodeRequest<T> {
  const { standIn } = judge;
  return {
    name,
    lane: `${name} ${toHex(instance)}`,
    message: { type: 'ContractOp', request },
    timeoutMs: call.timeoutMs ?? CONTRACT_TIMEOUT_MS,
    changesState: name === 'Put' || name === 'Update',
    refusalIsOpen: false,
    // a node answers byte-identical updates that are in flight together with one response
    joinsIdentical: name === 'Update',
    answer: (response) =>
      response.type === 'ContractResponse' ? judge.answer(response.response) : undefined,
    ...(standIn && {
      standIn: (response: HostResponse) =>
        response.type === 'ContractResponse' ? standIn(response.response) : undefined,
    }),
    concerns: (addressee) => {
      if (addressee.type === 'Contract') {
        const { operation } = addressee;
        return (
          equalBytes(addressee.instance, instance) &&
          (operation === undefined || operation === name)
        );
      }
      return addressee.type === 'AnyContract' || addressee.type === 'Anyone';
    },
    refused: judge.refused ?? ((error) => err(refusalOf(error))),
  };
}

export function putRequest(call: PutCall, key: ContractKey): NodeRequest<ContractKey> {
  const request: ContractRequest = {
    type: 'Put',
    contract: call.contract,
    state: call.state,
    relatedContracts: call.relatedContracts ?? [],
    subscribe: call.subscribe ?? false,
    blockingSubscribe: call.blockingSubscribe ?? false,
  };
  const of = (type: 'PutResponse' | 'UpdateResponse') => (response: ContractResponse) =>
    response.type === type && equalBytes(response.key.instance, key.instance)
      ? ok(response.key)
      : undefined;
  return contractRequest('Put', key.instance, request, call, {
    answer: of('PutResponse'),
    // a local node merges into a contract it has and answers as to an update
    standIn: of('UpdateResponse'),
  });
}

export function getRequest(call: GetCall): NodeRequest<GetAnswer> {
  const { instance } = call;
  const request: ContractRequest = {
    type: 'Get',
    key: instance,
    returnContractCode: call.returnContractCode ?? false,
    subscribe: call.subscribe ?? false,
    blockingSubscribe: call.blockingSubscribe ?? false,
  };
  return contractRequest<GetAnswer>('Get', instance, request, call, {
    answer: (response) => {
      if (response.type === 'GetResponse' && equalBytes(response.key.instance, instance)) {
        const { key, state, contract } = response;
        return ok({ type: 'Found', key, state, contract });
      }
      return isNotFound(response, instance) ? ok({ type: 'NotFound' }) : undefined;
    },
    refused: (error) => {
      const refusal = refusalOf(error);
      // how a local node says not found
      return refusal.type === 'Refused' && refusal.kind === 'ContractError.MissingContract'
        ? ok({ type: 'NotFound' })
        : err(refusal);
    },
  });
}

export function updateRequest(call: UpdateCall): NodeRequest<Uint8Array> {
  const { key, data } = call;
  const request: ContractRequest = { type: 'Update', key, data };
  return contractRequest('Update', key.instance, request, call, {
    answer: (response) =>
      response.type === 'UpdateResponse' && equalBytes(response.key.instance, key.instance)
        ? ok(response.summary)
        : undefined,
  });
}

export function subscribeRequest(call: SubscribeCall): NodeRequest<void> {
  const { instance } = call;
  const request: ContractRequest = { type: 'Subscribe', key: instance, summary: call.summary };
  return contractRequest<void>('Subscribe', instance, request, call, {
    answer: (response) => {
      if (response.type !== 'SubscribeResponse' || !equalBytes(response.key.instance, instance)) {
        return undefined;
      }
      return response.subscribed
        ? ok(undefined)
        : err({ type: 'Refused', kind: 'NotSubscribed', text: '' });
    },
    standIn: (response) =>
      isNotFound(response, instance)
        ? err({ type: 'Refused', kind: 'NotFound', text: '' })
        : undefined,
  });
}

const isNotFound = (response: ContractResponse, instance: Uint8Array): boolean =>
  response.type === 'NotFound' && equalBytes(response.instance, instance);
