import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { misuse } from './command-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/**
 * The options and arguments of one command.
 *
 * @throws CommandError for an unknown option or a missing value
 */
export function parseOptions<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's messages go on with advice about its own API: the first sentence is what the person needs
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw misuse(`${sentence ?? 'bad options'} (see weir ${command} --help)`);
  }
}

/** @throws CommandError unless it is a port number, 0 to 65535 */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw misuse(`--port ${text}: a port is a number from 0 to 65535`);
  return port;
}
