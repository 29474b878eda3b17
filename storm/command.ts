/** `weir storm`, and `npm run storm`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decoderNamed } from './decoders.ts';
import { HELP, readOptions, type StormOptions } from './options.ts';
import { htmlReport, reportOf, summary } from './report.ts';
import { Storm } from './storm.ts';
import type { Subject } from './subject.ts';
import { verdictOn } from './verdict.ts';

export interface StormOutput {
  line(text: string): void;
  /** Says how far it is, in place of what it said before. */
  progress(text: string): void;
}

/** @returns the exit code: 0, within the budgets; 1, not; 2, it could not run */
export async function storm(args: readonly string[], output: StormOutput): Promise<0 | 1 | 2> {
  let subject: Subject | undefined;
  try {
    const options = readOptions(args);
    if (options === 'help') {
      output.line(HELP);
      return 0;
    }
    const decoder = await decoderNamed(
      options.saves,
      async (path) => (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown },
    );
    subject = await subjectOf(options, (line) => output.progress(line));
    const run = new Storm(options, subject, decoder, (line) => output.progress(line));
    const measured = await run.run();
    const budgets = verdictOn(measured, options.url === undefined);
    const at = new Date().toISOString();
    const report = reportOf(subject.name, at, options, decoder, measured, budgets);
    output.progress('');
    output.line(summary(report));
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
    if (options.report !== undefined) writeFileSync(options.report, htmlReport(report));
    return report.verdict === 'within the budgets' ? 0 : 1;
  } catch (error) {
    output.progress('');
    output.line(`storm: ${(error as Error).message}`);
    return 2;
  } finally {
    await subject?.close();
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
