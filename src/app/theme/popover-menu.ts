import { css } from 'lit';

/** Between a popover and what it was opened from. */
const GAP_PX = 6;

/**
 * Puts a popover that is open beside what it was opened from, their ends in line: on the side that is preferred, on the other one
 * where there is no room, never outside the window. On phones its styles make it a sheet at the bottom.
 */
export function placeBeside(
  popover: HTMLElement,
  from: HTMLElement,
  prefers: 'below' | 'above' = 'below',
): void {
  if (matchMedia('(max-width: 767.98px)').matches) return;
  const at = from.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = at.bottom + GAP_PX;
  const above = at.top - GAP_PX - height;
  const left = Math.min(Math.max(GAP_PX, at.right - width), innerWidth - width - GAP_PX);
  let top: number;
  if (prefers === 'below') {
    top = below + height <= innerHeight ? below : Math.max(GAP_PX, above);
  } else {
    top = above >= GAP_PX ? above : Math.min(below, innerHeight - height - GAP_PX);
  }
  popover.style.setProperty('top', `${Math.max(0, top)}px`);
  popover.style.setProperty('left', `${Math.max(0, left)}px`);
  popover.style.setProperty('right', 'auto');
  popover.style.setProperty('bottom', 'auto');
}

/** A list of actions in a popover, `.menu`, of which each is an `.act`; on phones a sheet at the bottom. */
export const popoverMenuStyles = css`
  .menu {
    position: fixed;
    margin: 0;
    padding: 0.375rem;
    border: 0;
    border-radius: var(--round-m);
    background: var(--raised);
    color: var(--ink);
    box-shadow: var(--shadow);
    font-size: var(--size-m);
  }
  .act {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    width: 100%;
    min-height: 2.75rem;
    padding: 0 0.75rem;
    border-radius: var(--round-s);
    text-align: start;
  }
  .act svg {
    color: var(--ink-soft);
  }
  .act.danger,
  .act.danger svg {
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
    .act {
      min-height: 3rem;
    }
  }
`;
