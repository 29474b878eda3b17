import { css, html, nothing, type TemplateResult } from 'lit';
import { unreachable } from '../../shared/result.ts';
import type { InvitationCard } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { roomPath } from '../state/router.ts';
import { ticketIcon } from '../theme/icons.ts';

/** An invitation in a direct message: where it leads as far as that is known, what was written with it, and what it is worth now. */
export const invitationCard = ({ note, roomName, state }: InvitationCard): TemplateResult => {
  const { card } = dmText;
  return html`<div class="invitation">
    <p class="to">
      ${ticketIcon(20)}
      <span
        ><b>${state.type === 'sent' ? card.sentTitle : card.title}</b>
        <bdi
          >${
            roomName === undefined
              ? state.type === 'sent'
                ? nothing
                : card.toUnknown
              : card.to(roomName)
          }</bdi
        ></span
      >
    </p>
    ${note === '' ? nothing : html`<p class="words" dir="auto">${note}</p>`} ${worth(state)}
  </div>`;
};

function worth(state: InvitationCard['state']): TemplateResult {
  const { card } = dmText;
  switch (state.type) {
    case 'sent':
      return html`<p class="state">${state.used ? card.used : card.notUsed}</p>`;
    case 'open':
      return html`<a class="button strong" href=${state.path}>${card.accept}</a>`;
    case 'already-here':
      return html`<p class="state">${card.alreadyHere}</p>
        <a class="button" href=${roomPath(state.room)}>${card.open}</a>`;
    case 'banned':
      return html`<p class="state">${card.banned}</p>`;
    case 'void':
      return html`<p class="state">${state.reason}</p>`;
    default:
      return unreachable(state);
  }
}

export const invitationCardStyles = css`
  .invitation {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
    padding: 0.25rem 0;
  }
  .invitation .to {
    display: flex;
    gap: 0.625rem;
    overflow-wrap: anywhere;
  }
  .invitation .to svg {
    margin-top: 0.125rem;
    color: var(--water);
  }
  .invitation .words {
    min-width: 0;
  }
  .invitation .state {
    font-size: var(--size-s);
    color: var(--ink-soft);
  }
  .invitation .button {
    min-height: 2.75rem;
    text-decoration: none;
  }
`;
