import { CommandError, misuse } from './command-error.ts';
import { doctor } from './doctor.ts';
import { generalHelp } from './help.ts';
import type { Output } from './output.ts';
import { seed } from './seed.ts';
import { serve } from './serve.ts';

/**
 * Runs one command.
 *
 * @param stop ends a command that would go on
 * @returns the exit code: 0, done; 1, it failed, or the doctor has found something; 2, it made no sense
 */
export async function weir(
  args: readonly string[],
  output: Output,
  stop: AbortSignal,
): Promise<0 | 1 | 2> {
  try {
    return (await run(args, output, stop)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    output.error(`weir: ${error.message}`);
    return error.exitCode;
  }
}

async function run(
  [command, ...args]: readonly string[],
  output: Output,
  stop: AbortSignal,
): Promise<boolean> {
  switch (command) {
    case 'serve':
      await serve(args, output, stop);
      return true;
    case 'seed':
      await seed(args, output);
      return true;
    case 'doctor':
      return doctor(args, output);
    case 'storm':
      return stormy(args, output);
    case 'help':
    case '--help':
    case '-h':
      output.line(generalHelp());
      return true;
    case undefined:
      throw misuse(
        'say what to do: weir serve, weir seed FILE, weir doctor, or weir storm (weir --help explains)',
      );
    default:
      throw misuse(
        `"${command}" is no command: there are serve, seed, doctor and storm (weir --help explains)`,
      );
  }
}

/** The lab drives a browser: whoever only serves never loads it. */
async function stormy(args: readonly string[], output: Output): Promise<boolean> {
  const { storm } = await import('../../storm/command.ts');
  try {
    return await storm(args, output);
  } catch (error) {
    throw misuse((error as Error).message);
  }
}
