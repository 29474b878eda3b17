import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainReport, type Finding } from '../../src/shared/explain-report.ts';
import { decodeDoctorReport } from '../../src/shared/read-report.ts';
import { misuse } from './command-error.ts';
import { defaultDataDir } from './data-dir.ts';
import { explainHost, explainStore } from './doctor-findings.ts';
import { askHost } from './doctor-host.ts';
import { inspectStore } from './doctor-store.ts';
import { DEFAULT_PORT, doctorHelp } from './help.ts';
import { parseOptions } from './options.ts';
import type { Output } from './output.ts';

/** No app writes a larger one. */
const MAX_REPORT_BYTES = 16 * 1024 * 1024;

/**
 * Says how a node's data and a running host are, or what a report of the app means.
 *
 * @returns whether all of it is well
 * @throws CommandError
 */
export async function doctor(args: readonly string[], output: Output): Promise<boolean> {
  const { values, positionals } = parseOptions('doctor', args, {
    'data-dir': { type: 'string' },
    url: { type: 'string' },
    json: { type: 'boolean' },
    report: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    output.line(doctorHelp());
    return true;
  }
  if (positionals[0] !== undefined) {
    throw misuse(`doctor takes no argument "${positionals[0]}" (see weir doctor --help)`);
  }
  const { facts, findings } =
    values.report === undefined
      ? await examine(values['data-dir'], values.url)
      : readReport(values.report);
  if (values.json) output.line(JSON.stringify({ ...facts, findings }, null, 2));
  else for (const { level, sentence } of findings) output.line(`${MARKS[level]} ${sentence}`);
  return findings.every(({ level }) => level !== 'trouble');
}

const MARKS: Readonly<Record<Finding['level'], string>> = { trouble: '!', note: '-', fine: ' ' };

interface Examined {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

async function examine(dir: string | undefined, url: string | undefined): Promise<Examined> {
  const dataDir = resolve(dir ?? defaultDataDir());
  const address = parseUrl(url ?? `http://localhost:${DEFAULT_PORT}`);
  const [store, host] = [await inspectStore(dataDir), await askHost(address)];
  return {
    facts: {
      store: store.ok ? store.value : { reason: store.error },
      host: host ?? null,
    },
    findings: [...explainStore(store), ...explainHost(address.origin, host, url !== undefined)],
  };
}

function readReport(named: string): Examined {
  const file = resolve(named);
  let value: unknown;
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_REPORT_BYTES) throw misuse(`${file} is too long for a report`);
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw misuse(`${file} is no JSON: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw misuse(`--report ${file} can't be read (${code})`);
    throw error;
  }
  const report = decodeDoctorReport(value);
  if (!report.ok) {
    const { path, reason } = report.error;
    throw misuse(`${file} is no report of Weir: ${path === '' ? 'all of it' : path}: ${reason}`);
  }
  const { at, app } = report.value;
  const taken = `Weir ${app} has written this report at ${at}.`;
  return {
    facts: { report: report.value },
    findings: [{ level: 'fine', sentence: taken }, ...explainReport(report.value)],
  };
}

function parseUrl(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === 'http:') return url;
  }
  throw misuse(`--url ${text}: an address like http://localhost:${DEFAULT_PORT} is needed`);
}
