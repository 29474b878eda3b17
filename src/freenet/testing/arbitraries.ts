/** Arbitrary values of everything that can be on the wire (except unknown variants, which can't be written). */
import fc from 'fast-check';
import type { ClientError, ContractError, DelegateError, RequestError } from '../client-error.ts';
import type {
  ClientRequest,
  ContractRequest,
  DelegateRequest,
  NodeQuery,
} from '../client-request.ts';
import type { ConnectedPeer, QueryResponse, SocketAddr, SubscriptionInfo } from '../diagnostics.ts';
import type {
  BytesResult,
  GuestContractError,
  GuestDelegateError,
  ProcessResult,
  UpdateStateResult,
  ValidateResult,
  ValidateStateResult,
} from '../guest-abi.ts';
import type {
  ContractResponse,
  HostResponse,
  HostResult,
  StreamContent,
} from '../host-response.ts';
import type { Result } from '../../shared/result.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateContainer,
  DelegateKey,
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
  RelatedContracts,
  UpdateData,
} from '../types.ts';

const byteString = fc.uint8Array({ maxLength: 40 });
const bytesN = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = bytesN(32);
const text = fc.string({ maxLength: 12, unit: 'binary' });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const bool = fc.boolean();
const optional = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(some, { nil: undefined });
const many = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 });
const outcome = <T, E>(
  value: fc.Arbitrary<T>,
  error: fc.Arbitrary<E>,
): fc.Arbitrary<Result<T, E>> =>
  fc.oneof(
    value.map((v): Result<T, E> => ({ ok: true, value: v })),
    error.map((e): Result<T, E> => ({ ok: false, error: e })),
  );

/** A variant: its name and its fields. */
function variant<N extends string, F extends object>(
  type: N,
  fields: { [K in keyof F]: fc.Arbitrary<F[K]> },
): fc.Arbitrary<{ type: N } & F> {
  return fc.record(fields).map((value) => ({ type, ...(value as F) }));
}

const contractKey: fc.Arbitrary<ContractKey> = fc.record({ instance: id, code: id });
const delegateKey: fc.Arbitrary<DelegateKey> = fc.record({ key: id, codeHash: id });
const code = fc.record({ data: byteString, codeHash: id });

const contractContainer: fc.Arbitrary<ContractContainer> = variant('Wasm', {
  version: variant('V1', {
    contract: fc.record({ data: code, params: byteString, key: contractKey }),
  }),
});

const delegateContainer: fc.Arbitrary<DelegateContainer> = variant('Wasm', {
  version: variant('V1', {
    delegate: fc.record({ parameters: byteString, data: code, key: delegateKey }),
  }),
});

const secretsId = fc.record({ key: byteString, hash: id });

export const relatedContracts: fc.Arbitrary<RelatedContracts> = many(
  fc.record({ instance: id, state: optional(byteString) }),
);

export const updateData: fc.Arbitrary<UpdateData> = fc.oneof(
  variant('State', { state: byteString }),
  variant('Delta', { delta: byteString }),
  variant('StateAndDelta', { state: byteString, delta: byteString }),
  variant('RelatedState', { relatedTo: id, state: byteString }),
  variant('RelatedDelta', { relatedTo: id, delta: byteString }),
  variant('RelatedStateAndDelta', { relatedTo: id, state: byteString, delta: byteString }),
);

export const messageOrigin: fc.Arbitrary<MessageOrigin> = fc.oneof(
  variant('WebApp', { contractId: id }),
  variant('Delegate', { delegate: delegateKey }),
);

const applicationMessage = { payload: byteString, context: byteString, processed: bool };
const delegateMessage = {
  target: delegateKey,
  sender: delegateKey,
  payload: byteString,
  context: byteString,
  processed: bool,
};
const contractOutcome = {
  contractId: id,
  result: outcome(fc.constant(undefined), text),
  context: byteString,
};

export const inboundDelegateMsg: fc.Arbitrary<InboundDelegateMsg> = fc.oneof(
  variant('ApplicationMessage', applicationMessage),
  variant('UserResponse', { requestId: u32, response: byteString, context: byteString }),
  variant('GetContractResponse', {
    contractId: id,
    state: optional(byteString),
    context: byteString,
  }),
  variant('PutContractResponse', contractOutcome),
  variant('UpdateContractResponse', contractOutcome),
  variant('SubscribeContractResponse', contractOutcome),
  variant('ContractNotification', { contractId: id, newState: byteString, context: byteString }),
  variant('DelegateMessage', delegateMessage),
);

