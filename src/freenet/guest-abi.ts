/**
 * What crosses the border between a node and its WASM guests, as bytes: arguments in, results out.
 *
 * The node writes arguments and reads results, so a result with an unknown variant is an error here (an execution error of
 * the guest), while arguments keep it. A guest's errors are other enums than those of the client API.
 *
 * Format: freenet-stdlib: rust/src/{delegate_interface,memory}.rs, contract_interface/wasm_interface.rs.
 */
import type { Result } from '../shared/result.ts';
import { ok } from '../shared/result.ts';
import type { WireError } from './bincode.ts';
import type { Codec, Unknown } from './codec.ts';
import {
  byteString,
  decode,
  encode,
  i32,
  i64,
  list,
  option,
  result,
  struct,
  text,
  u32,
  variants,
} from './codec.ts';
import {
  id32,
  inboundDelegateMsg,
  messageOrigin,
  outboundDelegateMsg,
  relatedContracts,
  updateData,
} from './common-codecs.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
  RelatedContracts,
  UpdateData,
} from './types.ts';

export type GuestContractError =
  | { readonly type: 'Deser'; readonly cause: string }
  | { readonly type: 'InvalidUpdate' }
  | { readonly type: 'InvalidUpdateWithInfo'; readonly reason: string }
  | { readonly type: 'InvalidState' }
  | { readonly type: 'InvalidDelta' }
  | { readonly type: 'Other'; readonly cause: string }
  | Unknown;

export type GuestDelegateError =
  | { readonly type: 'Deser'; readonly cause: string }
  | { readonly type: 'Other'; readonly cause: string }
  | Unknown;

export type ValidateResult =
  | { readonly type: 'Valid' }
  | { readonly type: 'Invalid' }
  | { readonly type: 'RequestRelated'; readonly instances: readonly Uint8Array[] }
  | Unknown;

export type RelatedMode =
  | { readonly type: 'StateOnce' }
  | { readonly type: 'StateThenSubscribe' }
  | Unknown;

/** A contract that an update waits for. */
export interface RelatedContract {
  readonly instance: Uint8Array;
  readonly mode: RelatedMode;
}

export interface UpdateModification {
  readonly newState: Uint8Array | undefined;
  readonly related: readonly RelatedContract[];
}

export type ValidateStateResult = Result<ValidateResult, GuestContractError>;
export type UpdateStateResult = Result<UpdateModification, GuestContractError>;
/** Of `summarize_state` (a summary) and `get_state_delta` (a delta). */
export type BytesResult = Result<Uint8Array, GuestContractError>;
/** Of a delegate's `process`. */
export type ProcessResult = Result<readonly OutboundDelegateMsg[], GuestDelegateError>;

/** The 16 bytes at the address a contract function returns. */
export interface ContractResultStruct {
  /** Address of the bincode bytes. */
  readonly pointer: bigint;
  /** 0 validate_state, 2 update_state, 3 summarize_state, 4 get_state_delta: must be that of the function called. */
  readonly kind: number;
  readonly size: number;
}

/** The first 12 of the 16 bytes at the address `process` returns; the rest is padding. */
export interface DelegateResultStruct {
  readonly pointer: bigint;
  readonly size: number;
}

const guestContractError = variants<GuestContractError>('ContractError', {
  Deser: { cause: text },
  InvalidUpdate: {},
  InvalidUpdateWithInfo: { reason: text },
  InvalidState: {},
  InvalidDelta: {},
  Other: { cause: text },
});

const validateStateResult: Codec<ValidateStateResult> = result(
  variants<ValidateResult>('ValidateResult', {
    Valid: {},
    Invalid: {},
    RequestRelated: { instances: list(id32) },
  }),
  guestContractError,
);

const updateStateResult: Codec<UpdateStateResult> = result(
  struct<UpdateModification>({
    newState: option(byteString),
    related: list(
      struct<RelatedContract>({
        instance: id32,
        mode: variants<RelatedMode>('RelatedMode', { StateOnce: {}, StateThenSubscribe: {} }),
      }),
    ),
  }),
  guestContractError,
);

