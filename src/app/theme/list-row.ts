import { css } from 'lit';

/** A row of a list of conversations: mark, name and time, what was said last, and how much of it is unread. */
export const listRow = css`
  .row {
    display: grid;
    column-gap: 0.75rem;
    row-gap: 0.0625rem;
    align-items: center;
    min-height: 3.75rem;
    padding: 0.5rem 0.625rem;
    border-radius: var(--round-m);
    color: var(--ink);
    text-decoration: none;
  }
  .row:hover {
    background: var(--hover);
  }
  .row[aria-current] {
    background: var(--chosen);
  }
  .row .pebble {
    grid-area: mark;
    width: 2.5rem;
    height: 2.5rem;
  }
  .name {
    grid-area: name;
    font-weight: 600;
    line-height: 1.35;
  }
  .preview {
    grid-area: preview;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  time {
    grid-area: time;
    justify-self: end;
    font-size: var(--size-xs);
    font-variant-numeric: tabular-nums;
    color: var(--ink-soft);
  }
  .unread .preview {
    color: var(--ink);
  }
  .unread time {
    color: var(--water);
    font-weight: 600;
  }
  .badge {
    min-width: 1.25rem;
    height: 1.25rem;
    padding: 0 0.375rem;
    border-radius: 0.625rem;
    background: var(--water);
    color: var(--on-water);
    font-size: var(--size-xs);
    font-weight: 700;
    line-height: 1.25rem;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
`;
