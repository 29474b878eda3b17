import { css, html, nothing, type TemplateResult } from 'lit';
import type { MessageItem } from '../state/api.ts';
import { text } from '../state/text.ts';
import { alertIcon } from '../theme/icons.ts';

/**
 * Who has written a message: a button where there is more to know about them, with what they are in the room, and a warning where
 * the name only looks like somebody else's.
 *
 * @param onChosen the person wants to know more about them
 */
export function messageAuthor(
  { author, authorIsMember, authorRole, authorWarning }: MessageItem,
  onChosen: () => void,
): TemplateResult {
  const warning = authorWarning && text.message.resembles[authorWarning.role](authorWarning.name);
  return html`${
    authorIsMember
      ? html`<button
          class="author"
          type="button"
          title=${text.message.aboutAuthor(author)}
          @click=${onChosen}
        >
          <bdi>${author}</bdi>
        </button>`
      : html`<bdi>${author}</bdi>`
  }${authorRole ? html` <span class="role">${text.message.role[authorRole]}</span>` : nothing}${
    warning
      ? html` <span class="look-alike" role="img" aria-label=${warning} title=${warning}
          >${alertIcon(14)}</span
        >`
      : nothing
  }`;
}

export const messageAuthorStyles = css`
  .author {
    min-width: 0;
    overflow: hidden;
    font-weight: inherit;
    color: inherit;
    text-overflow: ellipsis;
  }
  .author:hover {
    text-decoration: underline;
    text-underline-offset: 0.15em;
  }
  .role {
    padding: 0 0.375rem;
    border-radius: 0.5rem;
    background: var(--hover);
    font-size: var(--size-xs);
    font-weight: 600;
    color: var(--water);
  }
  .look-alike {
    color: var(--rust);
  }
  .look-alike svg {
    display: inline-block;
    vertical-align: -0.125em;
  }
`;
