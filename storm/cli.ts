//   npm run storm -- [options]: see --help
import { storm } from './command.ts';

const { stdout, stderr } = process;
process.exitCode = await storm(process.argv.slice(2), {
  line: (text) => void stdout.write(`${text}\n`),
  progress: (text) => void stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : text && `${text}\n`),
});
