/** `weir COMMAND`: see `commands/help.ts`. Exit code 0: done; 1: it failed; 2: it made no sense. */
import { CommandError, misuse } from './commands/command-error.ts';
import { generalHelp } from './commands/help.ts';
import { processOutput as output } from './commands/output.ts';
import { seed } from './commands/seed.ts';
import { serve } from './commands/serve.ts';

async function run([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case 'serve':
      return serve(args, output, stopSignal());
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

/** Aborts at Ctrl-C or SIGTERM. Listens on: npm passes a Ctrl-C on, which the terminal has sent to both already. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  output.error(`weir: ${error.message}`);
  process.exitCode = error.exitCode;
}
