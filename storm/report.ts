/** The storm as figures for machines, and as a page for people that opens from disk. */
import type { SaveDecoder } from './decoders.ts';
import type { StormOptions } from './options.ts';
import { pageOf, text, type Plot } from './report-page.ts';
import { bytesOf, type Measured } from './storm.ts';
import type { Budget } from './verdict.ts';

export interface StormReport {
  readonly app: string;
  readonly at: string;
  readonly options: StormOptions;
  readonly counted: string;
  readonly verdict: 'within the budgets' | 'beyond the budgets';
  readonly budgets: readonly Budget[];
  /** Iterations that saved something, where the app is known from inside; else saves as they went out. */
  readonly saves: number;
  /** Requests that stored something, as the node counted them, or as they went out. */
  readonly requests: number;
  /** Bytes of all requests to the delegate, or of all that was sent. */
  readonly bytesSent: number;
  readonly bytesChanged: number | null;
  readonly peakBytes: number;
  readonly settledBytes: number;
  readonly keptBytes: Measured['keptBytes'];
  readonly lost: number | null;
  readonly accepted: number | null;
  readonly seconds: number;
  readonly reloads: number;
  readonly kills: Measured['kills'];
  /** Milliseconds until a tab could be used. */
  readonly ready: {
    readonly median: number | null;
    readonly p95: number | null;
    readonly never: number;
  };
  readonly failures: readonly string[];
  readonly series: Pick<Measured, 'memory' | 'marks'> & {
    readonly saves: Measured['saves'];
    readonly ready: Measured['ready'];
  };
}

export function reportOf(
  app: string,
  at: string,
  options: StormOptions,
  decoder: SaveDecoder,
  measured: Measured,
  budgets: readonly Budget[],
): StormReport {
  const { inside, saves, memory, marks, ready } = measured;
  const known = ready.filter((each) => each !== undefined).toSorted((a, b) => a - b);
  return {
    app,
    at,
    options,
    counted: decoder.counts,
    verdict: budgets.every(({ isMet }) => isMet) ? 'within the budgets' : 'beyond the budgets',
    budgets,
    saves: inside?.iterations ?? saves.length,
    requests: inside?.storeRequests ?? saves.length,
    bytesSent: inside?.requestBytes ?? measured.bytesSent,
    bytesChanged: inside?.bytesChanged ?? null,
    peakBytes: measured.peakBytes,
    settledBytes: measured.settledBytes,
    keptBytes: measured.keptBytes,
    lost: inside?.lost ?? null,
    accepted: inside?.accepted ?? null,
    seconds: Math.round(measured.seconds),
    reloads: measured.reloads,
    kills: measured.kills,
    ready: {
      median: quantile(known, 0.5),
      p95: quantile(known, 0.95),
      never: ready.length - known.length,
    },
    failures: measured.failures,
    series: { memory, marks, saves, ready },
  };
}

const quantile = (sorted: readonly number[], share: number): number | null => {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? null : Math.round(value);
};

/** What a terminal is told at the end. */
export function summary(report: StormReport): string {
  const { budgets, saves, requests, bytesSent, peakBytes, settledBytes, ready } = report;
  const width = Math.max(...budgets.map(({ what }) => what.length));
  return [
    `${report.app}: ${report.reloads} reloads in ${report.seconds} s, ${saves} saves in ${requests} requests, ${mib(bytesSent)} MiB sent`,
    `memory: ${mib(peakBytes)} MiB at most, ${mib(settledBytes)} MiB settled; ready after ${ready.median ?? '–'} ms (p95 ${ready.p95 ?? '–'})`,
    ...budgets.map(
      ({ what, measured, allowed, isMet }) =>
        `  ${isMet ? 'ok ' : 'NOT'} ${what.padEnd(width)}  ${measured} (${allowed})`,
    ),
    ...report.failures.slice(0, 5).map((each) => `  failure: ${each.split('\n')[0] ?? ''}`),
    `verdict: ${report.verdict}`,
  ].join('\n');
}

const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

/** A page of its own: scripts and styles are in it. */
export function htmlReport(report: StormReport): string {
  const { series } = report;
  const heaps = [...new Set(series.memory.flatMap(({ heaps }) => Object.keys(heaps)))];
  const plots = {
    memory: {
      at: series.memory.map(({ at }) => at / 1000),
      lines: [
        {
          name: 'renderer processes',
          values: series.memory.map((each) => each.renderers ?? bytesOf(each)),
        },
        ...heaps.map((name) => ({
          name: `heap of ${name}`,
          values: series.memory.map(({ heaps }) => heaps[name] ?? null),
        })),
      ],
    },
    saves: cumulative(series.saves, () => 1),
    bytes: cumulative(series.saves, ({ bytes }) => bytes),
    ready: series.ready.map((at) => at ?? null),
    marks: series.marks,
  };
  const rows = report.budgets
    .map(
      ({ what, measured, allowed, isMet }) =>
        `<tr class="${isMet ? 'met' : 'missed'}"><th scope="row">${text(what)}</th><td>${text(measured)}</td><td>${text(allowed)}</td><td>${isMet ? 'ok' : 'not met'}</td></tr>`,
    )
    .join('');
  const command = Object.entries(report.options)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  const body = `<p class="verdict ${report.verdict === 'within the budgets' ? 'met' : 'missed'}">${text(report.verdict)}</p>
<p>${text(report.at)} · ${text(command)} · a save is: ${text(report.counted)}</p>
<table><thead><tr><th scope="col">What</th><th scope="col">Measured</th><th scope="col">Budget</th><th></th></tr></thead><tbody>${rows}</tbody></table>
<p>${report.saves} saves in ${report.requests} requests, ${mib(report.bytesSent)} MiB sent; memory ${mib(report.peakBytes)} MiB at most, ${mib(report.settledBytes)} MiB settled.</p>
<h2>Memory over time, MiB</h2><div id="memory"></div>
<h2>Saves so far, as they went out</h2><div id="saves"></div>
<h2>Bytes of saves so far, MiB</h2><div id="bytes"></div>
<h2>Milliseconds until a tab could be used, one opening after another</h2><div id="ready"></div>`;
  return pageOf(`Storm: ${report.app}`, body, plots, SCRIPT);
}

function cumulative(
  saves: Measured['saves'],
  weight: (save: Measured['saves'][number]) => number,
): Plot {
  let sum = 0;
  const values = saves.map((save) => (sum += weight(save)));
  return { at: saves.map(({ at }) => at / 1000), lines: [{ name: 'so far', values }] };
}

const SCRIPT = `
plot('memory', data.memory, 1048576, 'seconds');
plot('saves', data.saves, 1, 'seconds');
plot('bytes', data.bytes, 1048576, 'seconds');
data.marks = [];
plot('ready', { at: data.ready.map((_, i) => i + 1), lines: [{ name: 'ms', values: data.ready }] }, 1, 'openings and reloads');`;
