//   npm run storm -- [options]: see --help
import { processOutput } from '../host/commands/output.ts';
import { storm } from './command.ts';

try {
  process.exitCode = (await storm(process.argv.slice(2), processOutput)) ? 0 : 1;
} catch (error) {
  processOutput.progress?.('');
  processOutput.error(`storm: ${(error as Error).message}`);
  process.exitCode = 2;
}
