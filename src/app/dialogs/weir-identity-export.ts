import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { joinText } from '../state/join-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';
import { download, fileName } from './download.ts';

/** The person's identity in a room, to take to another device: shown only when asked for, to copy or to save. */
@customElement('weir-identity-export')
export class WeirIdentityExport extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property() room: RoomKey | undefined;
  @property() roomName = '';

  @state() private token: string | undefined;
  @state() private problem = '';
  @state() private told: 'copied' | 'saved' | undefined;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
      }
      .button {
        min-height: 2.75rem;
      }
      textarea {
        min-height: 9rem;
        margin: 0.75rem 0;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-bottom: 0.5rem;
      }
    `,
  ];

  /** A key never stays on screen for another room. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room')) this.token = undefined;
  }

  override render(): TemplateResult {
    const { identity } = joinText;
    return html`${
        this.token === undefined
          ? html`<button class="button" type="button" @click=${() => void this.#show()}>
              ${identity.show}
            </button>`
          : this.#shown(this.token)
      }
      <p class="problem" role="alert">${this.problem}</p>`;
  }

  #shown(token: string): TemplateResult {
    const { identity } = joinText;
    const { told } = this;
    return html`<p class="warning">${identity.warning}</p>
      <textarea
        class="code"
        readonly
        aria-label=${identity.label}
        .value=${token}
        @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}
      ></textarea>
      <div class="ways">
        <button class="button" type="button" @click=${() => void this.#copy(token)}>
          ${told === 'copied' ? identity.copied : identity.copy}
        </button>
        <button class="button" type="button" @click=${() => this.#save(token)}>
          ${told === 'saved' ? identity.saved : identity.save}
        </button>
      </div>
      <p class="hush" role="status">${told === undefined ? nothing : identity[told]}</p>
      <p class="hint">${identity.how}</p>`;
  }

  async #show(): Promise<void> {
    if (this.room === undefined) return;
    const exported = await this.weir?.people.exportIdentity(this.room);
    if (!exported) return;
    this.problem = exported.ok ? '' : text.editError(exported.error);
    if (!exported.ok) return;
    this.token = exported.value;
    await this.updateComplete;
    this.renderRoot.querySelector('textarea')?.focus();
  }

  async #copy(token: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(token);
      this.told = 'copied';
    } catch {
      this.problem = text.actions.notCopied; // no permission: the text is there to be selected
      this.renderRoot.querySelector('textarea')?.focus();
    }
  }

  #save(token: string): void {
    const content = new Blob([`${token}\n`], { type: 'text/plain' });
    download(content, fileName('river-identity', this.roomName, 'txt'));
    this.told = 'saved';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-identity-export': WeirIdentityExport;
  }
}
