import { css, html, nothing, type TemplateResult } from 'lit';
import type { MessageItem } from '../state/api.ts';
import { refusedText } from '../state/refused-text.ts';
import { alertIcon } from '../theme/icons.ts';
import type { MessageAct } from './message-events.ts';

/**
 * Under a message that the room did not take: why, and what can be done. One that is still tried only says so; one that the room has
 * dropped waits for the person.
 */
export function refusedNote(
  item: MessageItem,
  writable: boolean,
  act: (act: MessageAct) => void,
): TemplateResult | typeof nothing {
  const { refused } = item;
  if (!refused) return nothing;
  const button = (type: 'retry' | 'rewrite' | 'copy' | 'discard', label: string): TemplateResult =>
    html`<button type="button" @click=${() => act({ type })}>${label}</button>`;
  const hasWords = item.kind !== 'unreadable';
  return html`<div class="refused">
    <p>${alertIcon(14)}<span>${refused.reason}</span></p>
    ${
      refused.isHere
        ? nothing
        : html`<div role="group" aria-label=${refusedText.actions}>
            ${hasWords && writable ? button('retry', refusedText.retry) : nothing}
            ${hasWords && writable ? button('rewrite', refusedText.rewrite) : nothing}
            ${hasWords ? button('copy', refusedText.copy) : nothing}
            ${button('discard', refusedText.discard)}
          </div>`
    }
  </div>`;
}

export const refusedStyles = css`
  .not-there .bubble {
    background: none;
    box-shadow: inset 0 0 0 1.5px var(--rust);
  }
  .refused {
    max-width: 36rem;
    padding: 0.25rem 0.25rem 0;
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--rust);
  }
  .refused p {
    display: flex;
    gap: 0.375rem;
  }
  .refused svg {
    margin-block-start: 0.1875rem;
  }
  .refused div {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    column-gap: 0.25rem;
  }
  .refused button {
    min-height: 2.75rem;
    padding: 0 0.625rem;
    border-radius: var(--round-s);
    font-weight: 600;
    color: var(--water);
  }
  .refused button:hover {
    background: var(--hover);
  }
`;
