/** `weir COMMAND`: see `commands/help.ts`. */
import { processOutput } from './commands/output.ts';
import { weir } from './commands/weir.ts';

// Listens on after the first: npm passes a Ctrl-C on, which the terminal has sent to both already.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

process.exitCode = await weir(process.argv.slice(2), processOutput, stop.signal);
