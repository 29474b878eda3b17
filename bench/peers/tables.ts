/** The rounds of a run as tables: Markdown, which is read in a terminal as well. */
import { spreadOf } from '../measure.ts';
import type { Figures } from './workload.ts';

/** All rounds of one workload, by subject. */
export interface Rounds {
  readonly workload: string;
  readonly about: string;
  readonly columns: readonly Column[];
  readonly subjects: readonly { readonly title: string; readonly rounds: readonly Figures[] }[];
}

export interface Column {
  readonly figure: string;
  readonly heading: string;
  readonly unit: 'ms' | 'bytes' | 'count';
  /** The column is followed by the ratio to the first subject. */
  readonly ratio?: true;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

export function sizeOf(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

const WRITTEN = {
  ms: (value: number) => value.toFixed(0),
  bytes: sizeOf,
  count: (value: number) => (Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)),
} as const;

/** The rounds that have the figure. */
const valuesOf = (figure: string, rounds: readonly Figures[]): readonly number[] =>
  rounds.map((each) => each[figure] ?? null).filter((value) => value !== null);

/** Median, and where they differ the least and the most; how many rounds, where not all have it; a dash where none has. */
export function cellOf({ figure, unit }: Column, rounds: readonly Figures[]): string {
  const values = valuesOf(figure, rounds);
  if (values.length === 0) return '–';
  const { median, least, most } = spreadOf(values);
  const write = WRITTEN[unit];
  const range = write(least) === write(most) ? '' : ` (${write(least)}–${write(most)})`;
  const some = values.length < rounds.length ? `, ${values.length} of ${rounds.length}` : '';
  return `${write(median)}${range}${some}`;
}

/** Of medians; a dash where either has none, or the first is zero. */
export function ratioOf(
  { figure }: Column,
  rounds: readonly Figures[],
  first: readonly Figures[],
): string {
  const [own, to] = [valuesOf(figure, rounds), valuesOf(figure, first)];
  if (own.length === 0 || to.length === 0) return '–';
  const [above, below] = [spreadOf(own).median, spreadOf(to).median];
  if (below === 0) return '–';
  const ratio = above / below;
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function tableOf({ workload, about, columns, subjects }: Rounds): string {
  const first = subjects[0]?.rounds ?? [];
  const headings = columns.flatMap(({ heading, ratio }) => (ratio ? [heading, '÷'] : [heading]));
  const lines = subjects.map(({ title, rounds }) =>
    line([
      title,
      ...columns.flatMap((column) => [
        cellOf(column, rounds),
        ...(column.ratio ? [ratioOf(column, rounds, first)] : []),
      ]),
    ]),
  );
  return [
    `${workload}: ${about}`,
    '',
    line(['', ...headings]),
    `|${'---|'.repeat(headings.length + 1)}`,
    ...lines,
  ].join('\n');
}
