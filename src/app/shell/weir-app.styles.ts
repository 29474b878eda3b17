import { css } from 'lit';

export const appStyles = css`
  :host {
    display: block;
    height: 100vh;
    height: 100dvh;
    background: var(--mist);
    color: var(--ink);
    font-family: var(--sans);
    font-size: var(--size-m);
    -webkit-font-smoothing: antialiased;
  }
  .whole,
  .conversation {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    height: 100%;
  }
  .panes {
    display: grid;
    grid-template-columns: clamp(16.5rem, 26vw, 21rem) minmax(0, 1fr);
    height: 100%;
  }
  .rail {
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow-y: auto;
    background: var(--bank);
    border-inline-end: 1px solid var(--line);
    padding-inline-start: env(safe-area-inset-left);
  }
  /* with large letters or a low window the whole rail scrolls instead: the rooms never vanish */
  weir-room-list {
    flex: 1 0 0;
    min-height: min(12rem, 60vh);
  }
  weir-dm-rail {
    flex: none;
    max-height: 40%;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .rail > weir-sync-status {
    border-top: 1px solid var(--line);
  }
  weir-conversation,
  weir-search,
  weir-dms {
    flex: 1;
    min-height: 0;
  }

  @media (max-width: 767.98px) {
    .panes {
      grid-template-columns: minmax(0, 1fr);
    }
    .at-list > .conversation,
    .at-room > .rail {
      display: none;
    }
    .rail {
      border: 0;
    }
  }
`;