const outboundDelegateMsg: fc.Arbitrary<OutboundDelegateMsg> = fc.oneof(
  variant('ApplicationMessage', applicationMessage),
  variant('RequestUserInput', {
    requestId: u32,
    message: byteString,
    responses: many(byteString),
  }),
  variant('ContextUpdated', { context: byteString }),
  variant('GetContractRequest', { contractId: id, context: byteString, processed: bool }),
  variant('PutContractRequest', {
    contract: contractContainer,
    state: byteString,
    relatedContracts,
    context: byteString,
    processed: bool,
  }),
  variant('UpdateContractRequest', {
    contractId: id,
    update: updateData,
    context: byteString,
    processed: bool,
  }),
  variant('SubscribeContractRequest', { contractId: id, context: byteString, processed: bool }),
  variant('SendDelegateMessage', delegateMessage),
);

const streamChunk = { streamId: u32, index: u32, total: u32, data: byteString };

const registration = { delegate: delegateContainer, cipher: bytesN(32), nonce: bytesN(24) };

const delegateRequest: fc.Arbitrary<DelegateRequest> = fc.oneof(
  variant('ApplicationMessages', {
    key: delegateKey,
    params: byteString,
    inbound: many(inboundDelegateMsg),
  }),
  variant('RegisterDelegate', registration),
  variant('UnregisterDelegate', { key: delegateKey }),
  variant('RegisterDelegateWithPredecessors', {
    ...registration,
    predecessors: many(delegateKey),
  }),
);

const contractRequest: fc.Arbitrary<ContractRequest> = fc.oneof(
  variant('Put', {
    contract: contractContainer,
    state: byteString,
    relatedContracts,
    subscribe: bool,
    blockingSubscribe: bool,
  }),
  variant('Update', { key: contractKey, data: updateData }),
  variant('Get', {
    key: id,
    returnContractCode: bool,
    subscribe: bool,
    blockingSubscribe: bool,
  }),
  variant('Subscribe', { key: id, summary: optional(byteString) }),
);

const nodeQuery: fc.Arbitrary<NodeQuery> = fc.oneof(
  variant('ConnectedPeers', {}),
  variant('SubscriptionInfo', {}),
  variant('NodeDiagnostics', {
    config: fc.record({
      includeNodeInfo: bool,
      includeNetworkInfo: bool,
      includeSubscriptions: bool,
      contractKeys: many(contractKey),
      includeSystemMetrics: bool,
      includeDetailedPeerInfo: bool,
      includeSubscriberPeerIds: bool,
    }),
  }),
  variant('NeighborHostingInfo', {}),
);

export const clientRequest: fc.Arbitrary<ClientRequest> = fc.oneof(
  variant('DelegateOp', { request: delegateRequest }),
  variant('ContractOp', { request: contractRequest }),
  variant('Disconnect', { cause: optional(text) }),
  variant('Authenticate', { token: text }),
  variant('NodeQueries', { query: nodeQuery }),
  variant('Close', {}),
  variant('StreamChunk', streamChunk),
);

const socketAddr: fc.Arbitrary<SocketAddr> = fc.oneof(
  variant('V4', { ip: bytesN(4), port: u16 }),
  variant('V6', { ip: bytesN(16), port: u16 }),
);
const connectedPeers: fc.Arbitrary<ConnectedPeer[]> = many(
  fc.record({ peer: text, address: socketAddr }),
);
const subscriptions: fc.Arbitrary<SubscriptionInfo[]> = many(
  fc.record({ contractKey: id, clientId: u64 }),
);
const peerAddresses = many(fc.record({ peerId: text, address: text }));

const queryResponse: fc.Arbitrary<QueryResponse> = fc.oneof(
  variant('ConnectedPeers', { peers: connectedPeers }),
  variant('NetworkDebug', { info: fc.record({ subscriptions, connectedPeers }) }),
  variant('NodeDiagnostics', {
    diagnostics: fc.record({
      nodeInfo: optional(
        fc.record({
          peerId: text,
          isGateway: bool,
          location: optional(text),
          listeningAddress: optional(text),
          uptimeSeconds: u64,
        }),
      ),
      networkInfo: optional(fc.record({ connectedPeers: peerAddresses, activeConnections: u64 })),
      subscriptions,
      contractStates: many(
        fc.record({
          contractId: text,
          subscribers: u32,
          subscriberPeerIds: many(text),
          sizeBytes: u64,
        }),
      ),
      systemMetrics: optional(fc.record({ activeConnections: u32, hostingContracts: u32 })),
      connectedPeersDetailed: peerAddresses,
    }),
  }),
  variant('NeighborHosting', {
    info: fc.record({
      myHosted: many(fc.record({ contractKey: text, hostingHash: u32, hostedSince: u64 })),
      neighborHosting: many(
        fc.record({
          peerId: text,
          knownContracts: many(u32),
          lastUpdate: u64,
          updateCount: u64,
        }),
      ),
      stats: fc.record({
        hostingAnnouncesSent: u64,
        hostingAnnouncesReceived: u64,
        updatesViaProximity: u64,
        updatesViaSubscription: u64,
        falsePositiveForwards: u64,
        avgNeighborHostingSize: fc.float({ noNaN: true }),
      }),
    }),
  }),
);

