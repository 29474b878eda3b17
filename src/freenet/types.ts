/**
 * What travels between a client, a node and a guest, as values. Names are Freenet's; every `Uint8Array` is raw bytes, 32 of
 * them where nothing else is said of an id, hash or key.
 *
 * Source: freenet-stdlib: rust/src/{versioning,delegate_interface}.rs, contract_interface/{key,update}.rs.
 */
import type { Result } from '../shared/result.ts';
import type { Unknown } from './codec.ts';

/** Two keys are the same contract when the instance ids are equal. */
export interface ContractKey {
  /** BLAKE3(code hash, parameters) */
  readonly instance: Uint8Array;
  /** Code hash: BLAKE3(wasm) */
  readonly code: Uint8Array;
}

/** A node finds a delegate by both halves. */
export interface DelegateKey {
  /** BLAKE3(code hash, parameters) */
  readonly key: Uint8Array;
  /** BLAKE3(wasm) */
  readonly codeHash: Uint8Array;
}

/** A WASM module and its BLAKE3. */
export interface Code {
  readonly data: Uint8Array;
  readonly codeHash: Uint8Array;
}

export interface WrappedContract {
  readonly data: Code;
  readonly params: Uint8Array;
  readonly key: ContractKey;
}

export interface Delegate {
  readonly parameters: Uint8Array;
  readonly data: Code;
  readonly key: DelegateKey;
}

export type ContractWasmAPIVersion =
  | { readonly type: 'V1'; readonly contract: WrappedContract }
  | Unknown;

export type ContractContainer =
  | { readonly type: 'Wasm'; readonly version: ContractWasmAPIVersion }
  | Unknown;

export type DelegateWasmAPIVersion = { readonly type: 'V1'; readonly delegate: Delegate } | Unknown;

export type DelegateContainer =
  | { readonly type: 'Wasm'; readonly version: DelegateWasmAPIVersion }
  | Unknown;

export interface SecretsId {
  /** The raw key of the secret, any length. */
  readonly key: Uint8Array;
  /** BLAKE3(key) */
  readonly hash: Uint8Array;
}

/** One entry of a map from instance id to the state, if there is one. Ids are not checked to be distinct. */
export interface RelatedState {
  readonly instance: Uint8Array;
  readonly state: Uint8Array | undefined;
}

export type RelatedContracts = readonly RelatedState[];

export type UpdateData =
  | { readonly type: 'State'; readonly state: Uint8Array }
  | { readonly type: 'Delta'; readonly delta: Uint8Array }
  | { readonly type: 'StateAndDelta'; readonly state: Uint8Array; readonly delta: Uint8Array }
  | { readonly type: 'RelatedState'; readonly relatedTo: Uint8Array; readonly state: Uint8Array }
  | { readonly type: 'RelatedDelta'; readonly relatedTo: Uint8Array; readonly delta: Uint8Array }
  | {
      readonly type: 'RelatedStateAndDelta';
      readonly relatedTo: Uint8Array;
      readonly state: Uint8Array;
      readonly delta: Uint8Array;
    }
  | Unknown;

/** Who calls a delegate. */
export type MessageOrigin =
  | { readonly type: 'WebApp'; readonly contractId: Uint8Array }
  | { readonly type: 'Delegate'; readonly delegate: DelegateKey }
  | Unknown;

export interface ApplicationMessage {
  readonly payload: Uint8Array;
  /** The node replaces what a client sends by its own stored context. */
  readonly context: Uint8Array;
  readonly processed: boolean;
}

export interface DelegateMessage {
  readonly target: DelegateKey;
  readonly sender: DelegateKey;
  readonly payload: Uint8Array;
  readonly context: Uint8Array;
  readonly processed: boolean;
}

/** How a contract request that a delegate made went. */
export interface ContractOutcome {
  readonly contractId: Uint8Array;
  readonly result: Result<undefined, string>;
  readonly context: Uint8Array;
}

/** What a delegate's `process` is called with, one at a time. A client sends `ApplicationMessage`. */
export type InboundDelegateMsg =
  | ({ readonly type: 'ApplicationMessage' } & ApplicationMessage)
  | {
      readonly type: 'UserResponse';
      readonly requestId: number;
      readonly response: Uint8Array;
      readonly context: Uint8Array;
    }
  | {
      readonly type: 'GetContractResponse';
      readonly contractId: Uint8Array;
      readonly state: Uint8Array | undefined;
      readonly context: Uint8Array;
    }
  | ({ readonly type: 'PutContractResponse' } & ContractOutcome)
  | ({ readonly type: 'UpdateContractResponse' } & ContractOutcome)
  | ({ readonly type: 'SubscribeContractResponse' } & ContractOutcome)
  | {
      readonly type: 'ContractNotification';
      readonly contractId: Uint8Array;
      readonly newState: Uint8Array;
      readonly context: Uint8Array;
    }
  | ({ readonly type: 'DelegateMessage' } & DelegateMessage)
  | Unknown;

/** What a delegate's `process` emits. A network node lets only the first and third reach a client. */
export type OutboundDelegateMsg =
  | ({ readonly type: 'ApplicationMessage' } & ApplicationMessage)
  | {
      readonly type: 'RequestUserInput';
      readonly requestId: number;
      readonly message: Uint8Array;
      readonly responses: readonly Uint8Array[];
    }
  | { readonly type: 'ContextUpdated'; readonly context: Uint8Array }
  | {
      readonly type: 'GetContractRequest';
      readonly contractId: Uint8Array;
      readonly context: Uint8Array;
      readonly processed: boolean;
    }
  | {
      readonly type: 'PutContractRequest';
      readonly contract: ContractContainer;
      readonly state: Uint8Array;
      readonly relatedContracts: RelatedContracts;
      readonly context: Uint8Array;
      readonly processed: boolean;
    }
  | {
      readonly type: 'UpdateContractRequest';
      readonly contractId: Uint8Array;
      readonly update: UpdateData;
      readonly context: Uint8Array;
      readonly processed: boolean;
    }
  | {
      readonly type: 'SubscribeContractRequest';
      readonly contractId: Uint8Array;
      readonly context: Uint8Array;
      readonly processed: boolean;
    }
  | ({ readonly type: 'SendDelegateMessage' } & DelegateMessage)
  | Unknown;

/** A piece of a message too long for one frame (chunks.ts). */
export interface StreamChunk {
  /** u32, counted per direction and connection from 0 */
  readonly streamId: number;
  /** 0-based, less than `total` */
  readonly index: number;
  readonly total: number;
  readonly data: Uint8Array;
}
