// Runs the app's own pages, workers, database code and node client through seeded schedules of faults, and judges the end.
//   npm run -s faults -- [--runs N] [--seed S] [--workers 2]     runs S, S+1, … S+N-1
//   npm run -s faults -- --replay SEED [--trace]                  one run, step by step
// Ends with a line `N passed, N failed`. A failing run is made as short as it still fails, and printed so that it can be replayed.
import 'fake-indexeddb/auto';
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Breach } from '../tests/sim/checks.ts';
import { runSchedule } from '../tests/sim/run.ts';
import { scheduleOf, type Schedule } from '../tests/sim/schedule.ts';
import { shrink } from '../tests/sim/shrink.ts';

/** Seeds that one process runs before it reports. */
const PORTION = 25;
/** So many failing seeds are shrunk; the others are only named. */
const MOST_SHRUNK = 3;

interface Tally {
  runs: number;
  kills: number;
  edits: number;
  steps: number;
  readonly breaches: Record<Breach, number>;
  readonly failed: { readonly seed: number; readonly what: string }[];
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const fresh = (): Tally => ({
  runs: 0,
  kills: 0,
  edits: 0,
  steps: 0,
  breaches: { lost: 0, 'false-seal': 0, 'double-apply': 0, stuck: 0, invariant: 0 },
  failed: [],
});

async function runSeeds(from: number, count: number): Promise<Tally> {
  const tally = fresh();
  for (let seed = from; seed < from + count; seed++) {
    const { violations, kills, edits, steps } = await runSchedule(scheduleOf(seed));
    tally.runs += 1;
    tally.kills += kills;
    tally.edits += edits;
    tally.steps += steps;
    for (const { breach } of violations) tally.breaches[breach] += 1;
    const [first] = violations;
    if (first) tally.failed.push({ seed, what: `${first.breach}: ${first.what}` });
  }
  return tally;
}

function add(to: Tally, more: Tally): void {
  to.runs += more.runs;
  to.kills += more.kills;
  to.edits += more.edits;
  to.steps += more.steps;
  for (const name of Object.keys(to.breaches) as Breach[]) to.breaches[name] += more.breaches[name];
  to.failed.push(...more.failed);
}

const counts = ({ runs, kills, edits, breaches }: Tally): string => {
  const broken = Object.entries(breaches).map(([name, count]) => `${name} ${count}`);
  return `${runs} runs, ${kills} kills, ${edits} edits, ${broken.join(', ')}`;
};

/** Portions are handed to whichever process is free. */
async function runAll(runs: number, seed: number, workers: number): Promise<Tally> {
  const total = fresh();
  const since = performance.now();
  let next = 0;
  let told = since;
  const drive = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(process.argv[1] as string, ['--portions'], { execArgv: process.execArgv });
      const hand = (): void => {
        if (next >= runs) {
          child.disconnect();
          return;
        }
        const count = Math.min(PORTION, runs - next);
        child.send({ from: seed + next, count });
        next += count;
      };
      child.on('message', (tally) => {
        add(total, tally as Tally);
        if (performance.now() - told > 10_000) {
          told = performance.now();
          say(
            `  ${counts(total)}; ${Math.round(total.runs / ((told - since) / 1000))} runs a second`,
          );
        }
        hand();
      });
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      hand();
    });
  await Promise.all(Array.from({ length: workers }, drive));
  say(`${Math.round((performance.now() - since) / 1000)} s, ${total.steps} steps`);
  return total;
}

/** The child's side. */
function servePortions(): void {
  process.on('message', (message) => {
    const { from, count } = message as { from: number; count: number };
    void runSeeds(from, count).then((tally) => process.send?.(tally));
  });
}

async function explain(schedule: Schedule): Promise<void> {
  const small = await shrink(schedule);
  const { violations } = await runSchedule(small);
  say(
    `seed ${schedule.seed}, ${schedule.actions.length} actions, shrunk to ${small.actions.length}:`,
  );
  for (const action of small.actions) say(`    ${JSON.stringify(action)}`);
  for (const { breach, what } of violations.slice(0, 3)) say(`  ${breach}: ${what}`);
  say(`  npm run -s faults -- --replay ${schedule.seed} --trace`);
}

async function replay(seed: number, trace: boolean): Promise<boolean> {
  const schedule = scheduleOf(seed);
  for (const action of schedule.actions) say(`  ${JSON.stringify(action)}`);
  const { violations, steps } = await runSchedule(schedule, trace ? say : undefined);
  for (const { breach, what } of violations) say(`${breach}: ${what}`);
  say(`${steps} steps`);
  if (violations.length > 0) await explain(schedule);
  return violations.length === 0;
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name}: ${JSON.stringify(text)} is no integer from ${least} up`);
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      replay: { type: 'string' },
      trace: { type: 'boolean', default: false },
    },
  });
  if (values.replay !== undefined) {
    const good = await replay(number('replay', values.replay, 0), values.trace);
    say(good ? '1 passed, 0 failed' : '0 passed, 1 failed');
    return good;
  }
  const seed = number('seed', values.seed, 0);
  const total = await runAll(
    number('runs', values.runs, 1),
    seed,
    number('workers', values.workers, 1),
  );
  for (const { seed: failed, what } of total.failed.slice(0, 20))
    say(`failed: seed ${failed}: ${what}`);
  for (const { seed: failed } of total.failed.slice(0, MOST_SHRUNK))
    await explain(scheduleOf(failed));
  say(counts(total));
  say(`${total.runs - total.failed.length} passed, ${total.failed.length} failed`);
  return total.failed.length === 0;
}

if (process.argv.includes('--portions')) {
  servePortions();
} else {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
