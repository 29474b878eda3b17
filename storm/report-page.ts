/** Pages that open from disk: scripts, styles and plots are in them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Lines over one axis. */
export interface Plot {
  readonly at: readonly number[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/**
 * @param body HTML, with a `<div id=…>` for every plot
 * @param data what `script` finds as `data`: its `marks` are drawn into every plot
 * @param script calls of `plot(id, plot, scale, label)`
 */
export function pageOf(title: string, body: string, data: object, script: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(title)}</title>
<style>${uplot('uPlot.min.css')}${STYLE}</style>
<h1>${text(title)}</h1>
${body}
<script>${uplot('uPlot.iife.min.js')}</script>
<script>const data = ${JSON.stringify(data).replaceAll('<', '\\u003c')};${PLOT}${script}</script>
</html>
`;
}

export const text = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const uplot = (file: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${file}`), 'utf8');

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; background: light-dark(#f7f9f7, #101d22); color: light-dark(#12262b, #e3eded); }
h1 { font-size: 1.75rem; } h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; } th, td { padding: .25rem 1rem .25rem 0; text-align: start; font-weight: 400; font-variant-numeric: tabular-nums; }
.verdict { font-size: 1.25rem; font-weight: 700; } .met td:last-child, .verdict.met { color: light-dark(#0a5f6e, #74c9cf); }
.missed td:last-child, .verdict.missed { color: light-dark(#97291c, #ff9f8e); font-weight: 700; }
.u-legend { font-size: .75rem; text-align: start; }`;

const PLOT = `
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
const ink = dark ? '#a1b4b6' : '#47595d', grid = dark ? '#22353b' : '#cfdbd7';
const colours = ['#0a8fa3', '#c07a12', '#8a5bb5', '#2f8f4e', '#b5483a', '#5b74b5', '#9a8b1f', '#b55b93', '#4a7a7a', '#7a5a3a'];
const marks = (u) => {
  u.ctx.save(); u.ctx.fillStyle = ink; u.ctx.font = '11px system-ui';
  for (const { at, what } of data.marks) {
    const x = u.valToPos(at / 1000, 'x', true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
    u.ctx.fillRect(x, u.bbox.top, 1, u.bbox.height);
    u.ctx.save(); u.ctx.translate(x + 3, u.bbox.top + 2); u.ctx.rotate(Math.PI / 2); u.ctx.fillText(what, 0, 0); u.ctx.restore();
  }
  u.ctx.restore();
};
const plot = (id, { at, lines }, scale, unit) => {
  const box = document.getElementById(id);
  if (at.length === 0) { box.textContent = 'none'; return; }
  new uPlot({
    width: Math.min(1000, document.body.clientWidth - 32), height: 280,
    scales: { x: { time: false } },
    axes: [{ stroke: ink, grid: { stroke: grid }, label: unit, labelSize: 20 }, { stroke: ink, grid: { stroke: grid }, size: 60 }],
    series: [{}, ...lines.map(({ name }, i) => ({ label: name, stroke: colours[i % colours.length], width: 1.5, points: { show: at.length < 40 }, spanGaps: true }))],
    hooks: { draw: [marks] },
  }, [at, ...lines.map(({ values }) => values.map((value) => value === null ? null : value / scale))], box);
};`;
