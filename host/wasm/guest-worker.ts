/** The thread in which guests run: it holds the compiled modules, and does one task after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { equalBytes } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { LoadedContract } from './contract-host.ts';
import {
  getStateDelta,
  loadContract,
  summarizeState,
  updateState,
  validateState,
} from './contract-host.ts';
import type { LoadedDelegate } from './delegate-host.ts';
import { loadDelegate, runDelegate } from './delegate-host.ts';
import type { DelegateContracts, SecretStore } from './delegate-imports.ts';
import type { GuestTask, NodeSide, TaskResult, ThreadData, ThreadMessage } from './guest-tasks.ts';
import { syncCaller } from './sync-call.ts';
import type { ModuleError } from './wasm-error.ts';

/** Compiled modules kept; one of 1 MB takes some tens of milliseconds to compile. */
const MAX_MODULES = 16;

const { calls, signal, entered } = workerData as ThreadData;
const ask = syncCaller<NodeSide>(calls, signal);

const services = {
  entering: (): void => void Atomics.store(entered, 0, process.hrtime.bigint()),
};

/** The longest unused first. */
const modules = new Map<string, LoadedDelegate | LoadedContract>();

function loaded<T extends LoadedDelegate | LoadedContract>(
  name: string,
  load: (wasm: Uint8Array) => Result<T, ModuleError>,
): Result<T, ModuleError> {
  let module = modules.get(name) as T | undefined;
  if (!module) {
    const wasm = ask('module');
    if (!wasm) return err({ type: 'InvalidModule', reason: 'its code is not here' });
    const fresh = load(wasm);
    if (!fresh.ok) return fresh;
    module = fresh.value;
  }
  modules.delete(name);
  modules.set(name, module);
  const [oldest] = modules.keys();
  if (modules.size > MAX_MODULES && oldest !== undefined) modules.delete(oldest);
  return ok(module);
}

/** The node's secrets. A guest asks for a value's length, then for the value: the value comes once. */
function nodeSecrets(): SecretStore {
  let last: { readonly key: Uint8Array; readonly value: Uint8Array | undefined } | undefined;
  return {
    get(key) {
      // a copy of the key: a long one is given away with the question
      if (!last || !equalBytes(last.key, key)) {
        last = { key: key.slice(), value: ask('getSecret', key) };
      }
      return last.value;
    },
    set(key, value) {
      last = undefined;
      return ask('setSecret', key, value);
    },
    remove(key) {
      last = undefined;
      return ask('removeSecret', key);
    },
    list: (prefix) => ask('listSecrets', prefix),
  };
}

const nodeContracts: DelegateContracts = {
  state: (id) => ask('contractState', id),
  put: (id, state) => ask('putContract', id, state),
  update: (id, state) => ask('updateContract', id, state),
  subscribe: (id) => ask('subscribeContract', id),
};

function perform(task: GuestTask): TaskResult {
  switch (task.type) {
    case 'CheckDelegate': {
      const delegate = loaded(task.module, loadDelegate);
      return delegate.ok ? ok(undefined) : delegate;
    }
    case 'CheckContract': {
      const contract = loaded(task.module, loadContract);
      return contract.ok ? ok(undefined) : contract;
    }
    case 'RunDelegate': {
      const delegate = loaded(task.module, loadDelegate);
      if (!delegate.ok) return delegate;
      const secrets = nodeSecrets();
      return runDelegate(delegate.value, {
        ...services,
        ...task,
        secrets,
        contracts: nodeContracts,
      });
    }
    case 'ValidateState':
    case 'UpdateState':
    case 'SummarizeState':
    case 'GetStateDelta': {
      const contract = loaded(task.module, loadContract);
      return contract.ok ? callContract(contract.value, task) : contract;
    }
    default:
      return unreachable(task);
  }
}

function callContract(
  contract: LoadedContract,
  task: Extract<GuestTask, { readonly state: Uint8Array }>,
): TaskResult {
  const { params, state } = task;
  switch (task.type) {
    case 'ValidateState':
      return validateState(contract, params, state, task.related, services);
    case 'UpdateState':
      return updateState(contract, params, state, task.updates, services);
    case 'SummarizeState':
      return summarizeState(contract, params, state, services);
    case 'GetStateDelta':
      return getStateDelta(contract, params, state, task.summary, services);
    default:
      return unreachable(task);
  }
}

function answerTo(task: GuestTask): ThreadMessage {
  try {
    return { type: 'done', result: perform(task) };
  } catch (thrown) {
    return { type: 'failed', reason: String(thrown) };
  }
}

const port = parentPort as MessagePort;
port.on('message', (task: GuestTask) => port.postMessage(answerTo(task)));
port.postMessage({ type: 'ready' } satisfies ThreadMessage);
