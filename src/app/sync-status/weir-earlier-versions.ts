import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { MigrationReason, MigrationStatus, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';

/**
 * What became of the search for rooms of earlier versions: a line while it goes on, and afterwards, where not everything is
 * proved to be here, the reasons for who wants to know them. It is never announced and never in the way.
 */
@customElement('weir-earlier-versions')
export class WeirEarlierVersions extends LitElement {
  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  readonly #status = new LiveController<MigrationStatus>(this);

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
      }
      .line,
      summary,
      .reasons {
        padding: 0 1rem 0.625rem;
        font-size: var(--size-s);
        line-height: 1.4;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .line {
        font-variant-numeric: tabular-nums;
      }
      summary {
        min-height: 1.75rem;
        cursor: pointer;
      }
      .reasons {
        max-height: 12rem;
        overflow-y: auto;
      }
      .reasons p + p {
        margin-top: 0.375rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#status.watch(this.weir?.sync.migration);
  }

  override render(): TemplateResult | typeof nothing {
    const status = this.#status.value;
    switch (status?.type) {
      case 'running':
        return html`<p class="line">${text.sync.looking(status.asked, status.of)}</p>`;
      case 'waiting':
        return this.#reasons(text.sync.earlier.waiting, [status.reason]);
      case 'open':
        return this.#open(status.reasons);
      default:
        return nothing;
    }
  }

  #open(reasons: readonly MigrationReason[]): TemplateResult {
    const told = reasons.map((reason) => text.sync.earlierReason(reason));
    // that nobody answers is the ordinary case of somebody who has never used an earlier version
    if (reasons.every(({ type }) => type === 'silent')) {
      return this.#reasons(text.sync.earlier.none, told);
    }
    return this.#reasons(text.sync.earlier.open, [...told, text.sync.earlier.left]);
  }

  #reasons(summary: string, reasons: readonly string[]): TemplateResult {
    return html`<details>
      <summary>${summary}</summary>
      <div class="reasons" tabindex="0" role="group" aria-label=${summary}>
        ${reasons.map((reason) => html`<p>${reason}</p>`)}
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-earlier-versions': WeirEarlierVersions;
  }
}
