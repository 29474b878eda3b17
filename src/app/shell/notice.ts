import { css, html, nothing, type TemplateResult } from 'lit';
import type { Flow } from '../theme/weir-glyph.ts';
import { scenery, sceneryStyles } from '../theme/scenery.ts';
import '../theme/weir-glyph.ts';

interface Notice {
  readonly flow: Flow;
  readonly title: string;
  readonly body?: string;
  /** Bad news is announced at once. */
  readonly alert?: boolean;
  readonly action?: TemplateResult;
}

/** A whole pane that has something to say instead of something to show. */
export const notice = ({ flow, title, body, alert, action }: Notice): TemplateResult =>
  html`<div class="notice ${flow === 'level' ? 'scenic' : ''}" role=${alert ? 'alert' : nothing}>
    <weir-glyph .flow=${flow}></weir-glyph>
    <h2>${title}</h2>
    ${flow === 'level' ? scenery() : nothing} ${body === undefined ? nothing : html`<p>${body}</p>`}
    ${action ?? nothing}
  </div>`;

export const noticeStyles = css`
  ${sceneryStyles}
  .notice {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    flex: 1;
    min-height: 0;
    gap: 0.75rem;
    padding: 2rem;
    text-align: center;
    color: var(--ink-soft);
    line-height: 1.55;
    overflow-wrap: anywhere;
  }
  .scenic {
    justify-content: flex-start;
    padding-top: min(18vh, 9rem);
  }
  .notice weir-glyph {
    width: 6rem;
    margin-bottom: 0.5rem;
  }
  .notice h2 {
    font-family: var(--serif);
    font-size: var(--size-xl);
    line-height: 1.2;
    letter-spacing: -0.01em;
    color: var(--ink);
  }
  .notice p {
    max-width: 26rem;
  }
`;
