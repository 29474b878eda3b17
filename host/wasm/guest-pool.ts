/**
 * Guests in threads of their own, so that none holds up the node: one that loops is ended with its thread after five seconds, and
 * others run beside it.
 *
 * Why threads and not processes: a call costs some tens of microseconds more than on the node's own thread, and V8 ends a
 * looping module in another thread of the process as surely. Threads start when they are needed; one is kept.
 */
import type {
  InboundDelegateMsg,
  MessageOrigin,
  RelatedContracts,
} from '../../src/freenet/types.ts';
import type { UpdateData } from '../../src/freenet/types.ts';
import { err } from '../../src/shared/result.ts';
import type { DelegateContracts, SecretStore } from './delegate-imports.ts';
import type { GuestTask, NodeSide, TaskResults } from './guest-tasks.ts';
import { GuestThread } from './guest-thread.ts';
import type { GuestStopped } from './wasm-error.ts';

/** How long a Freenet node lets one entry of a guest run. */
export const GUEST_LIMIT_MS = 5_000;

/** So many guests run at the same time; the others wait their turn. */
const MAX_THREADS = 4;

/** A thread beyond the first is ended when it has had nothing to do for so long. */
const IDLE_MS = 30_000;

/** A module, by a name that no other has, such as its hash. */
export interface GuestModuleRef {
  readonly name: string;
  /** Its code, asked for when a thread has not compiled it yet. */
  readonly wasm: () => Uint8Array | undefined;
}

export interface DelegateTask {
  readonly params: Uint8Array;
  readonly origin: MessageOrigin | undefined;
  readonly messages: readonly InboundDelegateMsg[];
  readonly context: Uint8Array;
  readonly secrets: SecretStore;
  readonly contracts: DelegateContracts;
}

export class GuestPool {
  readonly #limitMs: number;
  readonly #threads = new Set<GuestThread>();
  /** The last used last. */
  readonly #idle: { readonly thread: GuestThread; readonly timer: NodeJS.Timeout }[] = [];
  readonly #waiting: ((thread: GuestThread) => void)[] = [];
  #isClosed = false;

  constructor(limitMs: number = GUEST_LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** How many threads there are. */
  get size(): number {
    return this.#threads.size;
  }

  /** Whether a module can be run as a delegate. */
  checkDelegate(module: GuestModuleRef): Promise<TaskResults['CheckDelegate'] | Stopped> {
    return this.#perform({ type: 'CheckDelegate', module: delegateName(module) }, onlyCode(module));
  }

  /** Whether a module can be run as a contract. */
  checkContract(module: GuestModuleRef): Promise<TaskResults['CheckContract'] | Stopped> {
    return this.#perform({ type: 'CheckContract', module: contractName(module) }, onlyCode(module));
  }

  runDelegate(
    module: GuestModuleRef,
    { secrets, contracts, ...request }: DelegateTask,
  ): Promise<TaskResults['RunDelegate']> {
    return this.#perform(
      { type: 'RunDelegate', module: delegateName(module), ...request },
      {
        module: module.wasm,
        getSecret: (key) => secrets.get(key),
        setSecret: (key, value) => secrets.set(key, value),
        removeSecret: (key) => secrets.remove(key),
        listSecrets: (prefix) => secrets.list(prefix),
        contractState: (id) => contracts.state(id),
        putContract: (id, state) => contracts.put(id, state),
        updateContract: (id, state) => contracts.update(id, state),
        subscribeContract: (id) => contracts.subscribe(id),
      },
    );
  }

  validateState(
    module: GuestModuleRef,
    params: Uint8Array,
    state: Uint8Array,
    related: RelatedContracts,
  ): Promise<TaskResults['ValidateState']> {
    const name = contractName(module);
    const task = { type: 'ValidateState', module: name, params, state, related } as const;
    return this.#perform(task, onlyCode(module));
  }

  /** @param updates applied in order, in one call */
  updateState(
    module: GuestModuleRef,
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Promise<TaskResults['UpdateState']> {
    const name = contractName(module);
    const task = { type: 'UpdateState', module: name, params, state, updates } as const;
    return this.#perform(task, onlyCode(module));
  }

  summarizeState(
    module: GuestModuleRef,
    params: Uint8Array,
    state: Uint8Array,
  ): Promise<TaskResults['SummarizeState']> {
    const name = contractName(module);
    const task = { type: 'SummarizeState', module: name, params, state } as const;
    return this.#perform(task, onlyCode(module));
  }

  /** @param summary of the other side */
  getStateDelta(
    module: GuestModuleRef,
    params: Uint8Array,
    state: Uint8Array,
    summary: Uint8Array,
  ): Promise<TaskResults['GetStateDelta']> {
    const name = contractName(module);
    const task = { type: 'GetStateDelta', module: name, params, state, summary } as const;
    return this.#perform(task, onlyCode(module));
  }

  /** Ends all threads; what runs or waits fails, and so does what comes after. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#idle) clearTimeout(timer);
    const threads = [...this.#threads];
    const stops = threads.map((thread) => thread.stop(CLOSED));
    const [first] = threads;
    if (first) for (const wake of this.#waiting.splice(0)) wake(first);
    await Promise.all(stops);
  }

  async #perform<T extends GuestTask>(
    task: T,
    node: NodeSide,
  ): Promise<TaskResults[T['type']] | Stopped> {
    if (this.#isClosed) return err({ type: 'Stopped', reason: CLOSED });
    const thread = await this.#take();
    const outcome = await thread.run(task, node);
    this.#giveBack(thread);
    return outcome.ok ? (outcome.value as TaskResults[T['type']]) : outcome;
  }

  async #take(): Promise<GuestThread> {
    const idle = this.#idle.pop();
    if (idle) {
      clearTimeout(idle.timer);
      return idle.thread;
    }
    if (this.#threads.size >= MAX_THREADS) {
      return new Promise((resolve) => this.#waiting.push(resolve));
    }
    return this.#start();
  }

  async #start(): Promise<GuestThread> {
    const thread = new GuestThread(this.#limitMs);
    this.#threads.add(thread);
    await thread.ready;
    return thread;
  }

  #giveBack(thread: GuestThread): void {
    const next = this.#waiting.shift();
    if (thread.hasEnded) {
      this.#threads.delete(thread);
      if (next) void this.#start().then(next);
    } else if (next) next(thread);
    else {
      const timer = setTimeout(() => this.#retire(thread), IDLE_MS).unref();
      this.#idle.push({ thread, timer });
    }
  }

  #retire(thread: GuestThread): void {
    if (this.#threads.size === 1) return;
    const at = this.#idle.findIndex((idle) => idle.thread === thread);
    this.#idle.splice(at, 1);
    this.#threads.delete(thread);
    void thread.stop('it has nothing to do');
  }
}

type Stopped = { readonly ok: false; readonly error: GuestStopped };

const CLOSED = 'the node is stopping';

/** One code may be run as either kind. */
const delegateName = (module: GuestModuleRef): string => `delegate ${module.name}`;
const contractName = (module: GuestModuleRef): string => `contract ${module.name}`;

/** For guests that reach nothing of the node. */
function onlyCode({ wasm }: GuestModuleRef): NodeSide {
  const nothing = (): never => {
    throw new Error('only a running delegate asks for this');
  };
  return {
    module: wasm,
    getSecret: nothing,
    setSecret: nothing,
    removeSecret: nothing,
    listSecrets: nothing,
    contractState: nothing,
    putContract: nothing,
    updateContract: nothing,
    subscribeContract: nothing,
  };
}
