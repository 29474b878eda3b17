/** `weir storm`, and `npm run storm`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Output } from '../host/commands/output.ts';
import { decoderNamed } from './decoders.ts';
import { unreachable } from '../src/shared/result.ts';
import { growthOf, growthPage, growthSummary, type Grown } from './growth.ts';
import { HELP, readOptions, type StormOptions } from './options.ts';
import { htmlReport, reportOf, summary, type StormReport } from './report.ts';
import { Storm } from './storm.ts';
import type { Subject } from './subject.ts';
import { verdictOn } from './verdict.ts';

/**
 * @returns whether what was measured is within the budgets
 * @throws Error in words when it could not run
 */
export async function storm(
  args: readonly string[],
  output: Pick<Output, 'line' | 'progress'>,
): Promise<boolean> {
  const options = readOptions(args);
  if (options === 'help') {
    output.line(HELP);
    return true;
  }
  const { grow } = options;
  if (!grow) {
    const report = await stormOnce(options, output);
    output.line(summary(report));
    keep(options, report, htmlReport);
    return report.verdict === 'within the budgets';
  }
  const steps: StormReport[] = [];
  for (const size of grow.sizes) {
    output.progress?.(`${grow.what}: ${size}`);
    // one after another: each is to have the machine for itself
    steps.push(await stormOnce({ ...options, ...sized(grow.what, size) }, output));
  }
  const growth = growthOf(grow, steps);
  output.line(growthSummary(growth));
  keep(options, growth, growthPage);
  return growth.verdict === 'within the budgets';
}

function sized(what: Grown, size: number): Partial<StormOptions> {
  switch (what) {
    case 'rooms':
      return { rooms: size };
    case 'room-kib':
      return { roomKib: size };
    case 'tabs':
      return { tabs: size };
    default:
      return unreachable(what);
  }
}

function keep<T extends object>(
  { json, report: page }: StormOptions,
  report: T,
  pageOf: (report: T) => string,
): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 1)}\n`);
  if (page !== undefined) writeFileSync(page, pageOf(report));
}

async function stormOnce(
  options: StormOptions,
  output: Pick<Output, 'progress'>,
): Promise<StormReport> {
  const decoder = await decoderNamed(
    options.saves,
    async (path) => (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown },
  );
  const tell = (line: string): void => output.progress?.(line);
  const subject = await subjectOf(options, tell);
  try {
    const measured = await new Storm(options, subject, decoder, tell).run();
    const budgets = verdictOn(measured, options.url === undefined);
    const at = new Date().toISOString();
    output.progress?.('');
    return reportOf(subject.name, at, options, decoder, measured, budgets);
  } finally {
    await subject.close();
  }
}

async function subjectOf(options: StormOptions, tell: (line: string) => void): Promise<Subject> {
  const { url, ready, readyCount } = options;
  if (url === undefined) {
    const { weirSubject } = await import('./weir/subject.ts');
    return weirSubject(options, tell);
  }
  return {
    name: url,
    url,
    readiness: { count: readyCount, ...(ready !== undefined && { selector: ready }) },
    close: () => Promise.resolve(),
  };
}