const bytesResult: Codec<BytesResult> = result(byteString, guestContractError);

const processResult: Codec<ProcessResult> = result(
  list(outboundDelegateMsg),
  variants<GuestDelegateError>('DelegateError', { Deser: { cause: text }, Other: { cause: text } }),
);

const contractResultStruct = struct<ContractResultStruct>({ pointer: i64, kind: i32, size: u32 });
const delegateResultStruct = struct<DelegateResultStruct>({ pointer: i64, size: u32 });
const updates: Codec<readonly UpdateData[]> = list(updateData);

/** No origin is no bytes. @throws WireError */
export const encodeMessageOrigin = (origin: MessageOrigin | undefined): Uint8Array<ArrayBuffer> =>
  origin === undefined ? new Uint8Array(0) : encode(messageOrigin, origin);

export const decodeMessageOrigin = (
  bytes: Uint8Array,
): Result<MessageOrigin | undefined, WireError> =>
  bytes.length === 0 ? ok(undefined) : decode(messageOrigin, bytes);

/** @throws WireError */
export const encodeInboundDelegateMsg = (message: InboundDelegateMsg): Uint8Array<ArrayBuffer> =>
  encode(inboundDelegateMsg, message);

export const decodeInboundDelegateMsg = (
  bytes: Uint8Array,
): Result<InboundDelegateMsg, WireError> => decode(inboundDelegateMsg, bytes);

/** Third argument of `validate_state`. @throws WireError */
export const encodeRelatedContracts = (related: RelatedContracts): Uint8Array<ArrayBuffer> =>
  encode(relatedContracts, related);

export const decodeRelatedContracts = (bytes: Uint8Array): Result<RelatedContracts, WireError> =>
  decode(relatedContracts, bytes);

/** Third argument of `update_state`. @throws WireError */
export const encodeUpdates = (data: readonly UpdateData[]): Uint8Array<ArrayBuffer> =>
  encode(updates, data);

export const decodeUpdates = (bytes: Uint8Array): Result<readonly UpdateData[], WireError> =>
  decode(updates, bytes);

/** @throws WireError */
export const encodeValidateStateResult = (value: ValidateStateResult): Uint8Array<ArrayBuffer> =>
  encode(validateStateResult, value);

export const decodeValidateStateResult = (
  bytes: Uint8Array,
): Result<ValidateStateResult, WireError> => decode(validateStateResult, bytes, 'refuse');

/** @throws WireError */
export const encodeUpdateStateResult = (value: UpdateStateResult): Uint8Array<ArrayBuffer> =>
  encode(updateStateResult, value);

export const decodeUpdateStateResult = (bytes: Uint8Array): Result<UpdateStateResult, WireError> =>
  decode(updateStateResult, bytes, 'refuse');

/** @throws WireError */
export const encodeBytesResult = (value: BytesResult): Uint8Array<ArrayBuffer> =>
  encode(bytesResult, value);

export const decodeBytesResult = (bytes: Uint8Array): Result<BytesResult, WireError> =>
  decode(bytesResult, bytes, 'refuse');

/** @throws WireError */
export const encodeProcessResult = (value: ProcessResult): Uint8Array<ArrayBuffer> =>
  encode(processResult, value);

export const decodeProcessResult = (bytes: Uint8Array): Result<ProcessResult, WireError> =>
  decode(processResult, bytes, 'refuse');

/** @param bytes 16 bytes of guest memory */
export const decodeContractResultStruct = (
  bytes: Uint8Array,
): Result<ContractResultStruct, WireError> => decode(contractResultStruct, bytes);

/** @param bytes 16 bytes of guest memory */
export const decodeDelegateResultStruct = (
  bytes: Uint8Array,
): Result<DelegateResultStruct, WireError> => decode(delegateResultStruct, bytes);
