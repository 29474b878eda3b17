import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { peopleText } from '../state/people-text.ts';
import { base } from '../theme/base.ts';
import { closeIcon } from '../theme/icons.ts';
import { dialogStyles } from './dialog.styles.ts';

/** A dialog has closed; `room`: the one to show now. */
export class DialogClosedEvent extends Event {
  static readonly type = 'weir-dialog-closed';
  readonly room: RoomKey | undefined;

  constructor(room: RoomKey | undefined) {
    super(DialogClosedEvent.type, { bubbles: true, composed: true });
    this.room = room;
  }
}

/**
 * What all dialogs share: they are loaded when first opened, shown as soon as they are in the page, and closed by Escape, the
 * cross, or their own work being done. Fields are filled once, so nothing that happens meanwhile touches what is typed.
 */
export abstract class WeirDialog extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;

  @state() protected problem: string | undefined;
  @state() protected busy = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  #goTo: RoomKey | undefined;

  static override readonly styles = [base, dialogStyles];

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  /** @param room where the person goes next */
  protected close(room?: RoomKey): void {
    this.#goTo = room;
    this.dialog.close();
  }

  protected frame(title: string, body: TemplateResult): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#onClose}>
      <header role="presentation">
        <h2 id="title">${title}</h2>
        <button
          class="icon-button"
          type="button"
          aria-label=${peopleText.dialogs.close}
          @click=${() => this.close()}
        >
          ${closeIcon()}
        </button>
      </header>
      ${body}
    </dialog>`;
  }

  protected problemLine(): TemplateResult {
    return html`<p class="problem" id="problem" role="alert">${this.problem ?? nothing}</p>`;
  }

  /** Runs one piece of work at a time; its sentence is shown when it fails. */
  protected async work(run: () => Promise<string | undefined>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.problem = await run();
    this.busy = false;
  }

  readonly #onClose = (): void => {
    this.dispatchEvent(new DialogClosedEvent(this.#goTo));
  };
}

declare global {
  interface HTMLElementEventMap {
    'weir-dialog-closed': DialogClosedEvent;
  }
}
