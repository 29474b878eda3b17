import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Millis } from '../../shared/brand.ts';
import type { SyncStatus, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import type { Flow } from '../theme/weir-glyph.ts';
import { keyIcon } from '../theme/icons.ts';
import '../theme/weir-glyph.ts';
import './weir-earlier-versions.ts';
import { NodeWantedEvent } from './node-wanted-event.ts';

const FLOWS: Readonly<Record<SyncStatus['type'], Flow>> = {
  'all-on-node': 'level',
  'stored-here': 'held',
  syncing: 'leaving',
  refused: 'shut',
  offline: 'dry',
};

/**
 * Where the edits of all rooms are, in one place that does not move. `bar` is the form for a phone's conversation: it is
 * seen only when something keeps the edits here.
 *
 * The headline is announced (refusals as an alert); the ticking line beside it is not, or it would speak every second.
 */
@customElement('weir-sync-status')
export class WeirSyncStatus extends LitElement {
  @property({ type: Boolean, reflect: true }) bar = false;

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  readonly #status = new LiveController<SyncStatus>(this);
  readonly #isShared = new LiveController<boolean>(this);
  readonly #ticker = new Ticker(this);

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        font-size: var(--size-s);
        line-height: 1.4;
        color: var(--ink-soft);
      }
      .panel {
        display: flex;
        gap: 0.75rem;
        align-items: center;
        min-height: 3.75rem;
        padding: 0.625rem 1rem;
      }
      .panel.trouble {
        align-items: flex-start;
        background: var(--amber-soft);
        color: var(--ink);
      }
      .panel.refused {
        background: var(--rust-soft);
      }
      weir-glyph {
        flex: none;
      }
      .words {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .headline {
        font-weight: 600;
        color: var(--ink);
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 5;
        overflow: hidden;
      }
      .reason {
        color: var(--ink);
      }
      .detail {
        font-variant-numeric: tabular-nums;
      }
      .trouble .detail {
        color: var(--ink);
      }
      .button {
        align-self: center;
        min-height: 2.25rem;
        padding: 0.25rem 0.875rem;
        font-size: var(--size-s);
        color: inherit;
      }
      .drains {
        padding: 0 1rem 0.75rem;
      }
      .shared {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        width: 100%;
        min-height: 2.75rem;
        padding: 0 1rem;
        border-top: 1px solid var(--line);
        color: var(--ink-soft);
        font-size: var(--size-s);
        text-align: start;
      }
      .shared:hover {
        background: var(--hover);
        color: var(--ink);
      }
      :host([bar]) .panel {
        min-height: 0;
        padding: 0.375rem 1rem;
      }
      :host([bar]) weir-glyph {
        width: 2rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#status.watch(this.weir?.sync.status);
    this.#isShared.watch(this.weir?.node.isShared);
    const status = this.#status.value;
    this.#ticker.every(
      status?.nextTryAt !== undefined ? 1_000 : status?.since !== undefined ? 15_000 : undefined,
    );
  }

  override render(): TemplateResult {
    const status = this.#status.value;
    const troubled = status?.type === 'refused' || status?.type === 'offline';
    const refused = status?.type === 'refused';
    const shown = status && (!this.bar || troubled) ? status : undefined;
    return html`
      <div
        class="panel ${troubled ? 'trouble' : ''} ${refused ? 'refused' : ''}"
        ?hidden=${shown === undefined}
      >
        <weir-glyph .flow=${FLOWS[shown?.type ?? 'all-on-node']}></weir-glyph>
        <div class="words">
          <p class="headline" role="status">
            ${shown && !refused ? text.sync.headline(shown) : nothing}
          </p>
          <p class="headline" role="alert">
            ${shown && refused ? text.sync.headline(shown) : nothing}
          </p>
          ${shown ? this.#detail(shown) : nothing}
        </div>
        ${
          troubled
            ? html`<button class="button" type="button" @click=${() => this.weir?.sync.retry()}>
                ${text.sync.retry}
              </button>`
            : nothing
        }
      </div>
      ${
        status?.pageDrains && !this.bar
          ? html`<p class="drains">${text.sync.pageDrains}</p>`
          : nothing
      }
      ${this.bar ? nothing : html`<weir-earlier-versions .weir=${this.weir}></weir-earlier-versions>`}
      ${
        this.#isShared.value && !this.bar
          ? html`<button
              class="shared"
              type="button"
              aria-haspopup="dialog"
              @click=${() => this.dispatchEvent(new NodeWantedEvent())}
            >
              ${keyIcon()} ${text.sync.sharedNode}
            </button>`
          : nothing
      }
    `;
  }

  #detail(status: SyncStatus): TemplateResult {
    const parts = details(status, this.#ticker.now);
    const reason = status.type === 'offline' ? status.reason : undefined; // a refusal says it in the headline
    return html`
      ${reason === undefined ? nothing : html`<p class="reason">${reason}</p>`}
      ${parts.length > 0 ? html`<p class="detail">${parts.join(' · ')}</p>` : nothing}
    `;
  }
}

/** What the headline leaves out: how many rooms wait, since when, and when it is tried again. */
function details(status: SyncStatus, now: Millis): readonly string[] {
  if (status.type === 'all-on-node') return [];
  const parts: string[] = [];
  const troubled = status.type === 'refused' || status.type === 'offline';
  if (troubled && status.pendingRooms > 0) parts.push(text.sync.waiting(status.pendingRooms));
  if (status.since !== undefined && status.type !== 'syncing') {
    parts.push(text.sync.since(now - status.since));
  }
  if (status.nextTryAt !== undefined) parts.push(text.sync.nextTry(status.nextTryAt - now));
  else if (status.type === 'refused') parts.push(text.sync.waitsForYou);
  return parts;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-sync-status': WeirSyncStatus;
  }
}
