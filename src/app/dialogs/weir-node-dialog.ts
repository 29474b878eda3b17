import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { KeyError } from '../state/node-api.ts';
import { nodeText } from '../state/node-text.ts';
import { peopleText } from '../state/people-text.ts';
import { base } from '../theme/base.ts';
import type { WeirCopyField } from './copy-field.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import './copy-field.ts';

/** A node of several people: what that means, the person's key to take along, and the way in with a key from elsewhere. */
@customElement('weir-node-dialog')
export class WeirNodeDialog extends WeirDialog {
  /** Shown when the person asks for it. */
  @state() private key: string | undefined;
  @state() private told: string | undefined;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      .quiet + .button,
      .quiet + weir-copy-field,
      .quiet + .field {
        margin-top: 0.75rem;
      }
    `,
  ];

  @query('#other') private readonly other!: HTMLInputElement;

  override render(): TemplateResult {
    return this.frame(
      nodeText.title,
      html`<section>
          <p>${nodeText.about}</p>
        </section>
        <section>
          <h3>${nodeText.move}</h3>
          <p class="quiet">${nodeText.moveHint}</p>
          ${this.#key()}
        </section>
        <form novalidate @submit=${this.#onSubmit} @input=${this.#onInput}>
          <h3>${nodeText.enter}</h3>
          <p class="quiet" id="hint">${nodeText.enterHint}</p>
          <div class="field">
            <label for="other">${nodeText.otherKey}</label>
            <input
              id="other"
              class="code"
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
              aria-describedby="hint problem"
              aria-invalid=${this.problem === undefined ? 'false' : 'true'}
            />
          </div>
          ${this.problemLine()}
          <p class="quiet" role="status">${this.told ?? nothing}</p>
          <div class="actions">
            <button class="button" type="submit" ?disabled=${this.busy}>${nodeText.take}</button>
            <button class="button strong" type="button" @click=${() => this.close()}>
              ${peopleText.dialogs.done}
            </button>
          </div>
        </form>`,
    );
  }

  #key(): TemplateResult {
    if (this.key === undefined) {
      return html`<button
        class="button"
        type="button"
        ?disabled=${this.busy}
        @click=${() => void this.work(() => this.#show())}
      >
        ${nodeText.show}
      </button>`;
    }
    return html`<weir-copy-field .label=${nodeText.key} .value=${this.key}></weir-copy-field>`;
  }

  async #show(): Promise<string | undefined> {
    const key = await this.weir?.node.key();
    if (!key) return undefined;
    if (!key.ok) return problemOf(key.error);
    this.key = key.value;
    await this.updateComplete;
    const field = this.renderRoot.querySelector<WeirCopyField>('weir-copy-field');
    await field?.updateComplete;
    field?.focus(); // the button that had it is gone
    return undefined;
  }

  readonly #onInput = (): void => {
    this.problem = undefined;
    this.told = undefined;
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.work(() => this.#take());
  };

  async #take(): Promise<string | undefined> {
    const taken = await this.weir?.node.takeKey(this.other.value);
    if (!taken) return undefined;
    if (!taken.ok) {
      this.other.focus();
      return problemOf(taken.error);
    }
    if (this.key !== undefined) this.key = this.other.value.trim();
    this.other.value = '';
    this.told = taken.value === 'taken' ? nodeText.taken : nodeText.same;
    return undefined;
  }
}

const problemOf = (error: KeyError): string =>
  error.type === 'NotAKey' ? nodeText.notAKey : nodeText.notStored(error.reason);

declare global {
  interface HTMLElementTagNameMap {
    'weir-node-dialog': WeirNodeDialog;
  }
}
