/** What the node's thread and a guest's thread say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { UpdateModification, ValidateResult } from '../../src/freenet/guest-abi.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  RelatedContracts,
  UpdateData,
} from '../../src/freenet/types.ts';
import type { Result } from '../../src/shared/result.ts';
import type { ContractRunError } from './contract-host.ts';
import type { ContractRequestError } from './delegate-imports.ts';
import type { DelegateRun, DelegateRunError } from './delegate-host.ts';
import type { ModuleError } from './wasm-error.ts';

/** What is to be done, and by the code of which module: a name that no other module has. */
export type GuestTask = { readonly module: string } & (
  | { readonly type: 'CheckDelegate' | 'CheckContract' }
  | {
      readonly type: 'RunDelegate';
      readonly params: Uint8Array;
      readonly origin: MessageOrigin | undefined;
      readonly messages: readonly InboundDelegateMsg[];
      readonly context: Uint8Array;
    }
  | ({ readonly params: Uint8Array; readonly state: Uint8Array } & (
      | { readonly type: 'ValidateState'; readonly related: RelatedContracts }
      | { readonly type: 'UpdateState'; readonly updates: readonly UpdateData[] }
      | { readonly type: 'SummarizeState' }
      | { readonly type: 'GetStateDelta'; readonly summary: Uint8Array }
    ))
);

/** What comes of each task. */
export interface TaskResults {
  readonly CheckDelegate: Result<undefined, ModuleError>;
  readonly CheckContract: Result<undefined, ModuleError>;
  readonly RunDelegate: Result<DelegateRun, DelegateRunError>;
  readonly ValidateState: Result<ValidateResult, ContractRunError>;
  readonly UpdateState: Result<UpdateModification, ContractRunError>;
  readonly SummarizeState: Result<Uint8Array, ContractRunError>;
  readonly GetStateDelta: Result<Uint8Array, ContractRunError>;
}

export type TaskResult = TaskResults[keyof TaskResults];

/** A guest thread's first message is `ready`; then one per task. `failed`: the host itself, not the guest. */
export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: TaskResult }
  | { readonly type: 'failed'; readonly reason: string };

/** What a guest's thread asks of the node's while it works, and waits for. */
export interface NodeSide {
  /** The module's code; undefined when the node has it no more. */
  module(): Uint8Array | undefined;
  getSecret(key: Uint8Array): Uint8Array | undefined;
  setSecret(key: Uint8Array, value: Uint8Array): boolean;
  removeSecret(key: Uint8Array): boolean;
  listSecrets(prefix: Uint8Array): Uint8Array[];
  contractState(id: Uint8Array): Result<Uint8Array, ContractRequestError>;
  putContract(id: Uint8Array, state: Uint8Array): Result<undefined, ContractRequestError>;
  updateContract(id: Uint8Array, state: Uint8Array): Result<undefined, ContractRequestError>;
  subscribeContract(id: Uint8Array): Result<undefined, ContractRequestError>;
}

/** What a guest's thread is started with. */
export interface ThreadData {
  /** Of `sync-call.ts`. */
  readonly calls: MessagePort;
  readonly signal: Int32Array;
  /** When the guest was last entered: `process.hrtime` in nanoseconds, one number. */
  readonly entered: BigInt64Array;
}
