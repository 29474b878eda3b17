/** `weir storm`, and `npm run storm`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Output } from '../host/commands/output.ts';
import { decoderNamed } from './decoders.ts';
import { HELP, readOptions, type StormOptions } from './options.ts';
import { htmlReport, reportOf, summary } from './report.ts';
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
    const report = reportOf(subject.name, at, options, decoder, measured, budgets);
    output.progress?.('');
    output.line(summary(report));
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
    }
    if (options.report !== undefined) writeFileSync(options.report, htmlReport(report));
    return report.verdict === 'within the budgets';
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
