import { css } from 'lit';

/** The history and what floats over it. The spaces stand for messages that are not drawn. */
export const historyStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .scroller {
    position: relative; /* hidden words in the lines scroll with them, instead of making the page longer */
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .scroller.growing {
    overflow-anchor: none;
  }
  .feed {
    align-content: end; /* a short history rests on the composer */
    max-width: var(--measure);
    min-height: calc(100% - 1px);
    margin: 0 auto;
    padding-bottom: 1rem;
  }
  weir-message {
    content-visibility: visible; /* few lines are in the page, and their heights are true at once */
    contain: layout style; /* what comes or goes lays out itself only, and what scrolls is painted from what was painted */
  }
  .latest,
  .unread {
    position: absolute;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    min-width: 2.75rem;
    height: 2.75rem;
    border-radius: 1.375rem;
    background: var(--raised);
    color: var(--water);
    box-shadow: var(--shadow);
    font-size: var(--size-s);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .latest {
    inset-inline-end: max(1rem, calc((100% - var(--measure)) / 2));
    bottom: 0.75rem;
  }
  .latest.news {
    background: var(--water);
    color: var(--on-water);
  }
  /* beside the button's own size: a growing number moves nothing */
  .count {
    position: absolute;
    top: -0.625rem;
    left: 50%;
    min-width: 1.375rem;
    padding: 0 0.375rem;
    border-radius: 0.6875rem;
    background: var(--raised);
    color: var(--water);
    box-shadow: var(--shadow);
    line-height: 1.375rem;
    text-align: center;
    translate: -50%;
  }
  .unread {
    left: 50%;
    top: 0.75rem;
    padding: 0 0.875rem;
    white-space: nowrap;
    translate: -50%;
  }
`;
