import type { Operation } from './operation.ts';

/** One sample, per call. */
export interface Sample {
  readonly wallMs: number;
  /** Of all threads of the process: WebCrypto and the garbage collector work on threads of their own. */
  readonly cpuMs: number;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** What the rounds of one operation gave. */
export interface Measured {
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly callsPerRound: number;
}

/** A round's sample lasts about this long: then each has its share of garbage collections. */
const SAMPLE_MS = 250;
const MOST_CALLS = 200;
/** CPU time of calls before the first sample: V8 compiles on the way, JavaScript as WebAssembly. */
const WARM_UP_MS = 2500;
const LEAST_WARM_UP_CALLS = 3;

async function sample({ prepare }: Operation, calls: number): Promise<Sample> {
  const ready = Array.from({ length: calls }, () => prepare());
  const cpu = process.cpuUsage();
  const since = performance.now();
  for (const call of ready) await call();
  const wall = performance.now() - since;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: wall / calls, cpuMs: (user + system) / 1000 / calls };
}

/** Warms an operation up. @returns how many calls a sample takes */
async function warmedUp(operation: Operation): Promise<number> {
  if (operation.single) {
    await sample(operation, 1);
    return 1;
  }
  let last: Sample = { wallMs: 0, cpuMs: 0 };
  for (let calls = 0, spent = 0; calls < LEAST_WARM_UP_CALLS || spent < WARM_UP_MS; calls++) {
    last = await sample(operation, 1);
    // what takes no time is warm after some thousand calls
    spent += Math.max(last.cpuMs, 1);
  }
  return Math.max(1, Math.min(MOST_CALLS, Math.round(SAMPLE_MS / Math.max(last.cpuMs, 0.01))));
}

/** Median, smallest and largest. @param numbers at least one */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] as number;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}

/** Measures operations in turn, round after round: whatever slows the machine for a while slows all of them. */
export async function measure(
  operations: readonly Operation[],
  rounds: number,
): Promise<readonly Measured[]> {
  const runs: { operation: Operation; calls: number; samples: Sample[] }[] = [];
  for (const operation of operations) {
    runs.push({ operation, calls: await warmedUp(operation), samples: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) run.samples.push(await sample(run.operation, run.calls));
  }
  return runs.map(({ calls, samples }) => ({
    wallMs: spreadOf(samples.map(({ wallMs }) => wallMs)),
    cpuMs: spreadOf(samples.map(({ cpuMs }) => cpuMs)),
    callsPerRound: calls,
  }));
}
