/**
 * The design tokens of the whole app, as custom properties on the document: they inherit through every shadow root.
 *
 * The palette is a river on a calm day: paper is mist, ink is wet slate, water is the accent; amber marks what waits behind
 * the wall, rust what was refused. Every text colour keeps 4.5:1 on every surface it is used on (checked with axe).
 */
const LIGHT = `
  --mist: #eef2f0;
  --bank: #e2eae7;
  --paper: #f7f9f7;
  --raised: #ffffff;
  --ink: #12262b;
  --ink-soft: #47595d;
  --line: #cfdbd7;
  --line-strong: #6f8589;
  --water: #0a5f6e;
  --water-deep: #084552;
  --on-water: #f2fbfa;
  --own: #d2e7e7;
  --hover: #0a5f6e14;
  --chosen: #c9dfde;
  --amber: #7d4a00;
  --amber-soft: #f8e6c8;
  --rust: #97291c;
  --rust-soft: #f9dfd9;
  --shadow: 0 0.5rem 1.5rem #12262b24, 0 0.125rem 0.375rem #12262b1a;
  --pebble-0: #d5e3da; --pebble-1: #d3e2ea; --pebble-2: #e5dfd0; --pebble-3: #e4d9e2;
  --pebble-4: #d9dfee; --pebble-5: #e9d9d1; --pebble-6: #dce4c9; --pebble-7: #cfe3e2;
`;

const DARK = `
  --mist: #0c171b;
  --bank: #0a1316;
  --paper: #101d22;
  --raised: #1a2b31;
  --ink: #e3eded;
  --ink-soft: #a1b4b6;
  --line: #22353b;
  --line-strong: #6d8488;
  --water: #74c9cf;
  --water-deep: #9bdde0;
  --on-water: #06262c;
  --own: #164650;
  --hover: #74c9cf14;
  --chosen: #16343b;
  --amber: #efb965;
  --amber-soft: #3a2c14;
  --rust: #ff9f8e;
  --rust-soft: #46211b;
  --shadow: 0 0.5rem 1.5rem #00000080, 0 0.125rem 0.375rem #00000066;
  --pebble-0: #2c453a; --pebble-1: #27414e; --pebble-2: #46402c; --pebble-3: #44334a;
  --pebble-4: #2e3a57; --pebble-5: #4b3529; --pebble-6: #3c4727; --pebble-7: #224647;
`;

const SCALE = `
  --sans: -apple-system, BlinkMacSystemFont, 'Segoe UI', Ubuntu, Cantarell, 'Noto Sans', Roboto, Arial, 'Liberation Sans', sans-serif;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', 'URW Palladio L', P052, 'Noto Serif', Georgia, 'Liberation Serif', serif;
  --size-xs: 0.75rem;
  --size-s: 0.8125rem;
  --size-m: 0.9375rem;
  --size-l: 1.25rem;
  --size-xl: 1.75rem;
  --round-s: 0.5rem;
  --round-m: 0.875rem;
  --round-l: 1.125rem;
  --measure: 48rem;
  --quick: 140ms;
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :root { color-scheme: light dark; ${SCALE} ${LIGHT} }
  @media (prefers-color-scheme: dark) { :root { ${DARK} } }
  @media (prefers-reduced-motion: reduce) { :root { --quick: 0ms; } }
  html, body { margin: 0; height: 100%; background: var(--mist); color: var(--ink); font-family: var(--sans); }
  body { overflow: hidden; overscroll-behavior: none; }
`);

/** Gives the document the tokens, once however often it is called. */
export function adoptTheme(document: Document): void {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}
