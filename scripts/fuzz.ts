// Feeds damaged inputs to everything that reads bytes of others.
//   npm run -s fuzz -- [--target NAME] [--runs N] [--seed S] [--time-limit MS] [--river DIR]
//   npm run -s fuzz -- --target NAME --replay HEX[,HEX…]     one input, to each of the target's decoders
//   npm run -s fuzz -- --target NAME --seed S --run N        the input of one run
// DIR is a checkout of River: the target `river` runs its compiled contract beside Weir's rules.
import { parseArgs } from 'node:util';
import { describeCbor } from '../src/river/cbor/describe.ts';
import { fromHex, toHex } from '../src/shared/bytes.ts';
import { Inputs } from './fuzz/inputs.ts';
import { DEFAULT_LIMITS, runOne, type Limits } from './fuzz/run-one.ts';
import { fuzz, type Failure, type FuzzReport } from './fuzz/runner.ts';
import type { Form, Input, Target } from './fuzz/target.ts';
import { TARGETS, WITHOUT_RIVER } from './fuzz/targets.ts';

const MODULE = new URL('./fuzz/targets.ts', import.meta.url).href;
const NAMES = TARGETS.map(({ name }) => name).join('|');
const USAGE = `usage: npm run -s fuzz -- [--target ${NAMES}] [--runs N] [--seed S] [--time-limit MS] [--river DIR]
       npm run -s fuzz -- --target NAME (--replay HEX[,HEX…] | --run N [--seed S])`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const grouped = (count: number): string => count.toLocaleString('en');

const hexOf = (input: Input): string => input.map(toHex).join(',');

function number(name: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name}: ${JSON.stringify(text)} is no integer from ${least} up`);
}

function chosen(name: string | undefined, river: string | undefined): readonly Target[] {
  if (name === undefined) return river === undefined ? WITHOUT_RIVER : TARGETS;
  const target = TARGETS.find((each) => each.name === name);
  if (!target) throw new Error(`--target: there is no ${JSON.stringify(name)}, only ${NAMES}`);
  return [target];
}

function printFailure(
  target: Target,
  seed: number,
  { run, form, reason, input, count }: Failure,
): void {
  say(`failed: ${target.name}, ${form}: ${reason}`);
  say(`  run ${run} of seed ${seed}${count > 1 ? `, and ${grouped(count - 1)} like it` : ''}`);
  say(`  --target ${target.name} --replay ${hexOf(input)}`);
  if (target.format === 'cbor') for (const part of input) say(`  reads as ${describeCbor(part)}`);
}

function printReport(target: Target, seed: number, { runs, counts, failures }: FuzzReport): void {
  for (const failure of failures) printFailure(target, seed, failure);
  const { accepted, refused, failed, slowestMs, slowestRun } = counts;
  say(
    `${target.name}: ${grouped(runs)} runs, ${grouped(accepted)} accepted, ${grouped(refused)} refused, ` +
      `${grouped(failed)} failed, slowest ${slowestMs.toFixed(1)} ms (run ${slowestRun})`,
  );
}

/** @returns whether the target passed */
async function fuzzTarget(
  target: Target,
  river: string | undefined,
  runs: number,
  seed: number,
  limits: Limits,
): Promise<boolean> {
  const since = performance.now();
  const report = await fuzz({
    target,
    module: MODULE,
    river,
    runs,
    seed,
    limits,
    onProgress: (done, { accepted }) => {
      const perSecond = Math.round(done / ((performance.now() - since) / 1000));
      say(
        `  ${target.name}: ${grouped(done)} runs, ${grouped(perSecond)} a second, ${grouped(accepted)} accepted`,
      );
    },
  });
  printReport(target, seed, report);
  return report.failures.length === 0;
}

async function replay(
  target: Target,
  forms: readonly Form[],
  input: Input,
  limits: Limits,
): Promise<boolean> {
  let good = true;
  for (const form of forms) {
    const { verdict, milliseconds, reason } = await runOne(form, input, limits);
    say(`${target.name}, ${form.name}: ${verdict} after ${milliseconds.toFixed(1)} ms`);
    if (reason !== undefined) say(`  ${reason}`);
    good &&= reason === undefined;
  }
  return good;
}

async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      'time-limit': { type: 'string' },
      replay: { type: 'string' },
      run: { type: 'string' },
      river: { type: 'string' },
    },
  });
  const runs = number('runs', values.runs, 10_000, 1);
  const seed = number('seed', values.seed, 1, 0);
  const milliseconds = number('time-limit', values['time-limit'], DEFAULT_LIMITS.milliseconds, 1);
  const limits = { ...DEFAULT_LIMITS, milliseconds };
  const { river } = values;
  const targets = chosen(values.target, river);
  const [target] = targets;
  const single = values.replay !== undefined || values.run !== undefined;
  if (single) {
    if (values.target === undefined || !target) throw new Error('--target is missing');
    const loaded = target.load(river);
    if (values.replay !== undefined) {
      return replay(target, loaded.forms, values.replay.split(',').map(fromHex), limits);
    }
    const { form, input } = new Inputs(target, loaded, seed).at(number('run', values.run, 0, 0));
    say(`--target ${target.name} --replay ${hexOf(input)}`);
    return replay(target, loaded.forms.slice(form, form + 1), input, limits);
  }
  say(`seed ${seed}, ${grouped(runs)} runs a target, ${milliseconds} ms a run`);
  let passed = 0;
  for (const each of targets) if (await fuzzTarget(each, river, runs, seed, limits)) passed += 1;
  say(`${passed} passed, ${targets.length - passed} failed`);
  return passed === targets.length;
}

try {
  if (!(await main(process.argv.slice(2)))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
