/**
 * Runs Freenet contracts: any module that keeps to the ABI, River's room contract among them. A fresh instance per call.
 * Nothing here stops a guest that loops: guests of others run in a thread (`GuestPool`).
 *
 * Semantics: freenet-core: crates/core/src/wasm_runtime/contract.rs.
 */
import type { WireError } from '../../src/freenet/bincode.ts';
import type {
  GuestContractError,
  UpdateModification,
  ValidateResult,
} from '../../src/freenet/guest-abi.ts';
import {
  decodeBytesResult,
  decodeContractResultStruct,
  decodeUpdateStateResult,
  decodeValidateStateResult,
  encodeRelatedContracts,
  encodeUpdates,
} from '../../src/freenet/guest-abi.ts';
import type { RelatedContracts, UpdateData } from '../../src/freenet/types.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import { delegateImports } from './delegate-imports.ts';
import type { GuestImports, GuestServices } from './guest-imports.ts';
import { commonImports } from './guest-imports.ts';
import type { GuestModule } from './guest-instance.ts';
import { instantiate, loadGuest } from './guest-instance.ts';
import type { GuestMemory, Remainder } from './guest-memory.ts';
import type { ContractRefused, ExecutionError, GuestStopped, ModuleError } from './wasm-error.ts';
import { executionError, GuestFault } from './wasm-error.ts';

export interface LoadedContract extends GuestModule {
  readonly kind: 'contract';
}

export type ContractRunError = ModuleError | ExecutionError | ContractRefused | GuestStopped;

/** The number by which a contract's result says which function it is of. */
const RESULT_KINDS = {
  validate_state: 0,
  update_state: 2,
  summarize_state: 3,
  get_state_delta: 4,
} as const;

type ContractFunction = keyof typeof RESULT_KINDS;

/** A module may import what only delegates can use: a contract that calls it is told that no delegate runs. */
function imports(
  services: GuestServices,
  memory: () => GuestMemory | undefined,
  streaming: readonly Remainder[],
): GuestImports {
  const forDelegates = delegateImports(memory, () => undefined);
  return { ...commonImports(services, memory, streaming), ...forDelegates };
}

const SYSTEM: GuestServices = { clock: systemClock, random: systemRandom };

export function loadContract(wasm: Uint8Array): Result<LoadedContract, ModuleError> {
  const known = imports(SYSTEM, () => undefined, []);
  const guest = loadGuest(wasm, known, Object.keys(RESULT_KINDS));
  return guest.ok ? ok({ ...guest.value, kind: 'contract' }) : guest;
}

function call<T>(
  contract: LoadedContract,
  name: ContractFunction,
  args: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Result<Result<T, GuestContractError>, WireError>,
  services: Partial<GuestServices>,
): Result<T, ContractRunError> {
  let memory: GuestMemory | undefined;
  const streaming: Remainder[] = [];
  const pass = (to: GuestMemory, bytes: Uint8Array): bigint => {
    if (!contract.streaming) return to.pass(bytes);
    const remainder = to.passStreaming(bytes);
    streaming.push(remainder);
    return remainder.buffer;
  };
  try {
    const given = imports({ ...SYSTEM, ...services }, () => memory, streaming);
    const started = instantiate(contract, given, (of) => {
      memory = of;
    });
    if (!started.ok) return started;
    const { value: instance } = started;
    services.entering?.();
    const address = instance.call(
      name,
      args.map((bytes) => pass(instance.memory, bytes)),
    );
    const struct = decodeContractResultStruct(instance.memory.read(address, 16));
    if (!struct.ok) throw new GuestFault(struct.error.message);
    const { kind, pointer, size } = struct.value;
    if (kind !== RESULT_KINDS[name]) throw new GuestFault(`${name} gave a result of kind ${kind}`);
    const result = decode(instance.memory.readResult(pointer, size));
    if (!result.ok) throw new GuestFault(result.error.message);
    return result.value.ok ? result.value : err({ type: 'GuestError', error: result.value.error });
  } catch (thrown) {
    const failure = executionError(thrown);
    if (!failure) throw thrown;
    return err(failure);
  }
}

export const validateState = (
  contract: LoadedContract,
  params: Uint8Array,
  state: Uint8Array,
  related: RelatedContracts = [],
  services: Partial<GuestServices> = {},
): Result<ValidateResult, ContractRunError> =>
  call(
    contract,
    'validate_state',
    [params, state, encodeRelatedContracts(related)],
    decodeValidateStateResult,
    services,
  );

/** @param updates applied in order, in one call */
export const updateState = (
  contract: LoadedContract,
  params: Uint8Array,
  state: Uint8Array,
  updates: readonly UpdateData[],
  services: Partial<GuestServices> = {},
): Result<UpdateModification, ContractRunError> =>
  call(
    contract,
    'update_state',
    [params, state, encodeUpdates(updates)],
    decodeUpdateStateResult,
    services,
  );

export const summarizeState = (
  contract: LoadedContract,
  params: Uint8Array,
  state: Uint8Array,
  services: Partial<GuestServices> = {},
): Result<Uint8Array, ContractRunError> =>
  call(contract, 'summarize_state', [params, state], decodeBytesResult, services);

/** @param summary of the other side; the delta is empty when there is nothing it lacks */
export const getStateDelta = (
  contract: LoadedContract,
  params: Uint8Array,
  state: Uint8Array,
  summary: Uint8Array,
  services: Partial<GuestServices> = {},
): Result<Uint8Array, ContractRunError> =>
  call(contract, 'get_state_delta', [params, state, summary], decodeBytesResult, services);
