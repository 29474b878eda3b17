import { concatBytes, utf8 } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import type { GuestImports } from './guest-imports.ts';
import type { GuestMemory } from './guest-memory.ts';

/** The secrets of one delegate: raw key to raw value. */
export interface SecretStore {
  get(key: Uint8Array): Uint8Array | undefined;
  /** False when it was not stored. */
  set(key: Uint8Array, value: Uint8Array): boolean;
  /** False when there is none, or it was not removed. */
  remove(key: Uint8Array): boolean;
  /** The keys that start with `prefix`. */
  list(prefix: Uint8Array): Uint8Array[];
}

export type ContractRequestError = 'NotFound' | 'UnknownCode' | 'StoreFailed';

/** The contracts that a delegate can reach on its node. Ids are 32 bytes. */
export interface DelegateContracts {
  state(id: Uint8Array): Result<Uint8Array, ContractRequestError>;
  /** A raw write: the contract is not asked. */
  put(id: Uint8Array, state: Uint8Array): Result<undefined, ContractRequestError>;
  /** The same, where there is a state already. */
  update(id: Uint8Array, state: Uint8Array): Result<undefined, ContractRequestError>;
  subscribe(id: Uint8Array): Result<undefined, ContractRequestError>;
}

/** What a delegate has while `process` runs; it can be used at no other time. */
export interface DelegateSession {
  readonly secrets: SecretStore;
  readonly contracts: DelegateContracts | undefined;
  context: Uint8Array;
}

/*
 * Error codes. -7 is a different thing for secrets and for contracts.
 *
 * Source: freenet-core: crates/core/src/wasm_runtime/{native_api,delegate_api}.rs.
 */
const NOT_IN_PROCESS = -1;
const SECRET_NOT_FOUND = -2;
const STORAGE_FAILED = -3;
const INVALID_PARAMETER = -4;
const BUFFER_TOO_SMALL = -6;
const MEMORY_BOUNDS = -7;
const CONTRACT_MEMORY_BOUNDS = -9;
const CREATE_NOT_STORED = -24;
const CONTRACT_ERRORS: Record<ContractRequestError, number> = {
  NotFound: -7,
  StoreFailed: -8,
  UnknownCode: -10,
};

/** The node keeps secrets of its own under this prefix. */
const RESERVED = utf8('\0freenet-migrate/');

const MAX_I32 = 0x7fff_ffff;

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);
}

/** Each key after its length as u32 little-endian. */
function keyList(keys: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    keys.flatMap((key) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, key.length, true);
      return [length, key];
    }),
  );
}

/** Thrown inside an import function: becomes its result. */
class Code extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`code ${code}`);
    this.code = code;
  }
}

/**
 * What a delegate may call of its node: context, secrets, contracts, and the making of further delegates, which this host
 * does not do and says so.
 *
 * @param memory of the instance; not known before it exists
 * @param session undefined while `process` does not run
 */
