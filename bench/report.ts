import { cpus, loadavg, totalmem } from 'node:os';
import type { Allocated } from './allocations.ts';
import type { Measured, Spread } from './measure.ts';
import type { RiverContract } from './room/river.ts';

/** One row of results. */
export interface Result {
  readonly group: string;
  readonly what: string;
  readonly river?: Measured & { readonly call: string };
  readonly weir: Measured & { readonly call: string };
  readonly weirAllocates: Allocated;
}

export interface SuiteResult {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly Result[];
}

/** What the numbers depend on. */
export interface Surroundings {
  readonly node: string;
  readonly v8: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGb: number;
  /** Of the last minute: above the number of CPUs others were waiting too. */
  readonly load: number;
  readonly riverContract?: { readonly bytes: number; readonly codeHash: string };
  readonly rounds: number;
}

export const surroundings = (rounds: number, river: RiverContract | undefined): Surroundings => ({
  node: process.version,
  v8: process.versions.v8,
  cpu: cpus()[0]?.model ?? 'unknown',
  cpus: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  load: Number((loadavg()[0] ?? 0).toFixed(1)),
  ...(river && { riverContract: { bytes: river.bytes, codeHash: river.codeHash } }),
  rounds,
});

/** Milliseconds with three digits that mean something. */
const ms = (value: number): string =>
  value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(3);

const spread = ({ median, least, most }: Spread): string =>
  `${ms(median)} (${ms(least)}-${ms(most)})`;

const UNITS = ['B', 'KiB', 'MiB'] as const;

function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

const ratio = (weir: Spread, river: Spread): string => (weir.median / river.median).toFixed(2);

function cellsOf({ what, river, weir, weirAllocates }: Result): string[] {
  const { heapBytes, bufferBytes, atLeast } = weirAllocates;
  return [
    `  ${what}`,
    river ? spread(river.wallMs) : '-',
    spread(weir.wallMs),
    river ? ratio(weir.wallMs, river.wallMs) : '-',
    river ? ms(river.cpuMs.median) : '-',
    ms(weir.cpuMs.median),
    river ? ratio(weir.cpuMs, river.cpuMs) : '-',
    size(heapBytes),
    `${atLeast ? '≥ ' : ''}${size(bufferBytes)}`,
  ];
}

const HEADINGS = [
  '',
  'River ms',
  'Weir ms',
  'ratio',
  'River CPU ms',
  'Weir CPU ms',
  'ratio',
  'Weir heap',
  'Weir buffers',
];

/** A table in columns; the first is aligned left. */
export function table({ rows }: SuiteResult): string {
  const lines: string[][] = [HEADINGS];
  let group = '';
  for (const row of rows) {
    if (row.group !== group) lines.push([(group = row.group)]);
    lines.push(cellsOf(row));
  }
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => (line.length === 1 ? 0 : (line[column]?.length ?? 0)))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What was run where, in one paragraph. */
export function header(suite: SuiteResult, where: Surroundings): string {
  const { node, v8, cpu, cpus: count, memoryGb, load, riverContract, rounds } = where;
  const river = riverContract
    ? `River's room contract: ${riverContract.bytes} bytes, ${riverContract.codeHash}`
    : 'without River: --river DIR names a checkout';
  return [
    `${suite.name}: ${suite.about}`,
    `${river}`,
    `Node ${node}, V8 ${v8}; ${count} × ${cpu}, ${memoryGb} GiB, load ${load}; ${rounds} rounds: median (least-most) per call`,
  ].join('\n');
}
