import { css, html, type TemplateResult } from 'lit';
import { searchText } from '../search/search-text.ts';
import { text } from '../state/text.ts';
import { searchIcon } from '../theme/icons.ts';
import { helpText } from './help-text.ts';

/** Above the rooms: what app this is, and the search. */
export const railHead = (onSearch: () => void): TemplateResult =>
  html`<div class="brand">
    <weir-glyph></weir-glyph>
    <span>${text.app.name}</span>
    <button
      class="icon-button"
      type="button"
      aria-label=${searchText.open}
      title=${searchText.open}
      @click=${onSearch}
    >
      ${searchIcon(20)}
    </button>
  </div>`;

/** Below everything: how saving stands, and which keys do what. */
export const railFoot = (onHelp: () => void): TemplateResult =>
  html`<p class="more">
    <a href="/doctor">${text.sync.doctor}</a>
    <button type="button" @click=${onHelp}>${helpText.open}</button>
  </p>`;

export const railEndsStyles = css`
  .brand {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-height: 4rem;
    padding: 0.5rem 1.125rem;
    font-family: var(--serif);
    font-size: 1.5rem;
    letter-spacing: -0.01em;
  }
  .brand weir-glyph {
    width: 2.25rem;
  }
  .brand .icon-button {
    margin-inline-start: auto;
  }
  .more {
    display: flex;
    border-top: 1px solid var(--line);
    padding-bottom: env(safe-area-inset-bottom);
  }
  .more > * {
    display: flex;
    align-items: center;
    min-height: 2.75rem;
    padding: 0 1rem;
    font-size: var(--size-s);
    color: var(--ink-soft);
    text-decoration: none;
  }
  .more > :hover {
    background: var(--hover);
    color: var(--ink);
  }
`;
