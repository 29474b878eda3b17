import { css } from 'lit';

export const joinStyles = css`
  .left {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    padding: 0.25rem 0;
  }
  .left bdi {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .left .button {
    flex: none;
  }
  details {
    margin-top: 1rem;
    font-size: var(--size-s);
  }
  summary {
    min-height: 2.75rem;
    padding: 0.625rem 0;
    font-weight: 600;
    cursor: pointer;
  }
  details p + p {
    margin-top: 0.5rem;
  }
  p + form {
    margin-top: 1rem;
  }
`;
