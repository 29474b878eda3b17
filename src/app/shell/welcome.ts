import { css, html, type TemplateResult } from 'lit';
import type { RoomWantedEvent } from '../rooms/rail-actions.ts';
import { text } from '../state/text.ts';
import { keyIcon, plusIcon, ticketIcon } from '../theme/icons.ts';
import { notice } from './notice.ts';

/** Where the Freenet project hands out invitations to its own room. */
const ASK = 'https://freenet.org/quickstart#invite-form';

type How = RoomWantedEvent['how'];

/** What somebody sees who has no rooms yet: the three ways to a first one, and what each of them is. */
export const welcome = (onWanted: (how: How) => void): TemplateResult =>
  notice({
    flow: 'level',
    title: text.welcome.title,
    body: text.welcome.body,
    action: html`<div class="welcome">
      ${way('create', plusIcon(22), onWanted)} ${way('join', ticketIcon(22), onWanted)}
      ${way('import', keyIcon(22), onWanted)}
      <p class="ask">
        ${text.welcome.noInvitation}<a href=${ASK} target="_blank" rel="noopener noreferrer"
          >${text.welcome.ask}</a
        >.
      </p>
    </div>`,
  });

const way = (how: How, icon: TemplateResult, onWanted: (how: How) => void): TemplateResult =>
  html`<button class="first" type="button" @click=${() => onWanted(how)}>
    ${icon} <b>${text.welcome.ways[how].title}</b> <span>${text.welcome.ways[how].body}</span>
  </button>`;

export const welcomeStyles = css`
  .welcome {
    z-index: 1;
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: 0.75rem;
    width: min(100%, 42rem);
    margin-top: 0.5rem;
  }
  @media (max-width: 1099.98px) {
    .welcome {
      grid-template-columns: 1fr;
      width: min(100%, 24rem);
    }
  }
  .first {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    align-content: start;
    gap: 0.375rem 0.625rem;
    padding: 1rem;
    border-radius: var(--round-l);
    background: var(--raised);
    box-shadow: inset 0 0 0 1px var(--line);
    color: var(--ink);
    text-align: start;
    transition: box-shadow var(--quick);
  }
  .first:hover {
    box-shadow: inset 0 0 0 2px var(--water);
  }
  .first svg {
    color: var(--water);
  }
  .ask {
    grid-column: 1 / -1;
    justify-self: center;
    padding: 0.25rem 0.5rem;
    border-radius: var(--round-s);
    background: var(--mist);
    font-size: var(--size-s);
  }
  .ask a {
    color: var(--water);
  }
  .first span {
    grid-column: 1 / -1;
    font-size: var(--size-s);
    line-height: 1.45;
    color: var(--ink-soft);
  }
`;
