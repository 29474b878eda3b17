import { css, html, nothing, type TemplateResult } from 'lit';
import type { Conversation } from '../state/api.ts';
import { membersText } from '../state/members-text.ts';
import '../dialogs/copy-field.ts';

export const ownKeyStyles = css`
  .own-key {
    flex: none;
    width: 100%;
    max-width: var(--measure);
    margin: 0 auto;
    padding: 0 1.5rem 0.5rem;
    box-sizing: border-box;
  }
`;

/** Where the person is no member: what somebody needs to know of them who wants them in. */
export const ownKey = ({ publicKey }: Conversation): TemplateResult | typeof nothing =>
  publicKey === undefined
    ? nothing
    : html`<weir-copy-field
        class="own-key"
        .label=${membersText.ownKey}
        .value=${publicKey}
      ></weir-copy-field>`;
