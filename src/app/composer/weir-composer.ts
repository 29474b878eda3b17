import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { Drafts } from '../state/drafts.ts';
import { confirmsComposition } from '../state/ime.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { sendIcon } from '../theme/icons.ts';
import { byteBudget, type ByteBudget } from './byte-budget.ts';
import { composerStyles } from './weir-composer.styles.ts';

/**
 * Where a message is written. The text lives in the field itself and in the room's draft, never in rendered state, so no
 * update can take typed words away. A refused edit puts its text back.
 */
@customElement('weir-composer')
export class WeirComposer extends LitElement {
  @property() room: RoomKey | undefined;
  @property() roomName = '';
  /** UTF-8 bytes. */
  @property({ type: Number }) maxTextBytes = 0;
  /** Why nobody can write here, in words; absent when the person can. */
  @property() readOnlyReason: string | undefined;
  @property({ attribute: false }) drafts = new Drafts();

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  @state() private budget: ByteBudget = byteBudget('', 0);
  @state() private blank = true;
  @state() private refusal: string | undefined;

  @query('textarea') private readonly field!: HTMLTextAreaElement | null;
  @query('.grow') private readonly grow!: HTMLElement | null;

  static override readonly styles = [base, composerStyles];

  override focus(options?: FocusOptions): void {
    this.field?.focus(options);
  }

  override render(): TemplateResult {
    if (this.readOnlyReason !== undefined) {
      return html`<p class="read-only">${this.readOnlyReason}</p>`;
    }
    const { budget } = this;
    const over = budget.state === 'over';
    return html`
      ${this.refusal === undefined ? nothing : html`<p class="refusal" role="alert">${this.refusal}</p>`}
      <div class="box ${over ? 'over' : ''}">
        <div class="grow">
          <textarea
            rows="1"
            dir="auto"
            enterkeyhint="send"
            autocapitalize="sentences"
            placeholder=${text.composer.placeholder}
            aria-label=${text.composer.label(this.roomName)}
            aria-describedby="limit"
            aria-invalid=${over}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
          ></textarea>
        </div>
        <button
          class="send"
          type="button"
          aria-label=${text.composer.send}
          ?disabled=${this.blank || over}
          @click=${this.#submit}
        >
          ${sendIcon()}
        </button>
      </div>
      <p class="foot ${budget.state}" ?hidden=${budget.state === 'free'}>
        <span>${over ? text.composer.tooLong(budget.used, budget.max) : nothing}</span>
        <span class="counter">${text.composer.counter(budget.used, budget.max)}</span>
      </p>
      <p class="hush" id="limit" role="status">
        ${over ? text.composer.overLimit : budget.state === 'near' ? text.composer.nearLimit : nothing}
      </p>
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room')) this.refusal = undefined;
    if (takesDraft(changed)) this.#measure(this.#draft());
    else if (changed.has('maxTextBytes')) this.#measure(this.field?.value ?? '');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (takesDraft(changed)) this.#fill(this.#draft());
  }

  #draft(): string {
    return this.room === undefined ? '' : this.drafts.get(this.room);
  }

  #show(draft: string): void {
    this.#fill(draft);
    this.#measure(draft);
  }

  #fill(draft: string): void {
    if (this.field && this.field.value !== draft) this.field.value = draft;
    this.#stretch(draft);
  }

  /** The field is as high as the copy of its text. */
  #stretch(typed: string): void {
    if (this.grow) this.grow.dataset['text'] = typed;
  }

  #measure(typed: string): void {
    this.budget = byteBudget(typed.trim(), this.maxTextBytes);
    this.blank = typed.trim() === '';
  }

  readonly #onInput = (): void => {
    const typed = this.field?.value ?? '';
    if (this.room !== undefined) this.drafts.set(this.room, typed);
    this.#stretch(typed);
    this.#measure(typed);
    this.refusal = undefined;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || confirmsComposition(event)) return;
    event.preventDefault();
    this.#submit();
  };

  readonly #submit = (): void => {
    const typed = this.field?.value ?? '';
    if (this.room === undefined || !this.weir || this.blank || this.budget.state === 'over') return;
    void this.#send(this.weir, this.room, typed.trim());
  };

  /** The field is free for the next words while the browser stores these; refused ones come back before them. */
  async #send(weir: WeirApi, room: RoomKey, message: string): Promise<void> {
    this.drafts.set(room, '');
    this.refusal = undefined;
    this.#show('');
    this.field?.focus();
    const result = await weir.rooms.sendMessage(room, message);
    if (result.ok) return;
    this.drafts.putBack(room, message);
    if (room !== this.room) return; // its draft waits there
    this.#show(this.#draft());
    this.refusal = text.editError(result.error);
  }
}

/** The field is new, or shows another room: it takes that room's draft. */
const takesDraft = (changed: PropertyValues<WeirComposer>): boolean =>
  changed.has('room') || changed.has('readOnlyReason');

declare global {
  interface HTMLElementTagNameMap {
    'weir-composer': WeirComposer;
  }
}
