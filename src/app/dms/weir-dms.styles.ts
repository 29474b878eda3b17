import { css } from 'lit';

export const dmsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .title {
    flex: 1;
    min-width: 0;
  }
  h2 {
    letter-spacing: -0.005em;
  }
  h2,
  .facts {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .facts {
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  .icon-button[aria-pressed='true'] {
    background: var(--chosen);
    color: var(--ink);
  }
  .private,
  .warning {
    width: 100%;
    max-width: var(--measure);
    margin: 0 auto;
    padding: 0.5rem 1.5rem;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  .private {
    display: flex;
    justify-content: center;
    gap: 0.5rem;
  }
  .private svg {
    margin-top: 0.1875rem;
  }
  .private span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  weir-history,
  weir-dm-list {
    flex: 1;
  }
  weir-composer {
    flex: none;
    padding-top: 0.5rem;
  }
  weir-sync-status {
    display: none;
  }
  @media (max-width: 767.98px) {
    /* with large letters the buttons go below the name, which would have no room beside them */
    header {
      flex-wrap: wrap;
      min-height: 3.5rem;
      padding: 0.25rem 0.5rem;
    }
    .title {
      flex-basis: 6rem;
    }
    .private,
    .warning {
      padding-inline: 1rem;
    }
    weir-sync-status {
      display: block;
    }
  }
`;
