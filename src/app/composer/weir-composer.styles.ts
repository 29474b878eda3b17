import { css } from 'lit';

export const composerStyles = css`
  :host {
    display: block;
    width: 100%;
    max-width: var(--measure);
    margin: 0 auto;
    padding: 0 1rem max(0.875rem, env(safe-area-inset-bottom));
  }
  .box {
    display: flex;
    align-items: flex-end;
    gap: 0.25rem;
    padding: 0.25rem;
    border-radius: 1.5rem;
    background: var(--raised);
    box-shadow: inset 0 0 0 1px var(--line-strong);
  }
  .box:focus-within {
    box-shadow: inset 0 0 0 2px var(--water);
  }
  .box.over {
    box-shadow: inset 0 0 0 2px var(--rust);
  }
  /* an invisible copy of the text gives the field its height: no measuring, no forced layout */
  .grow {
    display: grid;
    flex: 1;
    min-width: 0;
    max-height: min(10.5rem, 40vh);
    overflow-y: auto;
  }
  .grow::after {
    content: attr(data-text) ' ';
    visibility: hidden;
    white-space: pre-wrap;
  }
  .grow > textarea {
    resize: none;
    overflow: hidden;
    border: 0;
    background: none;
    color: var(--ink);
  }
  .grow > textarea:focus {
    outline: none;
  }
  .grow > textarea,
  .grow::after {
    grid-area: 1 / 1;
    min-width: 0;
    margin: 0;
    padding: 0.5rem 0.75rem;
    /* below 16px, phones zoom into the field */
    font: 1rem/1.5 var(--sans);
    overflow-wrap: anywhere;
  }
  ::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  .send {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.5rem;
    height: 2.5rem;
    border-radius: 50%;
    background: var(--water);
    color: var(--on-water);
    transition: background var(--quick);
  }
  .send:hover:not(:disabled) {
    background: var(--water-deep);
  }
  .send:disabled {
    background: none;
    color: var(--ink-soft);
  }
  .emoji {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.75rem;
    height: 2.5rem;
    border-radius: 1.25rem;
    color: var(--ink-soft);
  }
  .emoji:hover {
    background: var(--hover);
    color: var(--ink);
  }
  .offer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.5rem 1rem;
    padding: 0.5rem 0.75rem 0;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  .offer .button {
    min-height: 2.75rem;
  }
  .foot {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    padding: 0.375rem 0.75rem 0;
    font-size: var(--size-xs);
    color: var(--ink-soft);
  }
  .counter {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  .foot.over {
    color: var(--rust);
    font-weight: 600;
  }
  .refusal,
  .read-only {
    margin-bottom: 0.5rem;
    padding: 0.625rem 1rem;
    border-radius: var(--round-m);
    font-size: var(--size-s);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  .refusal {
    background: var(--rust-soft);
    color: var(--ink);
    box-shadow: inset 3px 0 0 var(--rust);
  }
  .read-only {
    background: var(--bank);
    color: var(--ink-soft);
    text-align: center;
  }

  @media (max-width: 767.98px) {
    :host {
      padding-inline: 0.625rem;
    }
  }
`;
