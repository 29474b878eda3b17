import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import { byteBudget, type ByteBudget } from '../composer/byte-budget.ts';
import type { WeirApi } from '../state/api.ts';
import { confirmsComposition } from '../state/ime.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';

/** The dialog has closed; `renamed` when the new name is stored. */
export class RenameClosedEvent extends Event {
  static readonly type = 'weir-rename-closed';
  readonly renamed: boolean;

  constructor(renamed: boolean) {
    super(RenameClosedEvent.type, { bubbles: true, composed: true });
    this.renamed = renamed;
  }
}

/**
 * Asks for a room's new name. Loaded when it is first opened, and shown as soon as it is in the page. The field is filled once:
 * what happens to the room meanwhile never touches what is being typed.
 */
@customElement('weir-rename-dialog')
export class WeirRenameDialog extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property() room: RoomKey | undefined;
  @property() name = '';
  /** UTF-8 bytes. */
  @property({ type: Number }) maxNameBytes = 0;

  @state() private budget: ByteBudget = byteBudget('', 0);
  @state() private problem: string | undefined;
  @state() private busy = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('input') private readonly field!: HTMLInputElement;

  #renamed = false;

  static override readonly styles = [
    base,
    css`
      dialog {
        width: min(26rem, calc(100vw - 2rem));
        padding: 1.5rem;
        border: 0;
        border-radius: var(--round-l);
        background: var(--paper);
        color: var(--ink);
        box-shadow: var(--shadow);
        font-size: var(--size-m);
        line-height: 1.45;
      }
      dialog::backdrop {
        background: #06151acc;
      }
      h2 {
        font-family: var(--serif);
        font-size: var(--size-l);
        margin-bottom: 1rem;
      }
      label {
        font-weight: 600;
        font-size: var(--size-s);
      }
      input {
        display: block;
        width: 100%;
        margin: 0.25rem 0 0.375rem;
        padding: 0.5rem 0.75rem;
        border: 0;
        border-radius: var(--round-s);
        font: 1rem/1.5 var(--sans);
        color: var(--ink);
        background: var(--raised);
        box-shadow: inset 0 0 0 1px var(--line-strong);
      }
      input:focus {
        outline: none;
        box-shadow: inset 0 0 0 2px var(--water);
      }
      input[aria-invalid='true'] {
        box-shadow: inset 0 0 0 2px var(--rust);
      }
      .foot {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        font-size: var(--size-s);
        color: var(--ink-soft);
      }
      .counter {
        flex: none;
        font-variant-numeric: tabular-nums;
      }
      .over .counter,
      .problem {
        color: var(--rust);
      }
      .problem {
        min-height: 1.45em;
        margin-top: 0.5rem;
        font-size: var(--size-s);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 0.5rem;
        margin-top: 0.75rem;
      }
    `,
  ];

  override render(): TemplateResult {
    const { budget } = this;
    const wrong = this.problem !== undefined || budget.state === 'over';
    return html`<dialog aria-labelledby="title" @close=${this.#onClose}>
      <h2 id="title">${text.rename.title}</h2>
      <label for="name">${text.rename.label}</label>
      <input
        id="name"
        dir="auto"
        autocomplete="off"
        autofocus
        enterkeyhint="done"
        aria-describedby="hint problem"
        aria-invalid=${wrong}
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      />
      <p class="foot ${budget.state}">
        <span id="hint">${text.rename.hint}</span>
        <span class="counter">${text.composer.counter(budget.used, budget.max)}</span>
      </p>
      <p class="problem" id="problem" role="alert">
        ${this.problem ?? (budget.state === 'over' ? text.rename.tooLong(budget.max) : nothing)}
      </p>
      <div class="actions">
        <button class="button" type="button" @click=${() => this.dialog.close()}>
          ${text.rename.cancel}
        </button>
        <button
          class="button strong"
          type="button"
          ?disabled=${this.busy || budget.state === 'over'}
          @click=${() => void this.#commit()}
        >
          ${text.rename.save}
        </button>
      </div>
    </dialog>`;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.budget = byteBudget(this.name, this.maxNameBytes);
  }

  protected override firstUpdated(): void {
    this.field.value = this.name;
    this.dialog.showModal();
    this.field.select();
  }

  readonly #onInput = (): void => {
    this.budget = byteBudget(this.field.value.trim(), this.maxNameBytes);
    this.problem = undefined;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || confirmsComposition(event)) return;
    event.preventDefault();
    void this.#commit();
  };

  async #commit(): Promise<void> {
    const name = this.field.value.trim();
    if (this.busy || this.budget.state === 'over') return;
    if (name === '') {
      this.problem = text.rename.empty;
      return;
    }
    if (name === this.name || !this.weir || this.room === undefined) {
      this.dialog.close();
      return;
    }
    this.busy = true;
    const result = await this.weir.rooms.rename(this.room, name);
    this.busy = false;
    if (result.ok) {
      this.#renamed = true;
      this.dialog.close();
    } else {
      this.problem = text.editError(result.error);
    }
  }

  readonly #onClose = (): void => {
    this.dispatchEvent(new RenameClosedEvent(this.#renamed));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-rename-dialog': WeirRenameDialog;
  }
  interface HTMLElementEventMap {
    'weir-rename-closed': RenameClosedEvent;
  }
}
