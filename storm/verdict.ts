/** Whether what was measured is within the budgets of the design (docs/benchmarks.md). */
import type { Measured } from './storm.ts';

export interface Budget {
  readonly what: string;
  readonly measured: string;
  readonly allowed: string;
  readonly isMet: boolean;
}

/** Of one store request to the delegate: `REQUEST_BOUND` of src/sync/save-keys.ts. */
const REQUEST_BYTES = 4 * 1024 * 1024;
const ITERATIONS_A_BURST = 2;
const MOST_PEAK = 1.3;
/** What reloads leave behind: nothing, but for what a browser keeps to be quicker the next time. */
const MOST_KEPT = 1.3;

/** @param isWeir whether the app under test is Weir, of which more is asked */
export function verdictOn(measured: Measured, isWeir: boolean): readonly Budget[] {
  const { inside, ready, peakBytes, settledBytes, keptBytes, failures } = measured;
  const never = ready.filter((at) => at === undefined).length;
  const budgets: Budget[] = [
    atMost('tabs that could not be used', never, 0),
    atMost('errors that nobody caught', failures.length, 0),
    ratio('peak memory ÷ settled', peakBytes, settledBytes, MOST_PEAK),
    ratio('memory kept at the end ÷ before', keptBytes.after, keptBytes.before, MOST_KEPT),
  ];
  if (!isWeir || !inside) return budgets;
  const { bursts, iterations, storeRequests, lost, duplicated, dirtyBytes } = inside;
  const most = ITERATIONS_A_BURST * bursts * Math.max(1, Math.ceil(dirtyBytes / REQUEST_BYTES));
  return [
    atMost('accepted edits lost', lost, 0),
    atMost('edits twice', duplicated, 0),
    atMost(`iterations in ${bursts} bursts`, iterations, ITERATIONS_A_BURST * bursts),
    atMost('store requests', storeRequests, bursts === 0 ? 0 : most),
    ...budgets,
  ];
}

const ratio = (what: string, bytes: number, of: number, most: number): Budget => ({
  what,
  measured: (bytes / of).toFixed(2),
  allowed: `≤ ${most}`,
  isMet: bytes <= most * of,
});

const atMost = (what: string, measured: number, most: number): Budget => ({
  what,
  measured: String(measured),
  allowed: most === 0 ? '0' : `≤ ${most}`,
  isMet: measured <= most,
});
