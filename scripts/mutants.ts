// Puts known bugs back, one at a time, into a copy of the sources: each has to be noticed, every time.
//   npm run -s mutants -- [--only TEXT] [--seed S] [--rounds 5] [--runs 1000] [--workers 2]
// Ends with a line `N killed, N survived`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants/list.ts';
import type { Killer, Mutant } from './mutants/mutant.ts';
import { CopiedTree } from './mutants/tree.ts';

/** A process that says nothing for so long hangs: that, too, is noticed. */
const SILENCE_MS = 120_000;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Options {
  readonly rounds: number;
  readonly runs: number;
  readonly seed: number;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function run(cwd: string, command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    const heard = (data: Buffer): void => {
      output += data.toString();
      clearTimeout(silence);
      silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(silence);
      resolve({ code, output });
    });
  });
}

interface Verdict {
  /** In how many of the rounds it was noticed. */
  readonly killed: number;
  readonly how: string;
}

/** A test that hangs is stopped as soon as it takes longer than the whole of a good run, and has noticed. */
async function judge(tree: CopiedTree, mutant: Mutant, options: Options): Promise<Verdict> {
  const { killer } = mutant;
  if (killer.type === 'simulation') {
    return tree.with(mutant, () => bySimulation(tree.root, killer, options));
  }
  const limitMs = await limitOf(tree.root, killer);
  return tree.with(mutant, () => byTest(tree.root, killer, { ...options, limitMs }));
}

async function bySimulation(
  root: string,
  { needs }: Extract<Killer, { type: 'simulation' }>,
  { rounds, runs, seed }: Options,
): Promise<Verdict> {
  const args = ['--import', 'tsx', 'scripts/mutants/rounds.ts', rounds, runs, seed].map(String);
  if (needs) args.push(needs);
  const { code, output } = await run(root, process.execPath, args);
  if (!output.includes('started\n'))
    return { killed: 0, how: `it does not run: ${output.slice(-300)}` };
  const lines = output.split('\n').filter((line) => /^(killed|survived) /.test(line));
  const survived = lines.filter((line) => line.startsWith('survived'));
  // a round that did not come to its end hung, or brought the process down
  const killed = rounds - survived.length;
  const last = survived[0] ?? lines[0] ?? `ended with ${code}: ${output.slice(-300)}`;
  return { killed, how: last };
}

type TestEnd =
  | { readonly type: 'passed' | 'failed' }
  | { readonly type: 'did-not-run'; readonly output: string };

/** @param limitMs after which the test is stopped as one that hangs */
async function runTest(
  root: string,
  { file, name }: Extract<Killer, { type: 'test' }>,
  limitMs: number,
): Promise<TestEnd> {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const limits = [`--testTimeout=${limitMs}`, `--hookTimeout=${limitMs}`];
  const args = ['vitest', 'run', '--project', 'unit', file, '-t', pattern, ...limits];
  const { code, output } = await run(root, 'npx', args);
  if (/1 failed/.test(output)) return { type: 'failed' };
  const passed = /\d+ passed/.test(output) && code === 0;
  return passed ? { type: 'passed' } : { type: 'did-not-run', output: output.slice(-300) };
}

/** What a test takes at most that has nothing to notice: measured, for a machine may be busy. */
async function limitOf(root: string, killer: Extract<Killer, { type: 'test' }>): Promise<number> {
  const began = performance.now();
  const ended = await runTest(root, killer, 60_000);
  if (ended.type !== 'passed') throw new Error(`${killer.name} fails without any mutant`);
  return Math.max(3_000, Math.round(performance.now() - began)); // it has started a runner, too
}

async function byTest(
  root: string,
  killer: Extract<Killer, { type: 'test' }>,
  { rounds, limitMs }: Options & { readonly limitMs: number },
): Promise<Verdict> {
  let killed = 0;
  for (let i = 0; i < rounds; i++) {
    const ended = await runTest(root, killer, limitMs);
    if (ended.type === 'failed') killed += 1;
    if (ended.type === 'did-not-run') {
      return { killed: 0, how: `the test did not run: ${ended.output}` };
    }
  }
  return { killed, how: `${killer.file}: ${killer.name}` };
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '1000' },
      workers: { type: 'string', default: '2' },
    },
  });
  const options = {
    rounds: Number(values.rounds),
    runs: Number(values.runs),
    seed: Number(values.seed),
  };
  const waiting = MUTANTS.filter(({ name }) => name.includes(values.only));
  let killed = 0;
  let survived = 0;
  const work = async (): Promise<void> => {
    const tree = new CopiedTree(ROOT);
    try {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const { name } = mutant;
        const verdict = await judge(tree, mutant, options);
        const good = verdict.killed === options.rounds;
        if (good) killed += 1;
        else survived += 1;
        say(
          `${good ? 'killed  ' : 'SURVIVED'} ${verdict.killed} of ${options.rounds}  ${name}\n    ${verdict.how}`,
        );
      }
    } finally {
      tree.remove();
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  say(`${killed} killed, ${survived} survived`);
  return survived === 0 && killed > 0;
}

process.exitCode = (await main()) ? 0 : 1;
