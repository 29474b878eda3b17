import { CommandError, misuse } from './command-error.ts';
import { generalHelp } from './help.ts';
import type { Output } from './output.ts';
import { seed } from './seed.ts';
import { serve } from './serve.ts';

/**
 * Runs one command.
 *
 * @param stop ends a command that would go on
 * @returns the exit code: 0, done; 1, it failed; 2, it made no sense
 */
export async function weir(
  args: readonly string[],
  output: Output,
  stop: AbortSignal,
): Promise<0 | 1 | 2> {
  try {
    await run(args, output, stop);
    return 0;
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
): Promise<void> {
  switch (command) {
    case 'serve':
      return serve(args, output, stop);
    case 'seed':
      return seed(args, output);
    case 'help':
    case '--help':
    case '-h':
      return output.line(generalHelp());
    case undefined:
      throw misuse('say what to do: weir serve, or weir seed FILE (weir --help explains)');
    default:
      throw misuse(`"${command}" is no command: there are serve and seed (weir --help explains)`);
  }
}
