import { css } from 'lit';

export const doctorStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-height: 0;
  }
  h2 {
    flex: 1;
    min-width: 0;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    background: var(--paper);
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.75rem;
    max-width: var(--measure);
    margin: 0 auto;
    padding: 1.25rem 1.25rem max(2rem, env(safe-area-inset-bottom));
    line-height: 1.5;
  }
  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.625rem;
    min-width: 0;
  }
  h3 {
    font-weight: 600;
    font-size: var(--size-m);
  }
  .quiet,
  dt {
    color: var(--ink-soft);
    font-size: var(--size-s);
  }
  li,
  dd,
  p {
    overflow-wrap: anywhere;
  }
  dd {
    margin: 0;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(6rem, auto) minmax(0, 1fr);
    gap: 0.25rem 1rem;
    margin: 0;
  }
  .finding {
    display: flex;
    gap: 0.625rem;
    padding: 0.5rem 0.75rem;
    border-radius: var(--round-s);
  }
  .finding svg {
    margin-top: 0.1875rem;
  }
  .trouble {
    background: var(--rust-soft);
    color: var(--ink);
  }
  .note {
    background: var(--amber-soft);
    color: var(--ink);
  }
  ul {
    display: grid;
    gap: 0.375rem;
  }
  .row {
    padding-block: 0.375rem;
    border-bottom: 1px solid var(--line);
  }
  .row strong {
    font-weight: 600;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.625rem;
  }
  .actions .button,
  .row .button {
    min-height: 2.75rem;
  }
  summary {
    display: flex;
    align-items: center;
    min-height: 2.75rem;
    font-weight: 600;
    cursor: pointer;
  }
  summary::before {
    content: '';
    width: 0.5rem;
    height: 0.5rem;
    margin-inline: 0.25rem 0.75rem;
    border-inline-end: 2px solid currentColor;
    border-bottom: 2px solid currentColor;
    rotate: -45deg;
  }
  details[open] > summary::before {
    rotate: 45deg;
  }
  .wide {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: var(--size-s);
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.25rem 1rem 0.25rem 0;
    text-align: start;
    white-space: nowrap;
    border-bottom: 1px solid var(--line);
  }
  th {
    font-weight: 600;
    color: var(--ink-soft);
  }
  label {
    display: flex;
    gap: 0.625rem;
    align-items: center;
    min-height: 2.75rem;
  }
  input[type='checkbox'] {
    width: 1.25rem;
    height: 1.25rem;
    accent-color: var(--water);
  }
  pre {
    max-height: 18rem;
    margin: 0;
    padding: 0.75rem;
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: var(--round-s);
    background: var(--raised);
    font-size: var(--size-xs);
    line-height: 1.45;
  }
`;
