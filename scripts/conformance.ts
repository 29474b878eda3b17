// Runs recorded vectors against what Weir has.
//   npm run -s conformance -- [--delegate FILE.wasm] FILE...
// A file is JSON, or JSON gzipped; which form it has is told by what is in it.
import { parseArgs } from 'node:util';
import { BadFile } from './conformance/json.ts';
import type { Report, RunOptions } from './conformance/runner.ts';
import { runners } from './conformance/runners.ts';
import { readVectorFile } from './conformance/vector-file.ts';

const USAGE = 'usage: npm run -s conformance -- [--delegate FILE.wasm] FILE...';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what did not pass and counts. */
class Tally implements Report {
  passed = 0;
  failed = 0;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  pass(): void {
    this.passed++;
  }

  fail(name: string, why: string): void {
    this.failed++;
    say(`failed: ${this.#file}: ${name}: ${why}`);
  }

  notCovered(name: string): void {
    say(`not covered: ${name}`);
  }
}

async function runFile(path: string, options: RunOptions): Promise<Tally> {
  const tally = new Tally(path);
  try {
    const file = readVectorFile(path);
    const known = runners(options);
    const runner = known.find((one) => one.matches(file));
    if (!runner) {
      throw new BadFile(
        '',
        `none of the known forms (${known.map(({ form }) => form).join(', ')})`,
      );
    }
    await runner.run(file, tally);
  } catch (error) {
    tally.fail('the file', error instanceof Error ? error.message : String(error));
  }
  return tally;
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { delegate: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error(USAGE);
  const options: RunOptions = values.delegate === undefined ? {} : { delegate: values.delegate };
  let passed = 0;
  let failed = 0;
  for (const path of positionals) {
    const tally = await runFile(path, options);
    passed += tally.passed;
    failed += tally.failed;
  }
  say(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
