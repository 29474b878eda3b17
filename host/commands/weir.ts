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
    case 'help':
    case '--help':
    case '-h':
      output.line(generalHelp());
      return true;
    case undefined:
      throw misuse('say what to do: weir serve, weir seed FILE, or weir doctor (weir --help explains)');
    default:
      throw misuse(
        `"${command}" is no command: there are serve, seed and doctor (weir --help explains)`,
      );
  }
}
