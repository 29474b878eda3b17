import { Worker } from 'node:worker_threads';
import { Inputs } from './inputs.ts';
import { Progress, type Counts } from './progress.ts';
import type { Limits } from './run-one.ts';
import type { Input, Target } from './target.ts';
import type { FailedRun, Work } from './worker.ts';

export interface FuzzOptions {
  readonly target: Target;
  /** Module that exports `TARGETS` with this target in it, as a URL: the worker loads it itself. */
  readonly module: string;
  /** A checkout of River, for targets that want one. */
  readonly river?: string | undefined;
  readonly runs: number;
  readonly seed: number;
  readonly limits: Limits;
  /** Told a few times a minute. */
  readonly onProgress?: (done: number, counts: Counts) => void;
}

/** Failures of a form whose reasons begin with the same line but for numbers, by the first of them. */
export interface Failure extends FailedRun {
  count: number;
}

export interface FuzzReport {
  /** Runs made; fewer than asked for after too many different failures. */
  readonly runs: number;
  readonly counts: Counts;
  readonly failures: readonly Failure[];
}

/** A run without end is stopped after this many times the limit. */
const HANG_FACTOR = 10;
const WATCH_EVERY_MS = 200;
const PROGRESS_EVERY_MS = 10_000;
/** Resident memory beyond that of the start, in bytes, at which a run is stopped. */
const MAX_GROWTH = 2 * 1024 ** 3;
const MAX_HEAP_MB = 1024;
/** As much stack as a browser gives a page. */
const STACK_MB = 1;
/** Different failures, or ended threads, after which a target is given up. */
const MAX_FAILURES = 20;

/** Node 20 gives a thread no loader for TypeScript, whatever its options say. */
const STARTER = `
  import('tsx/esm/api')
    .then(({ register }) => register())
    .then(() => import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)}))
    .catch((error) => setImmediate(() => { throw error; }));
`;

/** How a worker ended before its last run, and in which. */
interface Stopped {
  readonly reason: string;
  readonly run: number;
}

/** Fuzzes one target. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { target, river, runs, seed, onProgress } = options;
  const progress = new Progress();
  const failures = new Map<string, Failure>();
  let cut = 0;
  const add = (failed: FailedRun): void => {
    const [first = ''] = failed.reason.split('\n', 1);
    const kind = `${failed.form}: ${first.replace(/[0-9]+/g, '#')}`;
    const known = failures.get(kind);
    if (known) known.count += 1;
    else failures.set(kind, { ...failed, count: 1 });
  };
  let from = 0;
  while (from < runs && failures.size < MAX_FAILURES && cut < MAX_FAILURES) {
    const stopped = await runWorker(options, from, progress, add, () => failures.size, onProgress);
    if (stopped === undefined) {
      from = failures.size < MAX_FAILURES ? runs : progress.run + 1;
      break;
    }
    const { form, input } = inputAt(target, river, seed, stopped.run);
    add({ run: stopped.run, form, reason: stopped.reason, input });
    cut += 1;
    from = stopped.run + 1;
  }
  const { counts } = progress;
  return {
    runs: from,
    counts: { ...counts, failed: counts.failed + cut },
    failures: [...failures.values()],
  };
}

function inputAt(
  target: Target,
  river: string | undefined,
  seed: number,
  run: number,
): { form: string; input: Input } {
  const loaded = target.load(river);
  const { form, input } = new Inputs(target, loaded, seed).at(run);
  return { form: loaded.forms[form]?.name ?? '', input };
}

/** @returns why the worker was ended, or ended itself, before its last run */
function runWorker(
  { target, module, river, runs, seed, limits }: FuzzOptions,
  from: number,
  progress: Progress,
  onFailed: (failed: FailedRun) => void,
  failures: () => number,
  onProgress: FuzzOptions['onProgress'],
): Promise<Stopped | undefined> {
  const { name } = target;
  progress.restart();
  const work: Work = {
    targets: module,
    target: name,
    river,
    seed,
    from,
    to: runs,
    limits,
    progress: progress.shared,
  };
  const worker = new Worker(STARTER, {
    eval: true,
    workerData: work,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, stackSizeMb: STACK_MB },
  });
  return new Promise((resolve, reject) => {
    const rssAtStart = process.memoryUsage.rss();
    let run = -1;
    let looks = 0;
    let told = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      if (now - told > PROGRESS_EVERY_MS) {
        told = now;
        onProgress?.(progress.run, progress.counts);
      }
      // looks are counted, not time: a machine that slept in between did not hang
      if (!progress.isRunning || progress.run !== run) {
        run = progress.isRunning ? progress.run : -1;
        looks = 0;
      } else if ((looks += 1) * WATCH_EVERY_MS > limits.milliseconds * HANG_FACTOR) {
        end({ reason: `does not end within ${looks * WATCH_EVERY_MS} ms`, run });
      }
      const grown = process.memoryUsage.rss() - rssAtStart;
      if (grown > MAX_GROWTH)
        end({ reason: `the process grew by ${grown} bytes`, run: progress.run });
    }, WATCH_EVERY_MS);
    let ended = false;
    const end = (stopped: Stopped | undefined): void => {
      if (ended) return;
      ended = true;
      clearInterval(watch);
      void worker.terminate().then(() => resolve(stopped), reject);
    };
    worker.on('message', (failed: FailedRun) => {
      onFailed(failed);
      if (failures() >= MAX_FAILURES) end(undefined);
    });
    worker.on('error', (error) => {
      if (!progress.isRunning) {
        clearInterval(watch);
        reject(error); // nothing of the target's: it could not even begin
      } else end({ reason: `ended the thread: ${String(error)}`, run: progress.run });
    });
    worker.on('exit', () => end(undefined));
  });
}
