// Runs a stretch of a target's inputs in a thread of its own, so that the main one can watch it, and end it.
import { parentPort, workerData } from 'node:worker_threads';
import { Inputs } from './inputs.ts';
import { Progress } from './progress.ts';
import { runOne, type Limits } from './run-one.ts';
import type { Target } from './target.ts';

/** What a worker is started with. */
export interface Work {
  /** Module that exports `TARGETS`. */
  readonly targets: string;
  readonly target: string;
  /** A checkout of River. */
  readonly river: string | undefined;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly limits: Limits;
  readonly progress: SharedArrayBuffer;
}

/** One failed run, as the worker tells it. */
export interface FailedRun {
  readonly run: number;
  readonly form: string;
  readonly reason: string;
  readonly input: readonly Uint8Array[];
}

async function work(): Promise<void> {
  const {
    targets,
    target: name,
    river,
    seed,
    from,
    to,
    limits,
    progress: shared,
  } = workerData as Work;
  const { TARGETS } = (await import(targets)) as { TARGETS: readonly Target[] };
  const target = TARGETS.find((each) => each.name === name);
  if (!target) throw new Error(`no target ${name}`);
  const loaded = target.load(river);
  const inputs = new Inputs(target, loaded, seed);
  const progress = new Progress(shared);
  for (let run = from; run < to; run++) {
    progress.begin(run);
    const { form: index, input } = inputs.at(run);
    const form = loaded.forms[index];
    if (!form) throw new Error(`no form ${index}`);
    const { verdict, milliseconds, reason } = await runOne(form, input, limits);
    progress.end(verdict, milliseconds);
    if (reason === undefined) continue;
    const failed: FailedRun = { run, form: form.name, reason, input };
    parentPort?.postMessage(failed);
  }
}

await work();