const contractResponse: fc.Arbitrary<ContractResponse> = fc.oneof(
  variant('GetResponse', {
    key: contractKey,
    contract: optional(contractContainer),
    state: byteString,
  }),
  variant('PutResponse', { key: contractKey }),
  variant('UpdateNotification', { key: contractKey, update: updateData }),
  variant('UpdateResponse', { key: contractKey, summary: byteString }),
  variant('SubscribeResponse', { key: contractKey, subscribed: bool }),
  variant('NotFound', { instance: id }),
);

const streamContent: fc.Arbitrary<StreamContent> = fc.oneof(
  variant('GetResponse', { key: contractKey, includesContract: bool }),
  variant('Raw', {}),
);

const hostResponse: fc.Arbitrary<HostResponse> = fc.oneof(
  variant('ContractResponse', { response: contractResponse }),
  variant('DelegateResponse', { key: delegateKey, values: many(outboundDelegateMsg) }),
  variant('QueryResponse', { response: queryResponse }),
  variant('Ok', {}),
  variant('StreamChunk', streamChunk),
  variant('StreamHeader', { streamId: u32, totalBytes: u64, content: streamContent }),
);

const keyAndCause = { key: contractKey, cause: text };

const contractError: fc.Arbitrary<ContractError> = fc.oneof(
  variant('Get', keyAndCause),
  variant('Put', keyAndCause),
  variant('Update', keyAndCause),
  variant('Subscribe', keyAndCause),
  variant('ContractStackOverflow', { key: id }),
  variant('MissingRelated', { key: id }),
  variant('MissingContract', { key: id }),
);

const delegateError: fc.Arbitrary<DelegateError> = fc.oneof(
  variant('RegisterError', { key: delegateKey }),
  variant('ExecutionError', { cause: text }),
  variant('Missing', { key: delegateKey }),
  variant('MissingSecret', { key: delegateKey, secret: secretsId }),
  variant('ForbiddenSecretAccess', { secret: secretsId }),
);

const requestError: fc.Arbitrary<RequestError> = fc.oneof(
  variant('ContractError', { error: contractError }),
  variant('DelegateError', { error: delegateError }),
  variant('Disconnect', {}),
  variant('Timeout', {}),
);

export const clientError: fc.Arbitrary<ClientError> = fc.oneof(
  variant('ChannelClosed', {}),
  variant('DeserializationError', { cause: text }),
  variant('Disconnect', {}),
  variant('IncorrectState', { key: contractKey }),
  variant('NodeUnavailable', {}),
  variant('TransportProtocolDisconnect', {}),
  variant('Unhandled', { cause: text }),
  variant('UnknownClient', { client: u64 }),
  variant('RequestError', { error: requestError }),
  variant('OperationError', { cause: text }),
  variant('FailedOperation', {}),
  variant('Shutdown', {}),
  variant('EmptyRing', {}),
  variant('PeerNotJoined', {}),
);

export const hostResult: fc.Arbitrary<HostResult> = outcome(hostResponse, clientError);

const guestContractError: fc.Arbitrary<GuestContractError> = fc.oneof(
  variant('Deser', { cause: text }),
  variant('InvalidUpdate', {}),
  variant('InvalidUpdateWithInfo', { reason: text }),
  variant('InvalidState', {}),
  variant('InvalidDelta', {}),
  variant('Other', { cause: text }),
);

const guestDelegateError: fc.Arbitrary<GuestDelegateError> = fc.oneof(
  variant('Deser', { cause: text }),
  variant('Other', { cause: text }),
);

const validateResult: fc.Arbitrary<ValidateResult> = fc.oneof(
  variant('Valid', {}),
  variant('Invalid', {}),
  variant('RequestRelated', { instances: many(id) }),
);

export const validateStateResult: fc.Arbitrary<ValidateStateResult> = outcome(
  validateResult,
  guestContractError,
);

export const updateStateResult: fc.Arbitrary<UpdateStateResult> = outcome(
  fc.record({
    newState: optional(byteString),
    related: many(
      fc.record({
        instance: id,
        mode: fc.constantFrom(
          { type: 'StateOnce' as const },
          { type: 'StateThenSubscribe' as const },
        ),
      }),
    ),
  }),
  guestContractError,
);

export const bytesResult: fc.Arbitrary<BytesResult> = outcome(byteString, guestContractError);

export const processResult: fc.Arbitrary<ProcessResult> = outcome(
  many(outboundDelegateMsg),
  guestDelegateError,
);
