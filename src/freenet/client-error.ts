/**
 * `ClientError`: what a node answers when a request failed and it says so. A network node says nothing of a delegate's
 * failure: it answers with an empty success.
 *
 * Format: freenet-stdlib: rust/src/client_api/client_events.rs (`ErrorKind` and the enums in it).
 */
import type { Codec, Unknown } from './codec.ts';
import { text, u64, variants } from './codec.ts';
import { contractKey, delegateKey, id32, secretsId } from './common-codecs.ts';
import type { ContractKey, DelegateKey, SecretsId } from './types.ts';

export type ContractError =
  | { readonly type: 'Get'; readonly key: ContractKey; readonly cause: string }
  | { readonly type: 'Put'; readonly key: ContractKey; readonly cause: string }
  | { readonly type: 'Update'; readonly key: ContractKey; readonly cause: string }
  | { readonly type: 'Subscribe'; readonly key: ContractKey; readonly cause: string }
  /** The keys of these three are instance ids. */
  | { readonly type: 'ContractStackOverflow'; readonly key: Uint8Array }
  | { readonly type: 'MissingRelated'; readonly key: Uint8Array }
  | { readonly type: 'MissingContract'; readonly key: Uint8Array }
  | Unknown;

export type DelegateError =
  | { readonly type: 'RegisterError'; readonly key: DelegateKey }
  | { readonly type: 'ExecutionError'; readonly cause: string }
  | { readonly type: 'Missing'; readonly key: DelegateKey }
  | { readonly type: 'MissingSecret'; readonly key: DelegateKey; readonly secret: SecretsId }
  | { readonly type: 'ForbiddenSecretAccess'; readonly secret: SecretsId }
  | Unknown;

export type RequestError =
  | { readonly type: 'ContractError'; readonly error: ContractError }
  | { readonly type: 'DelegateError'; readonly error: DelegateError }
  | { readonly type: 'Disconnect' }
  | { readonly type: 'Timeout' }
  | Unknown;

export type ClientError =
  | { readonly type: 'ChannelClosed' }
  | { readonly type: 'DeserializationError'; readonly cause: string }
  | { readonly type: 'Disconnect' }
  | { readonly type: 'IncorrectState'; readonly key: ContractKey }
  | { readonly type: 'NodeUnavailable' }
  | { readonly type: 'TransportProtocolDisconnect' }
  | { readonly type: 'Unhandled'; readonly cause: string }
  | { readonly type: 'UnknownClient'; readonly client: bigint }
  | { readonly type: 'RequestError'; readonly error: RequestError }
  | { readonly type: 'OperationError'; readonly cause: string }
  | { readonly type: 'FailedOperation' }
  | { readonly type: 'Shutdown' }
  | { readonly type: 'EmptyRing' }
  | { readonly type: 'PeerNotJoined' }
  | Unknown;

const keyAndCause = { key: contractKey, cause: text };

const contractError = variants<ContractError>('ContractError', {
  Get: keyAndCause,
  Put: keyAndCause,
  Update: keyAndCause,
  Subscribe: keyAndCause,
  ContractStackOverflow: { key: id32 },
  MissingRelated: { key: id32 },
  MissingContract: { key: id32 },
});

const delegateError = variants<DelegateError>('DelegateError', {
  RegisterError: { key: delegateKey },
  ExecutionError: { cause: text },
  Missing: { key: delegateKey },
  MissingSecret: { key: delegateKey, secret: secretsId },
  ForbiddenSecretAccess: { secret: secretsId },
});

const requestError = variants<RequestError>('RequestError', {
  ContractError: { error: contractError },
  DelegateError: { error: delegateError },
  Disconnect: {},
  Timeout: {},
});

export const clientError: Codec<ClientError> = variants<ClientError>('ErrorKind', {
  ChannelClosed: {},
  DeserializationError: { cause: text },
  Disconnect: {},
  IncorrectState: { key: contractKey },
  NodeUnavailable: {},
  TransportProtocolDisconnect: {},
  Unhandled: { cause: text },
  UnknownClient: { client: u64 },
  RequestError: { error: requestError },
  OperationError: { cause: text },
  FailedOperation: {},
  Shutdown: {},
  EmptyRing: {},
  PeerNotJoined: {},
});
