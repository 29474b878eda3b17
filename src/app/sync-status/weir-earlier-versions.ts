import { consume } from '@lit/context';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { MigrationReason, MigrationStatus, WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { LiveController } from '../state/live-controller.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';

/**
 * What became of the search for rooms of earlier versions: a line while it goes on, and afterwards, where not everything is
 * proved to be here, the reasons for who wants to know them, and the way to have everything searched again. Only what the person
 * has asked for is announced.
 */
@customElement('weir-earlier-versions')
export class WeirEarlierVersions extends LitElement {
  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  readonly #status = new LiveController<MigrationStatus>(this);

  @state() private asked = false;
  @state() private answer = '';

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
        min-height: 2.75rem;
        padding-block: 0.75rem;
        cursor: pointer;
      }
      .reasons {
        max-height: 12rem;
        overflow-y: auto;
      }
      .again,
      .answer:not(:empty) {
        padding: 0 1rem 0.625rem;
      }
      .again .button {
        min-height: 2.75rem;
        font-size: var(--size-s);
      }
      .answer {
        font-size: var(--size-s);
        color: var(--ink);
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
      case 'nothing':
        return this.#reasons(text.sync.earlier.older, [text.sync.earlier.byItself]);
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
      <p class="again">
        <button class="button" type="button" ?disabled=${this.asked} @click=${this.#onAgain}>
          ${text.sync.earlier.again}
        </button>
      </p>
      <p class="answer" role="status">${this.answer}</p>
    </details>`;
  }

  readonly #onAgain = async (): Promise<void> => {
    this.asked = true;
    this.answer = '';
    try {
      await this.weir?.sync.searchAgain();
      this.answer = text.sync.earlier.asked;
    } catch {
      this.answer = text.sync.earlier.notAsked;
    }
    this.asked = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-earlier-versions': WeirEarlierVersions;
  }
}
