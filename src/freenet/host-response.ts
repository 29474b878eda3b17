/**
 * `Result<HostResponse, ClientError>`: what a node sends, one per message.
 *
 * Format: freenet-stdlib: rust/src/client_api/client_events.rs, bincode.
 */
import type { Result } from '../shared/result.ts';
import type { WireError } from './bincode.ts';
import type { ClientError } from './client-error.ts';
import { clientError } from './client-error.ts';
import type { Codec, Unknown } from './codec.ts';
import {
  bool,
  byteString,
  decode,
  encode,
  list,
  option,
  result,
  u32,
  u64,
  variants,
} from './codec.ts';
import {
  contractContainer,
  contractKey,
  delegateKey,
  id32,
  outboundDelegateMsg,
  streamChunk,
  updateData,
} from './common-codecs.ts';
import type { QueryResponse } from './diagnostics.ts';
import { queryResponse } from './diagnostics.ts';
import type {
  ContractContainer,
  ContractKey,
  DelegateKey,
  OutboundDelegateMsg,
  StreamChunk,
  UpdateData,
} from './types.ts';

export type ContractResponse =
  | {
      readonly type: 'GetResponse';
      readonly key: ContractKey;
      /** Present when the code was asked for and found. */
      readonly contract: ContractContainer | undefined;
      readonly state: Uint8Array;
    }
  | { readonly type: 'PutResponse'; readonly key: ContractKey }
  | { readonly type: 'UpdateNotification'; readonly key: ContractKey; readonly update: UpdateData }
  | {
      readonly type: 'UpdateResponse';
      readonly key: ContractKey;
      /** Of the state after the update; possibly newer, possibly empty. */
      readonly summary: Uint8Array;
    }
  | { readonly type: 'SubscribeResponse'; readonly key: ContractKey; readonly subscribed: boolean }
  /** Nobody asked had it, possibly not yet. */
  | { readonly type: 'NotFound'; readonly instance: Uint8Array }
  | Unknown;

export type StreamContent =
  | { readonly type: 'GetResponse'; readonly key: ContractKey; readonly includesContract: boolean }
  | { readonly type: 'Raw' }
  | Unknown;

export type HostResponse =
  | { readonly type: 'ContractResponse'; readonly response: ContractResponse }
  | {
      readonly type: 'DelegateResponse';
      readonly key: DelegateKey;
      /** Empty on a network node also when anything at all went wrong. */
      readonly values: readonly OutboundDelegateMsg[];
    }
  | { readonly type: 'QueryResponse'; readonly response: QueryResponse }
  | { readonly type: 'Ok' }
  | ({ readonly type: 'StreamChunk' } & StreamChunk)
  /** Announces the chunks of a GetResponse; needed for nothing. */
  | {
      readonly type: 'StreamHeader';
      readonly streamId: number;
      /** Of the chunks together. */
      readonly totalBytes: bigint;
      readonly content: StreamContent;
    }
  | Unknown;

export type HostResult = Result<HostResponse, ClientError>;

const contractResponse = variants<ContractResponse>('ContractResponse', {
  GetResponse: { key: contractKey, contract: option(contractContainer), state: byteString },
  PutResponse: { key: contractKey },
  UpdateNotification: { key: contractKey, update: updateData },
  UpdateResponse: { key: contractKey, summary: byteString },
  SubscribeResponse: { key: contractKey, subscribed: bool },
  NotFound: { instance: id32 },
});

const hostResponse = variants<HostResponse>('HostResponse', {
  ContractResponse: { response: contractResponse },
  DelegateResponse: { key: delegateKey, values: list(outboundDelegateMsg) },
  QueryResponse: { response: queryResponse },
  Ok: {},
  StreamChunk: streamChunk,
  StreamHeader: {
    streamId: u32,
    totalBytes: u64,
    content: variants<StreamContent>('StreamContent', {
      GetResponse: { key: contractKey, includesContract: bool },
      Raw: {},
    }),
  },
});

const hostResult: Codec<HostResult> = result<HostResponse, ClientError>(hostResponse, clientError);

/** @throws WireError for a key of a wrong length, an integer out of range, an unknown variant; its path says where */
export const encodeHostResult = (response: HostResult): Uint8Array<ArrayBuffer> =>
  encode(hostResult, response);

/** Variants we don't know become `unknown`; bytes behind the response are ignored. */
export const decodeHostResult = (bytes: Uint8Array): Result<HostResult, WireError> =>
  decode(hostResult, bytes);
