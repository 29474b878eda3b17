import { css } from 'lit';

export const roomMenuStyles = css`
  .menu {
    position: fixed;
    min-width: 13rem;
    margin: 0;
    padding: 0.375rem;
    border: 0;
    border-radius: var(--round-m);
    background: var(--raised);
    color: var(--ink);
    box-shadow: var(--shadow);
    font-size: var(--size-m);
  }
  button {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    width: 100%;
    min-height: 2.75rem;
    padding: 0 0.75rem;
    border-radius: var(--round-s);
    text-align: start;
  }
  button svg {
    color: var(--ink-soft);
  }
  button.danger,
  button.danger svg {
    color: var(--rust);
  }
  button:hover,
  button:focus-visible {
    background: var(--hover);
  }
  @media (max-width: 767.98px) {
    .menu {
      inset: auto 0 0;
      width: 100%;
      max-width: none;
      padding: 0.75rem 0.75rem max(0.75rem, env(safe-area-inset-bottom));
      border-radius: var(--round-l) var(--round-l) 0 0;
    }
    .menu::backdrop {
      background: #06151a66;
    }
    button {
      min-height: 3rem;
    }
  }
`;
