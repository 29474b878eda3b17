import { parseArgs } from 'node:util';
import { BadFile } from './json.ts';
import type { Report, RunOptions } from './runner.ts';
import { runners } from './runners.ts';
import { readVectorFile } from './vector-file.ts';

const USAGE =
  'usage: npm run -s conformance -- [--delegate FILE.wasm] [--over-websocket [--contract FILE.wasm]] FILE...';

type Say = (line: string) => void;

/** Says what did not pass and counts. */
class Tally implements Report {
  passed = 0;
  failed = 0;
  readonly #file: string;
  readonly #say: Say;

  constructor(file: string, say: Say) {
    this.#file = file;
    this.#say = say;
  }

  pass(): void {
    this.passed++;
  }

  fail(name: string, why: string): void {
    this.failed++;
    this.#say(`failed: ${this.#file}: ${name}: ${why}`);
  }

  notCovered(name: string): void {
    this.#say(`not covered: ${name}`);
  }
}

async function runFile(path: string, options: RunOptions, say: Say): Promise<Tally> {
  const tally = new Tally(path, say);
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

interface Arguments {
  readonly files: readonly string[];
  readonly options: RunOptions;
}

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals: files } = parseArgs({
    args: [...args],
    options: {
      delegate: { type: 'string' },
      contract: { type: 'string' },
      'over-websocket': { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (files.length === 0) throw new Error('no file given');
  const { delegate, contract, 'over-websocket': overWebsocket = false } = values;
  if (contract !== undefined && !overWebsocket)
    throw new Error('--contract is for --over-websocket');
  return {
    files,
    options: {
      overWebsocket,
      ...(delegate !== undefined && { delegate }),
      ...(contract !== undefined && { contract }),
    },
  };
}

/**
 * Runs files of recorded vectors.
 *
 * @param say takes the lines of the output, the last one `N passed, N failed`
 * @returns whether all passed
 */
export async function runConformance(args: readonly string[], say: Say): Promise<boolean> {
  let given: Arguments;
  try {
    given = readArguments(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return false;
  }
  let passed = 0;
  let failed = 0;
  for (const path of given.files) {
    const tally = await runFile(path, given.options, say);
    passed += tally.passed;
    failed += tally.failed;
  }
  say(`${passed} passed, ${failed} failed`);
  return failed === 0;
}
