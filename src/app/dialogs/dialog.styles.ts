import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    width: min(28rem, calc(100vw - 1.5rem));
    max-height: calc(100dvh - 1.5rem);
    padding: 1.25rem 1.5rem 1.5rem;
    border: 0;
    border-radius: var(--round-l);
    background: var(--paper);
    color: var(--ink);
    box-shadow: var(--shadow);
    font-family: var(--sans);
    font-size: var(--size-m);
    line-height: 1.45;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  dialog::backdrop {
    background: #06151acc;
  }
  header {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin: -0.25rem -0.75rem 0.75rem 0;
  }
  h2 {
    flex: 1;
    min-width: 0;
    font-family: var(--serif);
    font-size: var(--size-l);
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  h3 {
    margin-bottom: 0.5rem;
    font-weight: 700;
    font-size: var(--size-s);
  }
  section + section,
  form + section,
  section + form {
    margin-top: 1.25rem;
    padding-top: 1.25rem;
    border-top: 1px solid var(--line);
  }
  label,
  .label {
    display: block;
    font-weight: 600;
    font-size: var(--size-s);
  }
  .field {
    margin-bottom: 1rem;
  }
  input:not([type='checkbox']),
  textarea {
    display: block;
    width: 100%;
    margin-top: 0.25rem;
    padding: 0.5rem 0.75rem;
    border: 0;
    border-radius: var(--round-s);
    font: 1rem/1.5 var(--sans);
    color: var(--ink);
    background: var(--raised);
    box-shadow: inset 0 0 0 1px var(--line-strong);
  }
  textarea {
    min-height: 5rem;
    resize: vertical;
  }
  input:not([type='checkbox']):focus,
  textarea:focus {
    outline: none;
    box-shadow: inset 0 0 0 2px var(--water);
  }
  [aria-invalid='true']:is(input, textarea) {
    box-shadow: inset 0 0 0 2px var(--rust) !important;
  }
  .code {
    font:
      0.8125rem/1.5 ui-monospace,
      'Cascadia Mono',
      Menlo,
      monospace !important;
    overflow-wrap: anywhere;
  }
  .check {
    display: flex;
    align-items: flex-start;
    gap: 0.625rem;
    font-weight: 400;
    font-size: var(--size-m);
    cursor: pointer;
  }
  .check input {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0.0625rem 0 0;
    accent-color: var(--water);
  }
  .hint,
  .quiet {
    font-size: var(--size-s);
    color: var(--ink-soft);
  }
  .hint {
    margin-top: 0.25rem;
  }
  .warning {
    padding: 0.625rem 0.875rem;
    border-radius: var(--round-m);
    background: var(--amber-soft);
    font-size: var(--size-s);
  }
  .warning + * {
    margin-top: 1rem;
  }
  .problem {
    font-size: var(--size-s);
    color: var(--rust);
    overflow-wrap: anywhere;
  }
  .problem:empty {
    display: none;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.5rem;
    margin-top: 1.25rem;
  }
  .button.danger {
    color: var(--rust);
  }
  .copy {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .copy input {
    flex: 1;
    min-width: 0;
    margin: 0;
  }
  .copy .button {
    flex: none;
    min-width: 5.5rem;
    padding-inline: 0.75rem;
  }
`;
