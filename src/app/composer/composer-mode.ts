import { css, html, nothing, type TemplateResult } from 'lit';
import type { ReplyTarget } from '../state/drafts.ts';
import { text } from '../state/text.ts';
import { closeIcon } from '../theme/icons.ts';

/** What the composer is about besides a new message. */
export type ComposerMode =
  | { readonly type: 'new' }
  | { readonly type: 'reply'; readonly target: ReplyTarget }
  /** `before`: the text that is being replaced. */
  | { readonly type: 'edit'; readonly id: string; readonly before: string };

export type EditMode = Extract<ComposerMode, { type: 'edit' }>;

export const NEW: ComposerMode = { type: 'new' };

/** The bar above the field that says what is being answered or edited, and ends it. */
export function modeBar(mode: ComposerMode, onCancel: () => void): TemplateResult | typeof nothing {
  if (mode.type === 'new') return nothing;
  const isReply = mode.type === 'reply';
  const label = isReply ? text.composer.cancelReply : text.composer.cancelEdit;
  return html`<div class="mode">
    <p class="about" dir="auto">
      ${
        isReply
          ? html`<span class="what"
                >${text.composer.replyingTo}<bdi>${mode.target.author}</bdi></span
              >
              <span class="quoted">${mode.target.text.slice(0, 200).replace(/\s+/g, ' ')}</span>`
          : html`<span class="what">${text.composer.editing}</span>`
      }
    </p>
    <button class="cancel" type="button" aria-label=${label} title=${label} @click=${onCancel}>
      ${closeIcon()}
    </button>
  </div>`;
}

export const modeStyles = css`
  .mode {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin-bottom: 0.375rem;
    padding: 0.25rem 0.25rem 0.25rem 0.875rem;
    border-radius: var(--round-m);
    background: var(--bank);
    box-shadow: inset 3px 0 0 var(--water);
    font-size: var(--size-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  .about {
    display: grid;
    flex: 1;
    min-width: 0;
  }
  .about > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .what {
    font-weight: 600;
    color: var(--ink);
  }
  .cancel {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.5rem;
    height: 2.5rem;
    border-radius: 50%;
  }
  .cancel:hover {
    background: var(--hover);
  }
`;
