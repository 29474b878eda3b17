import { css } from 'lit';

/** One conversation with a member, as a row of a list; over `listRow`. */
export const dmRowStyles = css`
  .row {
    grid-template-columns: auto minmax(0, 1fr) auto;
    grid-template-areas: 'mark name time' 'mark preview badge';
    flex: 1;
    min-width: 0;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .badge {
    grid-area: badge;
    justify-self: end;
  }
`;

/** What the archived conversations are folded into. */
export const dmFoldStyles = css`
  summary {
    display: flex;
    align-items: center;
    min-height: 2.75rem;
    padding: 0 0.625rem;
    border-radius: var(--round-m);
    color: var(--ink-soft);
    font-size: var(--size-s);
    font-weight: 600;
    cursor: pointer;
  }
  summary::before {
    content: '▸';
    width: 1.25rem;
  }
  [open] > summary::before {
    content: '▾';
  }
  summary:hover {
    background: var(--hover);
  }
`;
