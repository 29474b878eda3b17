import { css } from 'lit';

/** What every element's shadow root starts from: box model, focus ring, buttons, text for screen readers only. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
    font: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--water);
    outline-offset: 2px;
  }
  button {
    font: inherit;
    color: inherit;
    border: 0;
    background: none;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:disabled {
    cursor: not-allowed;
  }
  svg {
    display: block;
    flex: none;
  }
  .hush {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-height: 2.5rem;
    padding: 0.375rem 1rem;
    border-radius: var(--round-m);
    font-size: var(--size-m);
    font-weight: 600;
    color: var(--water);
    box-shadow: inset 0 0 0 1.5px currentColor;
    transition: background var(--quick);
  }
  .button:hover:not(:disabled) {
    background: var(--hover);
  }
  .button.strong {
    background: var(--water);
    color: var(--on-water);
    box-shadow: none;
  }
  .button.strong:hover:not(:disabled) {
    background: var(--water-deep);
  }
  .button:disabled {
    color: var(--ink-soft);
    background: var(--hover);
    box-shadow: none;
  }
  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 2.75rem;
    height: 2.75rem;
    border-radius: 50%;
    color: var(--ink-soft);
    transition:
      background var(--quick),
      color var(--quick);
  }
  .icon-button:hover {
    background: var(--hover);
    color: var(--ink);
  }
`;
