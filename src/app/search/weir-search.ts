import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomKey } from '../../shared/brand.ts';
import { BackChosenEvent } from '../shell/back-event.ts';
import { notice, noticeStyles } from '../shell/notice.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { isPlainClick } from '../state/plain-click.ts';
import { dmsPath, messagePath } from '../state/router.ts';
import type { SearchHit, SearchResults } from '../state/search-api.ts';
import { base } from '../theme/base.ts';
import { backIcon, searchIcon } from '../theme/icons.ts';
import { listRow } from '../theme/list-row.ts';
import { paneHeader } from '../theme/pane-header.ts';
import { pebble, pebbleStyles } from '../theme/pebble.ts';
import { searchText } from './search-text.ts';
import { searchStyles } from './weir-search.styles.ts';

/** What is looked for has changed; the address keeps it. */
export class SearchTypedEvent extends Event {
  static readonly type = 'weir-search-typed';
  readonly words: string;
  readonly room: RoomKey | undefined;

  constructor(words: string, room: RoomKey | undefined) {
    super(SearchTypedEvent.type, { bubbles: true, composed: true });
    this.words = words;
    this.room = room;
  }
}

/** A message that was found is to be shown where it was said. */
export class HitChosenEvent extends Event {
  static readonly type = 'weir-hit-chosen';
  readonly hit: SearchHit;

  constructor(hit: SearchHit) {
    super(HitChosenEvent.type, { bubbles: true, composed: true });
    this.hit = hit;
  }
}

/**
 * Looks for words in all messages that are stored here, while they are typed. Down from the field leads into the results, the
 * arrow keys through them; Escape leads back.
 */
@customElement('weir-search')
export class WeirSearch extends LitElement {
  /** What is looked for. */
  @property() words = '';
  /** Where one came from: the search can be kept to it. */
  @property() room: RoomKey | undefined;
  @property() roomName = '';

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  @state() private onlyHere = false;
  @state() private results: SearchResults | undefined;
  @state() private isDone = true;
  @state() private failure: string | undefined;

  @query('input[type=search]') private readonly field!: HTMLInputElement;

  /** Of the newest search: an older one stops. */
  #run = 0;

  static override readonly styles = [
    base,
    noticeStyles,
    pebbleStyles,
    listRow,
    paneHeader,
    searchStyles,
  ];

  constructor() {
    super();
    this.addEventListener('keydown', this.#onKey);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room')) this.onlyHere = this.room !== undefined;
    if (changed.has('weir') || changed.has('words') || changed.has('room')) void this.#search();
  }

  protected override firstUpdated(): void {
    this.field.focus();
  }

  override render(): TemplateResult {
    return html`
      <header>
        <button
          class="icon-button"
          type="button"
          aria-label=${searchText.back}
          @click=${this.#back}
        >
          ${backIcon()}
        </button>
        <h2 class="hush">${searchText.title}</h2>
        <div class="field" role="search">
          ${searchIcon()}
          <input
            type="search"
            aria-label=${searchText.label}
            placeholder=${searchText.placeholder}
            enterkeyhint="search"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            dir="auto"
            .value=${this.words}
            @input=${this.#onInput}
          />
        </div>
      </header>
      ${this.room === undefined ? nothing : this.#scope()}
      <p class="status" role="status">${this.#status()}</p>
      <div class="results">${this.#body()}</div>
    `;
  }

  #scope(): TemplateResult {
    const choice = (onlyHere: boolean, label: string): TemplateResult =>
      html`<label>
        <input
          type="radio"
          name="scope"
          .checked=${this.onlyHere === onlyHere}
          @change=${() => {
            this.onlyHere = onlyHere;
            void this.#search();
          }}
        />
        <span>${label}</span>
      </label>`;
    return html`<fieldset class="scope">
      <legend class="hush">${searchText.scope}</legend>
      ${choice(false, searchText.everywhere)} ${choice(true, searchText.inRoom(this.roomName))}
    </fieldset>`;
  }

  #status(): string {
    const { results, isDone } = this;
    if (this.words.trim() === '') return '';
    if (!isDone) return searchText.looking(results?.read ?? 0, results?.of ?? 0);
    return results ? searchText.found(results.total, results.hits.length) : '';
  }

  #body(): TemplateResult {
    const { results } = this;
    if (this.failure !== undefined) {
      return html`<p class="status" role="alert">${searchText.failed(this.failure)}</p>`;
    }
    if (this.words.trim() === '') {
      return notice({ flow: 'level', title: searchText.emptyTitle, body: searchText.emptyBody });
    }
    if (this.isDone && results?.total === 0) {
      return notice({ flow: 'dry', title: searchText.nothingTitle, body: searchText.nothingBody });
    }
    const now = Date.now();
    return html`<ol aria-label=${searchText.results}>
      ${repeat(results?.hits ?? [], keyOf, (hit) => this.#row(hit, now))}
    </ol>`;
  }

  #row(hit: SearchHit, now: number): TemplateResult {
    const { where, at } = hit;
    const place = where.type === 'dm' ? searchText.dm(where.peerName) : hit.roomName;
    return html`<li>
      <a class="row" href=${pathOf(hit)} @click=${(event: MouseEvent) => this.#choose(event, hit)}>
        ${pebble(hit.room, hit.roomName)}
        <span class="name"
          ><bdi>${hit.mine ? searchText.you(hit.author) : hit.author}</bdi>
          <span class="place">· <bdi>${place}</bdi></span></span
        >
        <time datetime=${ifDefined(machineTime(at))} title=${fullTime(at)}
          >${listTime(at, now)}</time
        >
        <span class="preview" dir="auto">${marked(hit)}</span>
      </a>
    </li>`;
  }

  async #search(): Promise<void> {
    const run = ++this.#run;
    const { weir, words } = this;
    this.failure = undefined;
    this.isDone = false;
    try {
      if (weir && words.trim() !== '') {
        const room = this.onlyHere ? this.room : undefined;
        for await (const results of weir.search.run(words, room)) {
          if (run !== this.#run) return;
          this.results = results;
        }
      } else this.results = undefined;
    } catch (error) {
      if (run === this.#run) this.failure = String(error);
    }
    if (run === this.#run) this.isDone = true;
  }

  readonly #onInput = (): void => {
    this.words = this.field.value;
    this.dispatchEvent(new SearchTypedEvent(this.words, this.room));
  };

  readonly #back = (): void => {
    this.dispatchEvent(new BackChosenEvent());
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { altKey, ctrlKey, metaKey } = event;
    if (event.defaultPrevented || event.isComposing || altKey || ctrlKey || metaKey) return;
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>('a.row')];
    const at = links.findIndex((link) => link.matches(':focus'));
    if (event.key === 'Escape') this.#back();
    else if (event.key === 'ArrowDown') links[at + 1]?.focus();
    else if (event.key === 'ArrowUp' && at === 0) this.field.focus();
    else if (event.key === 'ArrowUp' && at > 0) links[at - 1]?.focus();
    else return;
    event.preventDefault();
  };

  #choose(event: MouseEvent, hit: SearchHit): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.dispatchEvent(new HitChosenEvent(hit));
  }
}

const keyOf = ({ room, where, at, text }: SearchHit): string =>
  where.type === 'message' ? `${room} ${where.id}` : `${room} ${where.peer} ${at} ${text}`;

const pathOf = ({ room, where }: SearchHit): string =>
  where.type === 'dm' ? dmsPath(room, where.peer) : messagePath(room, where.id);

function marked({ text, marks }: SearchHit): readonly (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return [...parts, text.slice(at)];
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-search': WeirSearch;
  }
}
