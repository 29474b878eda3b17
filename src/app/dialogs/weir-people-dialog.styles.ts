import { css } from 'lit';

export const peopleDialogStyles = css`
  ul {
    margin: 0.5rem -0.5rem 0;
  }
  li {
    /* a room of a thousand draws only what can be seen */
    content-visibility: auto;
    contain-intrinsic-size: auto 3.25rem;
  }
  .who {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    width: 100%;
    min-height: 3rem;
    padding: 0.25rem 0.5rem;
    border-radius: var(--round-m);
    text-align: start;
  }
  .who:focus-visible {
    outline-offset: -2px;
  }
  .who:hover,
  .who[aria-expanded='true'] {
    background: var(--hover);
  }
  .names {
    flex: 1;
    min-width: 0;
  }
  .name {
    display: block;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .more {
    padding: 0.5rem 0.5rem 1rem 3.5rem;
  }
  .places {
    margin-top: 0.75rem;
  }
  .places + .warning {
    margin-top: 0.5rem;
  }
  #find {
    margin-top: 0.75rem !important;
    min-height: 2.75rem;
  }
  .told {
    margin-top: 0.5rem;
    font-size: var(--size-s);
    font-weight: 600;
    color: var(--water);
  }
  .told:empty {
    margin: 0;
  }
  weir-ban-list {
    margin-top: 1rem;
  }
  .deeper {
    flex: none;
    align-self: stretch;
    margin: -0.25rem 0;
    border-inline-end: 1px solid var(--line);
  }
  .deeper.d1 {
    width: 0.5rem;
  }
  .deeper.d2 {
    width: 1rem;
  }
  .deeper.d3 {
    width: 1.5rem;
  }
  .deeper.d4 {
    width: 2rem;
  }
  @media (max-width: 479.98px) {
    .more {
      padding-inline-start: 0.5rem;
    }
  }
`;
