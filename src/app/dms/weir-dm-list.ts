import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { notice, noticeStyles } from '../shell/notice.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import type { DmThread, RoomDms } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { isPlainClick } from '../state/plain-click.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { listRow } from '../theme/list-row.ts';
import { pebbleStyles } from '../theme/pebble.ts';
import { unarchive } from './archive.ts';
import { DmsChosenEvent } from './dm-events.ts';
import { dmFoldStyles, dmRowStyles } from './dm-row.styles.ts';
import { dmRow } from './dm-row.ts';

/** The conversations of a room; the archived ones below, folded. */
@customElement('weir-dm-list')
export class WeirDmList extends LitElement {
  @property({ attribute: false }) dms: RoomDms | undefined;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  /** Whose conversation was taken out of the archive a moment ago. */
  #toFocus: string | undefined;

  readonly #ticker = new Ticker(this, 60_000);

  static override readonly styles = [
    base,
    noticeStyles,
    pebbleStyles,
    listRow,
    dmRowStyles,
    dmFoldStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        overflow-y: auto;
      }
      .all {
        width: 100%;
        max-width: var(--measure);
        margin: 0 auto;
        padding: 0.5rem 0.75rem 1rem;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.25rem;
      }
      summary {
        margin-top: 0.5rem;
      }
      .only {
        padding: 1rem 0.625rem;
        color: var(--ink-soft);
      }
      .out {
        flex: none;
        min-height: 2.75rem;
        padding: 0 0.625rem;
        border-radius: var(--round-m);
        color: var(--water);
        font-size: var(--size-s);
        font-weight: 600;
      }
      .out:hover {
        background: var(--hover);
      }
      @media (max-width: 480px) {
        .archived li {
          flex-wrap: wrap;
          justify-content: flex-end;
        }
        .archived .row {
          flex: 1 0 100%;
        }
      }
    `,
  ];

  /** The row has moved up: the focus goes with it. */
  protected override updated(): void {
    const peer = this.#toFocus;
    const thread = this.dms?.threads.find((each) => each.peer === peer);
    if (!thread || thread.isHidden) return;
    this.#toFocus = undefined;
    this.renderRoot.querySelector<HTMLElement>(`a[data-peer="${thread.peer}"]`)?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { dms } = this;
    if (!dms) return nothing;
    const shown = dms.threads.filter((thread) => !thread.isHidden);
    const archived = dms.threads.filter((thread) => thread.isHidden);
    if (shown.length + archived.length === 0) {
      const { emptyTitle: title, emptyBody: body } = dmText.list;
      return notice({ flow: 'level', title, body });
    }
    return html`<div class="all">
      ${
        shown.length > 0
          ? html`<ul aria-label=${dmText.list.label}>
              ${repeat(
                shown,
                ({ peer }) => peer,
                (thread) => html`<li>${this.#row(dms, thread)}</li>`,
              )}
            </ul>`
          : html`<p class="only">${dmText.list.onlyArchived}</p>`
      }
      ${archived.length > 0 ? this.#archived(dms, archived) : nothing}
    </div>`;
  }

  #archived(dms: RoomDms, threads: readonly DmThread[]): TemplateResult {
    const byName = threads.toSorted((a, b) => a.name.localeCompare(b.name));
    return html`<details class="archived">
      <summary>${dmText.list.archived(threads.length)}</summary>
      <ul aria-label=${dmText.list.archivedLabel}>
        ${repeat(
          byName,
          ({ peer }) => peer,
          (thread) =>
            html`<li>
              ${this.#row(dms, thread)}
              <button class="out" type="button" @click=${() => void this.#show(dms, thread)}>
                ${dmText.thread.unarchive}<span class="hush">: ${thread.name}</span>
              </button>
            </li>`,
        )}
      </ul>
    </details>`;
  }

  #row({ room }: RoomDms, thread: DmThread): TemplateResult {
    return dmRow(room, thread, this.#ticker.now, (event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      this.dispatchEvent(new DmsChosenEvent(room, thread.peer));
    });
  }

  async #show({ room }: RoomDms, { peer }: DmThread): Promise<void> {
    this.#toFocus = peer;
    if (!(await unarchive(this, this.weir?.dms, room, peer))) this.#toFocus = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-dm-list': WeirDmList;
  }
}
