import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { closeIcon } from '../theme/icons.ts';
import type { ToastAction, ToastEvent } from './toast-events.ts';

const SHOWN_MS = 8_000;

/** The last thing that was told, for some seconds: it stays while the pointer or the focus is on it. */
@customElement('weir-toast')
export class WeirToast extends LitElement {
  @state() private message: string | undefined;
  @state() private action: ToastAction | undefined;

  #timer: ReturnType<typeof setTimeout> | undefined;

  static override readonly styles = [
    base,
    css`
      :host {
        position: fixed;
        inset-inline: 0;
        bottom: max(6rem, calc(env(safe-area-inset-bottom) + 6rem));
        z-index: 2;
        display: grid;
        justify-items: center;
        padding: 0 0.75rem;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        max-width: 100%;
        padding: 0.25rem 0.375rem 0.25rem 1rem;
        border-radius: var(--round-m);
        background: var(--ink);
        color: var(--mist);
        box-shadow: var(--shadow);
        font-size: var(--size-s);
        line-height: 1.4;
        pointer-events: auto;
      }
      .act {
        flex: none;
        min-height: 2.5rem;
        padding: 0 0.75rem;
        font-weight: 700;
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .icon-button,
      .icon-button:hover {
        width: 2.5rem;
        height: 2.5rem;
        color: inherit;
      }
      button:focus-visible {
        outline-color: currentColor;
        outline-offset: -3px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div role="status">
      ${this.message === undefined ? nothing : this.#toast(this.message)}
    </div>`;
  }

  tell({ message, action }: Pick<ToastEvent, 'message' | 'action'>): void {
    this.message = message;
    this.action = action;
    this.#wait();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #toast(message: string): TemplateResult {
    return html`<div
      class="toast"
      @pointerenter=${this.#stay}
      @pointerleave=${this.#wait}
      @focusin=${this.#stay}
      @focusout=${this.#wait}
    >
      <span>${message}</span>
      ${
        this.action
          ? html`<button class="act" type="button" @click=${this.#run}>
              ${this.action.label}
            </button>`
          : nothing
      }
      <button class="icon-button" type="button" aria-label=${text.app.dismiss} @click=${this.#hide}>
        ${closeIcon(16)}
      </button>
    </div>`;
  }

  readonly #stay = (): void => clearTimeout(this.#timer);

  readonly #wait = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#hide, SHOWN_MS);
  };

  readonly #hide = (): void => {
    clearTimeout(this.#timer);
    this.message = undefined;
    this.action = undefined;
  };

  readonly #run = (): void => {
    const { action } = this;
    this.#hide();
    action?.run(this);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-toast': WeirToast;
  }
}
