/**
 * `ClientRequest`: what a client sends, one per message.
 *
 * Format: freenet-stdlib: rust/src/client_api/client_events.rs, bincode.
 */
import type { Result } from '../shared/result.ts';
import type { WireError } from './bincode.ts';
import type { Codec, Fields, Unknown } from './codec.ts';
import {
  bool,
  byteString,
  decode,
  encode,
  fixedBytes,
  list,
  option,
  struct,
  text,
  variants,
} from './codec.ts';
import {
  contractContainer,
  contractKey,
  delegateContainer,
  delegateKey,
  id32,
  inboundDelegateMsg,
  relatedContracts,
  streamChunk,
  updateData,
} from './common-codecs.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateContainer,
  DelegateKey,
  InboundDelegateMsg,
  RelatedContracts,
  StreamChunk,
  UpdateData,
} from './types.ts';

interface Registration {
  readonly delegate: DelegateContainer;
  /** 32 bytes, which nodes ignore */
  readonly cipher: Uint8Array;
  /** 24 bytes, which nodes ignore */
  readonly nonce: Uint8Array;
}

export type DelegateRequest =
  | {
      readonly type: 'ApplicationMessages';
      readonly key: DelegateKey;
      readonly params: Uint8Array;
      readonly inbound: readonly InboundDelegateMsg[];
    }
  | ({ readonly type: 'RegisterDelegate' } & Registration)
  | { readonly type: 'UnregisterDelegate'; readonly key: DelegateKey }
  /** Known to stdlib 0.8.4 and 0.8.5 only, and without effect there: never send it. */
  | ({
      readonly type: 'RegisterDelegateWithPredecessors';
      readonly predecessors: readonly DelegateKey[];
    } & Registration)
  | Unknown;

export type ContractRequest =
  | {
      readonly type: 'Put';
      readonly contract: ContractContainer;
      readonly state: Uint8Array;
      readonly relatedContracts: RelatedContracts;
      readonly subscribe: boolean;
      readonly blockingSubscribe: boolean;
    }
  | { readonly type: 'Update'; readonly key: ContractKey; readonly data: UpdateData }
  | {
      readonly type: 'Get';
      /** Instance id. */
      readonly key: Uint8Array;
      readonly returnContractCode: boolean;
      readonly subscribe: boolean;
      readonly blockingSubscribe: boolean;
    }
  | {
      readonly type: 'Subscribe';
      /** Instance id. */
      readonly key: Uint8Array;
      /** With a summary notifications are deltas against it, without one they are whole states. */
      readonly summary: Uint8Array | undefined;
    }
  | Unknown;

export interface NodeDiagnosticsConfig {
  readonly includeNodeInfo: boolean;
  readonly includeNetworkInfo: boolean;
  readonly includeSubscriptions: boolean;
  /** Empty: all contracts. */
  readonly contractKeys: readonly ContractKey[];
  readonly includeSystemMetrics: boolean;
  readonly includeDetailedPeerInfo: boolean;
  readonly includeSubscriberPeerIds: boolean;
}

export type NodeQuery =
  | { readonly type: 'ConnectedPeers' }
  | { readonly type: 'SubscriptionInfo' }
  | { readonly type: 'NodeDiagnostics'; readonly config: NodeDiagnosticsConfig }
  | { readonly type: 'NeighborHostingInfo' }
  | Unknown;

export type ClientRequest =
  | { readonly type: 'DelegateOp'; readonly request: DelegateRequest }
  | { readonly type: 'ContractOp'; readonly request: ContractRequest }
  | { readonly type: 'Disconnect'; readonly cause: string | undefined }
  /** Without effect on a network node; the token belongs into the URL. */
  | { readonly type: 'Authenticate'; readonly token: string }
  | { readonly type: 'NodeQueries'; readonly query: NodeQuery }
  | { readonly type: 'Close' }
  | ({ readonly type: 'StreamChunk' } & StreamChunk)
  | Unknown;

const registration: Fields<Registration> = {
  delegate: delegateContainer,
  cipher: fixedBytes(32),
  nonce: fixedBytes(24),
};

const delegateRequest = variants<DelegateRequest>('DelegateRequest', {
  ApplicationMessages: { key: delegateKey, params: byteString, inbound: list(inboundDelegateMsg) },
  RegisterDelegate: registration,
  UnregisterDelegate: { key: delegateKey },
  RegisterDelegateWithPredecessors: { ...registration, predecessors: list(delegateKey) },
});

const contractRequest = variants<ContractRequest>('ContractRequest', {
  Put: {
    contract: contractContainer,
    state: byteString,
    relatedContracts,
    subscribe: bool,
    blockingSubscribe: bool,
  },
  Update: { key: contractKey, data: updateData },
  Get: { key: id32, returnContractCode: bool, subscribe: bool, blockingSubscribe: bool },
  Subscribe: { key: id32, summary: option(byteString) },
});

const nodeQuery = variants<NodeQuery>('NodeQuery', {
  ConnectedPeers: {},
  SubscriptionInfo: {},
  NodeDiagnostics: {
    config: struct<NodeDiagnosticsConfig>({
      includeNodeInfo: bool,
      includeNetworkInfo: bool,
      includeSubscriptions: bool,
      contractKeys: list(contractKey),
      includeSystemMetrics: bool,
      includeDetailedPeerInfo: bool,
      includeSubscriberPeerIds: bool,
    }),
  },
  NeighborHostingInfo: {},
});

const clientRequest: Codec<ClientRequest> = variants<ClientRequest>('ClientRequest', {
  DelegateOp: { request: delegateRequest },
  ContractOp: { request: contractRequest },
  Disconnect: { cause: option(text) },
  Authenticate: { token: text },
  NodeQueries: { query: nodeQuery },
  Close: {},
  StreamChunk: streamChunk,
});

/** @throws WireError for a key of a wrong length, an integer out of range, an unknown variant; its path says where */
export const encodeClientRequest = (request: ClientRequest): Uint8Array<ArrayBuffer> =>
  encode(clientRequest, request);

/** Variants we don't know become `unknown`; bytes behind the request are ignored. */
export const decodeClientRequest = (bytes: Uint8Array): Result<ClientRequest, WireError> =>
  decode(clientRequest, bytes);
