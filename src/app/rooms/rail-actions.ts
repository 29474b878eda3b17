import { css, html, type TemplateResult } from 'lit';
import { text } from '../state/text.ts';
import { plusIcon, ticketIcon } from '../theme/icons.ts';

/** The person wants a room that is not in the list: one of their own, or one to join. */
export class RoomWantedEvent extends Event {
  static readonly type = 'weir-room-wanted';
  /** `import`: with an identity from elsewhere. */
  readonly how: 'create' | 'join' | 'import';

  constructor(how: RoomWantedEvent['how']) {
    super(RoomWantedEvent.type, { bubbles: true, composed: true });
    this.how = how;
  }
}

/** The two ways to a room. */
export const railActions = (onWanted: (how: 'create' | 'join') => void): TemplateResult =>
  html`<div class="ways">
    <button class="way" type="button" @click=${() => onWanted('create')}>
      ${plusIcon()} ${text.people.create}
    </button>
    <button class="way" type="button" @click=${() => onWanted('join')}>
      ${ticketIcon()} ${text.people.join}
    </button>
  </div>`;

export const railActionsStyles = css`
  .ways {
    display: flex;
    gap: 0.25rem;
    padding: 0.375rem 0.5rem;
    border-top: 1px solid var(--line);
  }
  .way {
    display: flex;
    flex: 1;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-height: 2.75rem;
    padding: 0 0.5rem;
    border-radius: var(--round-m);
    color: var(--water);
    font-size: var(--size-s);
    font-weight: 600;
    white-space: nowrap;
  }
  .way:hover {
    background: var(--hover);
  }
`;

declare global {
  interface HTMLElementEventMap {
    'weir-room-wanted': RoomWantedEvent;
  }
}
