import { css } from 'lit';

/** The head of a screen beside the rooms: the way back, its name, and what can be done. */
export const paneHeader = css`
  header {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.25rem;
    min-height: 4rem;
    padding: 0.5rem 0.75rem;
    border-bottom: 1px solid var(--line);
  }
  h2 {
    font-family: var(--serif);
    font-size: var(--size-l);
    line-height: 1.25;
  }
  h2:focus {
    outline: none;
  }
`;
