import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import type { RoomSearches, RoomSearchStatus } from '../state/live-room-search.ts';
import { roomSearchText } from '../state/room-search-text.ts';
import { base } from '../theme/base.ts';

/** What became of the search for one room under its earlier contracts; nothing where the room was not looked for. */
@customElement('weir-room-search')
export class WeirRoomSearch extends LitElement {
  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  @property({ attribute: false }) room: RoomKey | undefined;

  readonly #searches = new LiveController<RoomSearches>(this);

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
      }
      section {
        margin-block-start: 1.25rem;
        font-size: var(--size-s);
        line-height: 1.4;
      }
      h3 {
        margin: 0 0 0.25rem;
        font-size: var(--size-s);
      }
      p {
        margin: 0;
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      summary {
        min-height: 2.75rem;
        padding-block: 0.75rem;
        color: var(--ink-soft);
        cursor: pointer;
      }
      .reasons {
        max-height: 12rem;
        overflow-y: auto;
      }
      .reasons p + p {
        margin-block-start: 0.375rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#searches.watch(this.weir?.sync.searches);
  }

  override render(): TemplateResult | typeof nothing {
    const status = this.room && this.#searches.value?.get(this.room);
    if (!status) return nothing;
    return html`<section aria-labelledby="heading">
      <h3 id="heading">${roomSearchText.heading}</h3>
      <p>${roomSearchText.line(status)}.</p>
      ${status.reasons.length > 0 ? reasonsOf(status) : nothing}
    </section>`;
  }
}

const reasonsOf = ({ reasons, answered, of }: RoomSearchStatus): TemplateResult =>
  html`<details>
    <summary>${roomSearchText.reasons}</summary>
    <div class="reasons" tabindex="0" role="group" aria-label=${roomSearchText.reasons}>
      ${reasons.map(
        ({ version, reason }) => html`<p>${roomSearchText.reason(version, reason)}</p>`,
      )}
      ${answered < of ? html`<p>${roomSearchText.silent}</p>` : nothing}
    </div>
  </details>`;

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-search': WeirRoomSearch;
  }
}
