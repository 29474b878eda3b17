import { html, type TemplateResult } from 'lit';
import { joinText } from '../state/join-text.ts';

/** How rooms come here from River, unfolded for those who came for it. */
export const fromRiver = (open: boolean): TemplateResult => {
  const { join } = joinText;
  return html`<details ?open=${open}>
    <summary>${join.river}</summary>
    <p>${join.riverSame}</p>
    <p>${join.riverOther}</p>
  </details>`;
};
