/** How what a storm costs grows with the number of rooms, their size, or the number of tabs. */
import { pageOf, text } from './report-page.ts';
import type { StormReport } from './report.ts';

/** What of the storm becomes larger from step to step. */
export type Grown = 'rooms' | 'room-kib' | 'tabs';
export const GROWN: readonly Grown[] = ['rooms', 'room-kib', 'tabs'];

export interface Growth {
  readonly what: Grown;
  readonly sizes: readonly number[];
}

/** A cost over the sizes: about size to the power of `exponent`. */
export interface Curve {
  readonly what: string;
  readonly values: readonly (number | null)[];
  /** 1: linear. Undefined where it costs nothing, or there are not two sizes to compare. */
  readonly exponent: number | undefined;
  readonly isMet: boolean;
}

export interface GrowthReport {
  readonly grown: Grown;
  readonly sizes: readonly number[];
  readonly verdict: StormReport['verdict'];
  readonly curves: readonly Curve[];
  readonly steps: readonly StormReport[];
}

/** What is linear on a machine that has other things to do, too. */
const LINEAR = 1.1;

const COSTS: readonly (readonly [string, (report: StormReport) => number | null])[] = [
  ['saves', ({ saves }) => saves],
  ['store requests', ({ requests }) => requests],
  ['KiB sent', ({ bytesSent }) => bytesSent / 1024],
  ['MiB at most', ({ peakBytes }) => peakBytes / 1_048_576],
  ['MiB kept', ({ keptBytes }) => keptBytes.after / 1_048_576],
  ['ms until usable', ({ ready }) => ready.median],
];

/** @param steps one storm for each size, in their order */
export function growthOf({ what, sizes }: Growth, steps: readonly StormReport[]): GrowthReport {
  const curves = COSTS.map(([cost, of]): Curve => {
    const values = steps.map(of);
    const exponent = exponentOf(sizes, values);
    return { what: cost, values, exponent, isMet: exponent === undefined || exponent <= LINEAR };
  });
  const isWithin =
    curves.every(({ isMet }) => isMet) &&
    steps.every(({ verdict }) => verdict === 'within the budgets');
  const verdict = isWithin ? 'within the budgets' : 'beyond the budgets';
  return { grown: what, sizes, verdict, curves, steps };
}

/** The slope of the straight line through the logarithms that is the nearest to them. */
export function exponentOf(
  sizes: readonly number[],
  values: readonly (number | null)[],
): number | undefined {
  const points = sizes.flatMap((size, i) => {
    const value = values[i] ?? 0;
    return size > 0 && value > 0 ? [[Math.log(size), Math.log(value)] as const] : [];
  });
  const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, at]) => at))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  if (points.length < 2 || spread === 0) return undefined;
  return points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
}

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '–'
    : value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0);

const exponentShown = (exponent: number | undefined): string =>
  exponent === undefined ? '–' : exponent.toFixed(2);

/** What a terminal is told at the end: a table of Markdown and the verdict. */
export function growthSummary({ grown, sizes, curves, steps, verdict }: GrowthReport): string {
  const rows = sizes.map(
    (size, i) => `| ${size} | ${curves.map(({ values }) => shown(values[i])).join(' | ')} |`,
  );
  const exponents = curves.map(({ exponent }) => exponentShown(exponent));
  return [
    `| ${grown} | ${curves.map(({ what }) => what).join(' | ')} |`,
    `|${'---|'.repeat(curves.length + 1)}`,
    ...rows,
    `| grows with the power | ${exponents.join(' | ')} |`,
    '',
    ...steps.flatMap(({ budgets }, i) =>
      budgets
        .filter(({ isMet }) => !isMet)
        .map(
          ({ what, measured, allowed }) => `NOT at ${sizes[i]}: ${what} ${measured} (${allowed})`,
        ),
    ),
    ...curves
      .filter(({ isMet }) => !isMet)
      .map(({ what, exponent }) => `NOT: ${what} grow with the power ${exponentShown(exponent)}`),
    `verdict: ${verdict}`,
  ].join('\n');
}

/** A page of its own with a plot for each cost. */
export function growthPage(report: GrowthReport): string {
  const { grown, sizes, curves, verdict } = report;
  const rows = curves
    .map(
      ({ what, values, exponent, isMet }) =>
        `<tr class="${isMet ? 'met' : 'missed'}"><th scope="row">${text(what)}</th>${values.map((value) => `<td>${shown(value)}</td>`).join('')}<td>${exponentShown(exponent)}</td><td>${isMet ? 'ok' : 'worse than linear'}</td></tr>`,
    )
    .join('');
  const heads = sizes.map((size) => `<th scope="col">${size}</th>`).join('');
  const body = `<p class="verdict ${verdict === 'within the budgets' ? 'met' : 'missed'}">${text(verdict)}</p>
<table><thead><tr><th scope="col">${text(grown)}</th>${heads}<th scope="col">power</th><th></th></tr></thead><tbody>${rows}</tbody></table>
${curves.map(({ what }, i) => `<h2>${text(what)}</h2><div id="curve${i}"></div>`).join('\n')}`;
  const data = {
    marks: [],
    unit: grown,
    curves: curves.map(({ what, values }) => ({ at: sizes, lines: [{ name: what, values }] })),
  };
  const script = `data.curves.forEach((curve, i) => plot('curve' + i, curve, 1, data.unit));`;
  return pageOf(`Growth with ${grown}`, body, data, script);
}
