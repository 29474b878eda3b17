import { css, svg, html, type TemplateResult } from 'lit';

const STREAMS = 9;
const WIDTH = 1200;
const HEIGHT = 400;
const CREST_X = 0.52 * WIDTH;

/** Many streams come down to a weir and leave it as one even sheet: what Weir does with edits, behind an empty pane. */
export const scenery = (): TemplateResult =>
  html`<svg
    class="scenery"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="xMidYMid slice"
    aria-hidden="true"
  >
    ${Array.from({ length: STREAMS }, (_, n) => svg`<path d=${stream(n)} />`)}
  </svg>`;

/** From its own height on the left, over the crest, to a close and level place in the sheet. */
function stream(n: number): string {
  const from = 24 + n * 42;
  const to = 286 + n * 10;
  const start = CREST_X - 210 + n * 12;
  const end = CREST_X + 150 - n * 8;
  const middle = (start + end) / 2;
  return `M0 ${from}H${start}C${middle} ${from} ${middle} ${to} ${end} ${to}H${WIDTH}`;
}

export const sceneryStyles = css`
  .scenery {
    position: absolute;
    inset: auto 0 0;
    width: 100%;
    height: 46%;
    fill: none;
    stroke: var(--water);
    stroke-width: 1.5;
    opacity: 0.22;
    pointer-events: none;
  }
`;
