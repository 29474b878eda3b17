/**
 * `weir/freenet`: a Freenet node's protocol without a browser. The native codec both ways, chunks, keys, what crosses the border to
 * a WASM guest, and a client over any WebSocket. Carries bytes, not meaning.
 */

// a client
export { connectNode, type ConnectOptions, type NodeConnection } from '../../src/freenet/client.ts';
export type { NodeCounters, Unsolicited } from '../../src/freenet/connection.ts';
export type { OpenSocket, SocketLike } from '../../src/freenet/socket.ts';
export {
  describeNodeError,
  type CloseReason,
  type NodeError,
  type RefusalKind,
  type RequestName,
} from '../../src/freenet/node-error.ts';
export type {
  DelegateAsk,
  DelegateSource,
  GetAnswer,
  GetCall,
  PutCall,
  SubscribeCall,
  UpdateCall,
} from '../../src/freenet/node-requests.ts';

// frames
export { WireError } from '../../src/freenet/bincode.ts';
export type { Unknown } from '../../src/freenet/codec.ts';
export {
  decodeClientRequest,
  encodeClientRequest,
  type ClientRequest,
  type ContractRequest,
  type DelegateRequest,
  type NodeDiagnosticsConfig,
  type NodeQuery,
} from '../../src/freenet/client-request.ts';
export {
  decodeHostResult,
  encodeHostResult,
  type ContractResponse,
  type HostResponse,
  type HostResult,
  type StreamContent,
} from '../../src/freenet/host-response.ts';
export type {
  ClientError,
  ContractError,
  DelegateError,
  RequestError,
} from '../../src/freenet/client-error.ts';
export type { NodeDiagnostics, QueryResponse } from '../../src/freenet/diagnostics.ts';
export {
  Reassembler,
  requestFrames,
  responseFrames,
  type BadChunk,
  type Frame,
  type MessageTooLarge,
} from '../../src/freenet/chunks.ts';

// what travels in them
export type * from '../../src/freenet/types.ts';
export {
  codeHash,
  contractInstanceId,
  contractKey,
  contractKeyOf,
  contractKeyText,
  delegateKey,
  delegateKeyOf,
  delegateKeyText,
  idText,
  parseId,
  sameContract,
  sameDelegate,
  secretsId,
  wasmContract,
  wasmDelegate,
  type BadId,
} from '../../src/freenet/keys.ts';

// arguments and results of WASM guests
export {
  decodeBytesResult,
  decodeContractResultStruct,
  decodeDelegateResultStruct,
  decodeInboundDelegateMsg,
  decodeMessageOrigin,
  decodeProcessResult,
  decodeRelatedContracts,
  decodeUpdates,
  decodeUpdateStateResult,
  decodeValidateStateResult,
  encodeBytesResult,
  encodeInboundDelegateMsg,
  encodeMessageOrigin,
  encodeProcessResult,
  encodeRelatedContracts,
  encodeUpdates,
  encodeUpdateStateResult,
  encodeValidateStateResult,
  type BytesResult,
  type ContractResultStruct,
  type DelegateResultStruct,
  type GuestContractError,
  type GuestDelegateError,
  type ProcessResult,
  type RelatedContract,
  type RelatedMode,
  type UpdateModification,
  type UpdateStateResult,
  type ValidateResult,
  type ValidateStateResult,
} from '../../src/freenet/guest-abi.ts';

// what the signatures above are made of
export type { Result } from '../../src/shared/result.ts';
export type { Clock } from '../../src/shared/clock.ts';
