// Measures in a process of its own what Weir's operations allocate: the profiler and the large young generation would disturb the
// clocks of the others. Writes JSON to standard output: one entry per row.
import { allocated, type Allocated } from './allocations.ts';
import { suites } from './suites.ts';

const [only] = process.argv.slice(2);
const gc = globalThis.gc as (() => void) | undefined;
if (!gc) throw new Error('start this with --expose-gc');

const entries: Allocated[] = [];
for (const suite of await suites(only, undefined)) {
  for (const { weir } of suite.rows) entries.push(await allocated(weir, gc));
}
process.stdout.write(JSON.stringify(entries));
