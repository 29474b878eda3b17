import { css, html, type TemplateResult } from 'lit';
import { text } from '../state/text.ts';
import type { RoomWantedEvent } from './rail-actions.ts';

/** What stands in the place of the rooms while there is none. */

const SKELETONS = [0, 1, 2, 3, 4, 5];

export const skeleton = (): TemplateResult =>
  html`<p class="hush" role="status">${text.rooms.loading}</p>
    <div aria-hidden="true">
      ${SKELETONS.map(() => html`<div class="skeleton"><i></i><i></i></div>`)}
    </div>`;

export const loadFailed = (reason: string, retry: () => void): TemplateResult =>
  html`<div class="note" role="alert">
    <h3>${text.rooms.failedTitle}</h3>
    <p>${reason}</p>
    <button class="button" type="button" @click=${retry}>${text.rooms.retry}</button>
  </div>`;

export const noRooms = (want: (how: RoomWantedEvent['how']) => void): TemplateResult =>
  html`<div class="note">
    <h3>${text.rooms.emptyTitle}</h3>
    <p>${text.rooms.emptyBody}</p>
    <div class="first">
      <button class="button strong" type="button" @click=${() => want('create')}>
        ${text.people.create}
      </button>
      <button class="button" type="button" @click=${() => want('join')}>${text.people.join}</button>
      <button class="button" type="button" @click=${() => want('import')}>
        ${text.people.bring}
      </button>
    </div>
  </div>`;

export const listScreensStyles = css`
  .note {
    padding: 2rem 1rem;
    line-height: 1.5;
    color: var(--ink-soft);
    font-size: var(--size-m);
  }
  .note h3 {
    font-family: var(--serif);
    font-size: var(--size-l);
    line-height: 1.2;
    color: var(--ink);
    margin-bottom: 0.5rem;
  }
  .note .button {
    margin-top: 1rem;
  }
  .note .first {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5rem;
  }
  .skeleton {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    padding: 0.625rem;
    animation: breathe 2.4s ease-in-out infinite;
  }
  .skeleton i {
    border-radius: 1rem;
    background: var(--line);
    height: 0.625rem;
    width: 62%;
  }
  .skeleton i:first-child {
    flex: none;
    width: 2.25rem;
    height: 2.25rem;
    border-radius: 50%;
  }
  .skeleton:nth-child(2n) {
    animation-delay: 200ms;
  }
  .skeleton:nth-child(2n) i:last-child {
    width: 44%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton {
      animation: none;
    }
  }
`;