export function delegateImports(
  memory: () => GuestMemory | undefined,
  session: () => DelegateSession | undefined,
): GuestImports {
  /** Bytes that the guest points to. */
  const argument = (pointer: bigint, length: number, outside: number): Uint8Array => {
    if (length < 0) throw new Code(INVALID_PARAMETER);
    const guest = memory();
    if (!guest?.contains(pointer, length)) throw new Code(outside);
    return guest.read(pointer, length);
  };
  const answer = (pointer: bigint, bytes: Uint8Array, outside: number): void => {
    const guest = memory();
    if (!guest?.contains(pointer, bytes.length)) throw new Code(outside);
    guest.write(pointer, bytes);
  };
  const call = (work: (current: DelegateSession) => number): number => {
    const current = session();
    if (!current) return NOT_IN_PROCESS;
    try {
      return work(current);
    } catch (thrown) {
      if (thrown instanceof Code) return thrown.code;
      throw thrown;
    }
  };
  const secretValue = (current: DelegateSession, pointer: bigint, length: number): Uint8Array => {
    const value = current.secrets.get(argument(pointer, length, MEMORY_BOUNDS));
    if (!value) throw new Code(SECRET_NOT_FOUND);
    return value;
  };
  /** Gives bytes whose length the guest has asked for before. */
  const fill = (pointer: bigint, capacity: number, bytes: Uint8Array): number => {
    if (bytes.length > capacity) return BUFFER_TOO_SMALL;
    if (bytes.length > 0) answer(pointer, bytes, MEMORY_BOUNDS);
    return bytes.length;
  };
  const secretKeys = (current: DelegateSession, pointer: bigint, length: number): Uint8Array =>
    keyList(current.secrets.list(argument(pointer, length, MEMORY_BOUNDS)));

  const contractId = (pointer: bigint, length: number): Uint8Array => {
    if (length !== 32) throw new Code(INVALID_PARAMETER);
    return argument(pointer, length, CONTRACT_MEMORY_BOUNDS);
  };
  const outcome = <T>(result: Result<T, ContractRequestError> | undefined): T => {
    if (!result) throw new Code(CONTRACT_ERRORS.NotFound);
    if (!result.ok) throw new Code(CONTRACT_ERRORS[result.error]);
    return result.value;
  };
  const longArgument = (pointer: bigint, length: bigint): Uint8Array => {
    if (length < 0n) throw new Code(INVALID_PARAMETER);
    if (length > BigInt(MAX_I32)) throw new Code(CONTRACT_MEMORY_BOUNDS);
    return argument(pointer, Number(length), CONTRACT_MEMORY_BOUNDS);
  };
  const contractCall = (work: (contracts: DelegateSession['contracts']) => number): bigint =>
    BigInt(call((current) => work(current.contracts)));

  return {
    freenet_delegate_ctx: {
      __frnt__delegate__ctx_len: () => call((current) => current.context.length),
      __frnt__delegate__ctx_read: (pointer: bigint, length: number) =>
        call((current) => {
          if (length < 0) return INVALID_PARAMETER;
          const bytes = current.context.subarray(0, length);
          if (bytes.length > 0) answer(pointer, bytes, MEMORY_BOUNDS);
          return bytes.length;
        }),
      __frnt__delegate__ctx_write: (pointer: bigint, length: number) =>
        call((current) => {
          current.context =
            length === 0 ? new Uint8Array(0) : argument(pointer, length, MEMORY_BOUNDS);
          return 0;
        }),
    },
    freenet_delegate_secrets: {
      __frnt__delegate__get_secret_len: (key: bigint, keyLength: number) =>
        call((current) => secretValue(current, key, keyLength).length),
      __frnt__delegate__get_secret: (
        key: bigint,
        keyLength: number,
        out: bigint,
        outLength: number,
      ) =>
        call((current) =>
          outLength < 0
            ? INVALID_PARAMETER
            : fill(out, outLength, secretValue(current, key, keyLength)),
        ),
      __frnt__delegate__set_secret: (
        key: bigint,
        keyLength: number,
        value: bigint,
        valueLength: number,
      ) =>
        call((current) => {
          const name = argument(key, keyLength, MEMORY_BOUNDS);
          const bytes = argument(value, valueLength, MEMORY_BOUNDS);
          if (startsWith(name, RESERVED)) return STORAGE_FAILED;
          return current.secrets.set(name, bytes) ? 0 : STORAGE_FAILED;
        }),
      __frnt__delegate__has_secret: (key: bigint, keyLength: number) =>
        call((current) =>
          current.secrets.get(argument(key, keyLength, MEMORY_BOUNDS)) === undefined ? 0 : 1,
        ),
      __frnt__delegate__remove_secret: (key: bigint, keyLength: number) =>
        call((current) =>
          current.secrets.remove(argument(key, keyLength, MEMORY_BOUNDS)) ? 0 : SECRET_NOT_FOUND,
        ),
      __frnt__delegate__list_secrets_len: (prefix: bigint, prefixLength: number) =>
        call((current) => Math.min(secretKeys(current, prefix, prefixLength).length, MAX_I32)),
      __frnt__delegate__list_secrets: (
        prefix: bigint,
        prefixLength: number,
        out: bigint,
        outLength: number,
      ) =>
        call((current) =>
          outLength < 0
            ? INVALID_PARAMETER
            : fill(out, outLength, secretKeys(current, prefix, prefixLength)),
        ),
    },
    freenet_delegate_contracts: {
      __frnt__delegate__get_contract_state_len: (id: bigint, idLength: number) =>
        contractCall((contracts) => outcome(contracts?.state(contractId(id, idLength))).length),
      __frnt__delegate__get_contract_state: (
        id: bigint,
        idLength: number,
        out: bigint,
        outLength: bigint,
      ) =>
        contractCall((contracts) => {
          const key = contractId(id, idLength);
          if (outLength < 0n) return INVALID_PARAMETER;
          const state = outcome(contracts?.state(key));
          if (BigInt(state.length) > outLength) return BUFFER_TOO_SMALL;
          answer(out, state, CONTRACT_MEMORY_BOUNDS);
          return state.length;
        }),
      __frnt__delegate__put_contract_state: (
        id: bigint,
        idLength: number,
        state: bigint,
        stateLength: bigint,
      ) =>
        contractCall((contracts) => {
          const key = contractId(id, idLength);
          outcome(contracts?.put(key, longArgument(state, stateLength)));
          return 0;
        }),
      __frnt__delegate__update_contract_state: (
        id: bigint,
        idLength: number,
        state: bigint,
        stateLength: bigint,
      ) =>
        contractCall((contracts) => {
          const key = contractId(id, idLength);
          outcome(contracts?.update(key, longArgument(state, stateLength)));
          return 0;
        }),
      __frnt__delegate__subscribe_contract: (id: bigint, idLength: number) =>
        contractCall((contracts) => {
          outcome(contracts?.subscribe(contractId(id, idLength)));
          return 0;
        }),
    },
    freenet_delegate_management: {
      __frnt__delegate__create_delegate: (
        wasm: bigint,
        wasmLength: bigint,
        params: bigint,
        paramsLength: bigint,
      ) =>
        call(() => {
          longArgument(wasm, wasmLength);
          longArgument(params, paramsLength);
          return CREATE_NOT_STORED;
        }),
    },
  };
}
