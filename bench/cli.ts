// Benchmarks. No result is asserted: the numbers are the machine's.
//   npm run -s bench -- [--only room] [--river DIR] [--rounds N] [--json FILE]
//   npm run -s bench -- screen [--rounds N]      the built app in a browser: see bench/screen
//   npm run -s bench -- --only peers [...]       the built app beside others, in a browser: see bench/peers
// DIR is a checkout of River: its compiled contract is run beside Weir, in the same engine.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Allocated } from './allocations.ts';
import { measure } from './measure.ts';
import { isPeers, USAGE as PEERS_USAGE } from './peers/options.ts';
import { header, surroundings, table, type Result, type SuiteResult } from './report.ts';
import { loadRiver } from './room/river.ts';
import { suites } from './suites.ts';
import type { Suite } from './operation.ts';

const USAGE = `usage: npm run -s bench -- [--only room] [--river DIR] [--rounds N] [--json FILE]
       ${PEERS_USAGE}`;
const LEAST_ROUNDS = 1;
const ROUNDS = 5;
/** MiB: what one operation allocates must fit without a collection. */
const YOUNG_GENERATION = 256;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function allocations(only: string | undefined): readonly Allocated[] {
  const out = execFileSync(
    process.execPath,
    [
      '--expose-gc',
      `--min-semi-space-size=${YOUNG_GENERATION}`,
      `--max-semi-space-size=${YOUNG_GENERATION}`,
      '--import',
      'tsx',
      fileURLToPath(new URL('./allocations-child.ts', import.meta.url)),
      ...(only === undefined ? [] : [only]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(out) as readonly Allocated[];
}

async function run(
  { name, about, rows }: Suite,
  rounds: number,
  allocates: readonly Allocated[],
): Promise<SuiteResult> {
  const results: Result[] = [];
  for (const [i, { group, what, river, weir, check }] of rows.entries()) {
    await check?.();
    progress(`${name}: ${group}: ${what}`);
    const [weirs, rivers] = await measure(river ? [weir, river] : [weir], rounds);
    const weirAllocates = allocates[i];
    if (!weirs || !weirAllocates) throw new Error('nothing was measured');
    results.push({
      group,
      what,
      weir: { call: weir.call, ...weirs },
      ...(river && rivers && { river: { call: river.call, ...rivers } }),
      weirAllocates,
    });
  }
  return { name, about, rows: results };
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      river: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < LEAST_ROUNDS) {
    throw new Error(
      `--rounds: ${JSON.stringify(values.rounds)} is no integer from ${LEAST_ROUNDS} up`,
    );
  }
  const river = values.river === undefined ? undefined : loadRiver(values.river);
  const chosen = await suites(values.only, river);
  const where = surroundings(rounds, river);
  progress('what Weir allocates');
  const allocates = allocations(values.only);
  const results: SuiteResult[] = [];
  let from = 0;
  for (const suite of chosen) {
    const result = await run(suite, rounds, allocates.slice(from, from + suite.rows.length));
    from += suite.rows.length;
    results.push(result);
    say(`${header(result, where)}\n\n${table(result)}\n`);
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ where, suites: results }, null, 2)}\n`);
  }
}

try {
  const args = process.argv.slice(2);
  if (args[0] === 'screen') await import('./screen/run.ts');
  else if (isPeers(args)) await (await import('./peers/run.ts')).runPeers(args);
  else await main(args);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
