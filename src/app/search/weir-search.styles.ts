import { css } from 'lit';

export const searchStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .field {
    flex: 1;
    display: flex;
    align-items: center;
    min-width: 0;
    max-width: var(--measure);
    border: 1px solid var(--line-strong);
    border-radius: var(--round-l);
    background: var(--raised);
    color: var(--ink-soft);
  }
  .field:focus-within {
    outline: 2px solid var(--water);
    outline-offset: -1px;
  }
  .field svg {
    margin-inline-start: 0.75rem;
  }
  input[type='search'] {
    flex: 1;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0 0.75rem;
    border: 0;
    outline: none;
    background: none;
    color: var(--ink);
    font: inherit;
    font-size: max(1rem, var(--size-m));
  }
  .scope,
  .status,
  ol {
    width: 100%;
    max-width: var(--measure);
    margin: 0 auto;
    padding-inline: 1.5rem;
    box-sizing: border-box;
  }
  .scope {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    padding-top: 0.5rem;
    border: 0;
  }
  .scope label {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-width: 0;
    min-height: 2.75rem;
    overflow-wrap: anywhere;
  }
  .scope input {
    accent-color: var(--water);
    width: 1.125rem;
    height: 1.125rem;
  }
  .status {
    padding-block: 0.5rem;
    font-size: var(--size-s);
    color: var(--ink-soft);
    font-variant-numeric: tabular-nums;
  }
  .results {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .results > .notice {
    min-height: 100%;
  }
  ol {
    list-style: none;
    padding: 0 0.75rem 1rem;
  }
  li {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 4.5rem;
  }
  .row {
    grid-template-columns: auto minmax(0, 1fr) auto;
    grid-template-areas: 'mark name time' 'mark preview preview';
    align-items: start;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .place {
    font-weight: 400;
    color: var(--ink-soft);
  }
  .row .preview {
    white-space: normal;
    overflow-wrap: anywhere;
    color: var(--ink);
  }
  mark {
    border-radius: 0.1875rem;
    background: var(--amber-soft);
    color: inherit;
    font-weight: 600;
    box-decoration-break: clone;
  }
  @media (max-width: 767.98px) {
    header {
      min-height: 3.5rem;
      padding: 0.25rem 0.5rem;
    }
    .scope,
    .status {
      padding-inline: 1rem;
    }
    ol {
      padding-inline: 0.375rem;
    }
  }
  @media (forced-colors: active) {
    mark {
      background: Mark;
      color: MarkText;
    }
  }
`;
