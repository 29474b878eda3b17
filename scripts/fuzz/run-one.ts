import { getHeapStatistics } from 'node:v8';
import { Finding, type Form, type Input, type Verdict } from './target.ts';

export interface Limits {
  /** A run that takes longer than this, on the clock and of the processors, three times in a row, is too slow. */
  readonly milliseconds: number;
  /** What a run may allocate besides a multiple of its input's length. */
  readonly bytes: number;
}

export const DEFAULT_LIMITS: Limits = { milliseconds: 1000, bytes: 64 << 20 };

const ALLOCATED_PER_INPUT_BYTE = 512;

/** What came of one run. */
export interface Outcome {
  readonly verdict: Verdict | 'failed';
  readonly milliseconds: number;
  /** Why it failed: one line, then where. */
  readonly reason?: string;
}

function heldBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** Milliseconds, by the clock or of CPU time, whichever is less: a machine that gives the run no processor does not make it slow. */
function stopwatch(): () => number {
  const since = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min(performance.now() - since, (user + system) / 1000);
  };
}

const STACK_LINES = 6;

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Finding) return thrown.message;
  if (!(thrown instanceof Error)) return `threw what is no error: ${String(thrown)}`;
  return `an untyped error: ${(thrown.stack ?? thrown.message).split('\n').slice(0, STACK_LINES).join('\n')}`;
}

/**
 * Runs a form on one input. Too long or too much is looked at again, twice: others use the machine too, and what was allocated
 * before may be counted here.
 */
export async function runOne(form: Form, input: Input, limits: Limits): Promise<Outcome> {
  const length = input.reduce((sum, part) => sum + part.length, 0);
  const bytes = limits.bytes + ALLOCATED_PER_INPUT_BYTE * length;
  let slowest = 0;
  let excess = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const held = heldBytes();
    const elapsed = stopwatch();
    let verdict: Verdict;
    try {
      const checked = form.check(input);
      // most answer at once, and a turn of the loop for each would take longer than they do
      verdict = typeof checked === 'string' ? checked : await checked;
    } catch (error) {
      return {
        verdict: 'failed',
        milliseconds: elapsed(),
        reason: reasonOf(error),
      };
    }
    const milliseconds = elapsed();
    const allocated = heldBytes() - held;
    if (milliseconds <= limits.milliseconds && allocated <= bytes) {
      return { verdict, milliseconds };
    }
    slowest = Math.max(slowest, milliseconds);
    excess =
      milliseconds > limits.milliseconds
        ? `took ${Math.round(milliseconds)} ms for ${length} bytes`
        : `allocated ${allocated} bytes for ${length}`;
  }
  return { verdict: 'failed', milliseconds: slowest, reason: excess };
}
