import { css, html, nothing, type TemplateResult } from 'lit';
import { fold } from '../search/fold.ts';
import type { RoomListItem } from '../state/api.ts';
import { listText } from '../state/list-text.ts';
import { searchIcon, sortIcon } from '../theme/icons.ts';

/** With so many rooms one looks for one by its name. */
const FILTERED_FROM = 6;

/** Rooms whose names have all of the words, in their order. */
export function filtered(rooms: readonly RoomListItem[], words: string): readonly RoomListItem[] {
  const wanted = fold(words).split(/\s+/u).filter(Boolean);
  if (wanted.length === 0) return rooms;
  return rooms.filter(({ name }) => {
    const folded = fold(name);
    return wanted.every((word) => folded.includes(word));
  });
}

interface ToolsState {
  readonly rooms: number;
  readonly words: string;
  readonly sorting: boolean;
  readonly onWords: (words: string) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onSort: () => void;
}

/** Above the rooms: a field that finds one by its name, and the way into another order. */
export function listTools(state: ToolsState): TemplateResult | typeof nothing {
  const { rooms, words, sorting, onWords, onKey, onSort } = state;
  if (rooms < 2) return nothing;
  return html`<div class="tools">
    ${
      !sorting && (rooms >= FILTERED_FROM || words !== '')
        ? html`<label class="filter">
            ${searchIcon(16)}
            <input
              type="search"
              aria-label=${listText.filter}
              title=${listText.filterHint}
              placeholder=${listText.filter}
              autocomplete="off"
              spellcheck="false"
              .value=${words}
              @input=${(event: Event) => onWords((event.target as HTMLInputElement).value)}
              @keydown=${onKey}
            />
          </label>`
        : html`<span class="filter"></span>`
    }
    <button
      class=${sorting ? 'done' : 'icon-button'}
      type="button"
      aria-label=${sorting ? listText.sortDone : listText.sort}
      title=${sorting ? nothing : listText.sort}
      aria-pressed=${sorting}
      @click=${onSort}
    >
      ${sorting ? listText.sortDone : sortIcon()}
    </button>
  </div>`;
}

export const listToolsStyles = css`
  .tools {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding: 0.125rem 0 0.25rem;
    background: var(--bank);
  }
  .filter {
    position: relative;
    flex: 1;
    min-width: 0;
  }
  .filter svg {
    position: absolute;
    inset-inline-start: 0.75rem;
    inset-block-start: 0.875rem;
    color: var(--ink-soft);
    pointer-events: none;
  }
  .filter input {
    width: 100%;
    min-height: 2.75rem;
    padding: 0 0.75rem 0 2.25rem;
    border: 0;
    border-radius: var(--round-m);
    background: var(--paper);
    color: var(--ink);
    font: 1rem/1.5 var(--sans);
    box-shadow: inset 0 0 0 1px var(--line-strong);
  }
  .filter input:focus {
    outline: none;
    box-shadow: inset 0 0 0 2px var(--water);
  }
  .filter input::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  .done {
    flex: none;
    min-height: 2.75rem;
    padding: 0 0.75rem;
    border-radius: var(--round-m);
    color: var(--water);
    font-size: var(--size-s);
    font-weight: 700;
  }
  .done:hover {
    background: var(--hover);
  }
  .hint {
    padding: 0.25rem 0.625rem 0.5rem;
    color: var(--ink-soft);
    font-size: var(--size-s);
    line-height: 1.4;
  }
`;
