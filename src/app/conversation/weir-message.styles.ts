import { css } from 'lit';

/** The layout of one line of the history; what is inside a bubble is styled beside its template. */
export const messageLayout = css`
  :host {
    display: block;
    /* a history of thousands costs what is seen of it */
    content-visibility: auto;
    contain-intrinsic-size: auto 3.25rem;
    padding: 0 1rem;
    scroll-margin: 4rem;
    font-size: var(--size-m);
    line-height: 1.5;
  }
  :host(:focus-visible) {
    outline: none;
  }
  :host(:focus-visible) .bubble,
  :host(:focus-visible) .event {
    outline: 2px solid var(--water);
    outline-offset: 2px;
  }
  :host(.found) .bubble {
    animation: found 2.2s ease-out;
  }
  @keyframes found {
    from,
    40% {
      box-shadow: 0 0 0 3px var(--water);
    }
  }

  .day,
  .divider {
    display: flex;
    align-items: center;
    gap: 1rem;
    padding: 1.5rem 0 0.75rem;
    color: var(--ink-soft);
    font-size: var(--size-s);
  }
  .day span {
    font-family: var(--serif);
    font-style: italic;
    font-size: var(--size-m);
  }
  .day::before,
  .day::after,
  .divider::before {
    content: '';
    flex: 1;
    height: 1px;
    background: var(--line);
  }
  .divider {
    padding: 0.75rem 0 0.25rem;
    color: var(--water);
    font-weight: 700;
    letter-spacing: 0.02em;
  }
  .divider::before {
    background: var(--water);
    opacity: 0.5;
  }

  .line {
    display: grid;
    grid-template-columns: 2.25rem minmax(0, 1fr);
    column-gap: 0.625rem;
    padding-top: 0.1875rem;
  }
  .line.opens {
    padding-top: 0.75rem;
  }
  .stack {
    grid-column: 2;
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-width: 0;
  }
  .mine .stack {
    align-items: flex-end;
  }
  .who {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
    max-width: 100%;
    padding-bottom: 0.1875rem;
    line-height: 1.3;
  }
  .who bdi {
    font-weight: 600;
    font-size: var(--size-s);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time {
    flex: none;
    font-size: var(--size-xs);
    color: var(--ink-soft);
    font-variant-numeric: tabular-nums;
  }
  .bubble {
    max-width: 36rem;
    min-width: 0;
    padding: 0.4375rem 0.875rem;
    border-radius: var(--round-l);
    background: var(--raised);
    color: var(--ink);
  }
  .theirs .bubble {
    border-start-start-radius: 0.3125rem;
  }
  .theirs:not(.closes) .bubble {
    border-end-start-radius: 0.3125rem;
  }
  .mine .bubble {
    background: var(--own);
    border-end-end-radius: 0.3125rem;
  }
  .mine:not(.opens) .bubble {
    border-start-end-radius: 0.3125rem;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    max-width: 100%;
    min-width: 0;
  }
  .mine .row {
    flex-direction: row-reverse;
  }
  /* a finger that moves it sideways answers it */
  :host([data-swiping]) .row {
    position: relative;
    translate: var(--swiped, 0) 0;
  }
  .swipe {
    position: absolute;
    inset-block-start: 0.375rem;
    inset-inline-start: -2.25rem;
    display: none;
    color: var(--ink-soft);
  }
  :host([data-swiped]) .swipe {
    display: block;
    color: var(--water);
  }
  .acts {
    flex: none;
    align-self: flex-start;
    width: 0;
    height: 2.25rem;
  }
  .theirs .acts {
    display: flex;
  }
  .mine .acts {
    display: flex;
    justify-content: flex-end;
  }
  .act,
  .kebab {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.25rem;
    height: 2.25rem;
    border-radius: 50%;
    color: var(--ink-soft);
  }
  .act:hover,
  .kebab:hover {
    background: var(--hover);
    color: var(--ink);
  }
  .kebab {
    display: none;
  }
  @media (hover: none) {
    .acts {
      width: 2.25rem;
    }
    .act {
      display: none;
    }
    .kebab {
      display: grid;
      opacity: 0.65;
    }
  }
  @media (hover: hover) {
    /* room for three buttons beside every bubble: nothing moves when they appear */
    .acts {
      width: 6.75rem;
    }
  }
  .meta {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.1875rem 0.25rem 0;
    font-size: var(--size-xs);
    color: var(--ink-soft);
    line-height: 1.4;
  }
  .delivery {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
  }
  .delivery.stored-here {
    color: var(--amber);
  }

  .quote {
    display: block;
    width: 100%;
    margin: 0.125rem 0 0.375rem;
    padding: 0.0625rem 0 0.0625rem 0.625rem;
    border-left: 2px solid var(--line-strong);
    text-align: start;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  button.quote:hover {
    border-color: var(--water);
    color: var(--ink);
  }
  .gone {
    font-style: italic;
  }
  .quoted-author {
    display: block;
    font-weight: 600;
  }
  .quoted {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .event {
    width: fit-content;
    max-width: 100%;
    margin: 0.75rem auto 0.25rem;
    padding: 0 0.5rem;
    border-radius: var(--round-s);
    font-size: var(--size-s);
    color: var(--ink-soft);
    text-align: center;
    overflow-wrap: anywhere;
  }

  @media (max-width: 767.98px) {
    :host {
      padding: 0 0.75rem;
    }
  }
`;
