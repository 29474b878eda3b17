import { parseArgs } from 'node:util';

/**
 * Counts from the command line, `--name N`; what is not given has its default.
 *
 * @throws Error in words for whoever typed it
 */
export function readCounts<const K extends string>(
  args: readonly string[],
  defaults: Readonly<Record<K, number>>,
): Record<K, number> {
  const names = Object.keys(defaults) as K[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const counts: Record<K, number> = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (typeof text !== 'string') continue;
    if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} ${text}: it is no count`);
    counts[name] = Number(text);
  }
  return counts;
}

/** Runs a command's work; whatever it throws is one line and exit code 1. */
export async function command(work: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await work()) ? 0 : 1;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
