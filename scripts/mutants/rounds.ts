// Run in a copied tree: rounds of simulated schedules, each until something is noticed. A line `started`, then one per round:
// `killed` or `survived`.
//   node --import tsx scripts/mutants/rounds.ts ROUNDS RUNS SEED [contracts|dms|earlier]
import 'fake-indexeddb/auto';
import { runSchedule } from '../../tests/sim/run.ts';
import { scheduleOf, type Schedule } from '../../tests/sim/schedule.ts';
import type { Feature } from './mutant.ts';

const [rounds = 5, runs = 1000, seed = 1] = process.argv.slice(2, 5).map(Number);
/** Of schedules without this feature nothing is expected. */
const needs = process.argv[5] as Feature | undefined;

/** Seeds of different rounds are this far apart. */
const APART = 100_000;

/** What was noticed; undefined when nothing was. An exception is noticed, too. */
async function noticed(schedule: Schedule): Promise<string | undefined> {
  try {
    const { violations } = await runSchedule(schedule);
    return violations[0] && `${violations[0].breach}: ${violations[0].what}`;
  } catch (error) {
    return String(error);
  }
}

async function round(first: number): Promise<string> {
  for (let i = 0, at = first; i < runs; at++) {
    const schedule = scheduleOf(at);
    if (needs && !schedule.features[needs]) continue;
    const what = await noticed(schedule);
    i += 1;
    if (what !== undefined) return `killed after ${i} runs (seed ${at}), ${what}`;
    if (i % 25 === 0) process.stdout.write('.\n');
  }
  return `survived ${runs} runs`;
}

process.on('unhandledRejection', () => {}); // of killed actors, and of bugs that are there on purpose
process.stdout.write('started\n');
for (let i = 0; i < rounds; i++) process.stdout.write(`${await round(seed + i * APART)}\n`);
process.exit(0);
