/** A thread for guests, as the node sees it: it does one task, or is ended. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { GuestTask, NodeSide, TaskResults, ThreadData, ThreadMessage } from './guest-tasks.ts';
import { answerCalls, newSignal } from './sync-call.ts';
import type { GuestStopped } from './wasm-error.ts';

/** As a Freenet node gives a guest. */
const STACK_MB = 8;
/** JavaScript values in the thread: what a guest's answer is read into, not the guest's own memory. */
const HEAP_MB = 512;

/** A task of many entries is ended after so many times the limit of one. */
const MAX_ENTRIES_AT_LIMIT = 12;

const LOADER = createRequire(import.meta.url).resolve('tsx/cjs/api');

/**
 * Node 20 gives a thread no loader for TypeScript, whatever its options say: the thread's first statement registers one. It is the
 * one that works in the thread itself, without a further thread.
 *
 * @returns what a thread evaluates to run `program`
 */
export const starterOf = (program: URL): string =>
  `require(${JSON.stringify(LOADER)}).register(); require(${JSON.stringify(fileURLToPath(program))});`;

const STARTER = starterOf(new URL('./guest-worker.ts', import.meta.url));

type Outcome = Result<TaskResults[keyof TaskResults], GuestStopped>;

interface Running {
  readonly node: NodeSide;
  readonly begun: bigint;
  readonly end: (outcome: Outcome) => void;
}

const stopped = (reason: string): Result<never, GuestStopped> => err({ type: 'Stopped', reason });

export class GuestThread {
  /** When it has started, or can't. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #entered = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #limitMs: number;
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended: string | undefined;
  #termination: Promise<unknown> | undefined;

  /** @param limitMs how long one entry of a guest may take */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    const { port1, port2 } = new MessageChannel();
    const signal = newSignal();
    const data: ThreadData = { calls: port2, signal, entered: this.#entered };
    this.#worker = new Worker(STARTER, {
      eval: true,
      workerData: data,
      transferList: [port2],
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: HEAP_MB },
    });
    answerCalls(port1, signal, () => this.#running?.node);
    this.ready = new Promise((resolve) => {
      this.#worker.on('message', (message: ThreadMessage) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'done') this.#end(ok(message.result));
        else this.#end(stopped(message.reason));
      });
      this.#worker.on('error', (error) => this.#died(`its thread ended: ${error.message}`));
      this.#worker.on('exit', () => {
        this.#died('its thread ended');
        port1.close();
        resolve();
      });
    });
  }

  /** Whether it will do no more tasks. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Does one task; there is no other meanwhile. @param node whom the guest reaches until the task's end, and no longer */
  run(task: GuestTask, node: NodeSide): Promise<Outcome> {
    if (this.#ended !== undefined) return Promise.resolve(stopped(this.#ended));
    return new Promise((resolve) => {
      const begun = process.hrtime.bigint();
      Atomics.store(this.#entered, 0, begun);
      this.#running = { node, begun, end: resolve };
      this.#worker.postMessage(task);
      this.#watch(this.#limitMs);
    });
  }

  /** Ends the thread, and what runs in it. */
  async stop(reason: string): Promise<void> {
    this.#died(reason);
    await (this.#termination ??= this.#worker.terminate());
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    running?.end(outcome);
  }

  #died(reason: string): void {
    this.#ended ??= reason;
    this.#end(stopped(this.#ended));
  }

  /** Looks again after `ms`; the guest may have been entered anew by then. */
  #watch(ms: number): void {
    this.#timer = setTimeout(() => {
      // behind what has arrived meanwhile: the node itself may have been busy for long
      setImmediate(() => this.#check());
    }, ms);
  }

  #check(): void {
    if (!this.#running) return;
    const now = process.hrtime.bigint();
    const entry = millisBetween(Atomics.load(this.#entered, 0), now);
    const whole = millisBetween(this.#running.begun, now);
    const wholeLimit = this.#limitMs * MAX_ENTRIES_AT_LIMIT;
    const isOver = entry >= this.#limitMs ? this.#limitMs : whole >= wholeLimit && wholeLimit;
    if (isOver !== false) void this.stop(`it ran for more than ${isOver} ms`);
    else this.#watch(Math.min(this.#limitMs - entry, wholeLimit - whole));
  }
}

const millisBetween = (from: bigint, to: bigint): number => Number((to - from) / 1_000_000n);
