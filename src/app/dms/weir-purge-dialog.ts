import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { WeirDialog } from '../dialogs/dialog.ts';
import type { RoomKey } from '../../shared/brand.ts';
import type { DmThread } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { text } from '../state/text.ts';

/** Asks before what was received in a conversation is deleted for everybody. The safe answer has the focus. */
@customElement('weir-purge-dialog')
export class WeirPurgeDialog extends WeirDialog {
  @property({ attribute: false }) room: RoomKey | undefined;
  @property({ attribute: false }) thread: DmThread | undefined;

  override render(): TemplateResult | typeof nothing {
    const { room, thread } = this;
    if (room === undefined || !thread) return nothing;
    return this.frame(
      dmText.purge.title(thread.name),
      html`<p class="warning">${dmText.purge.body(thread.received)}</p>
        ${this.problemLine()}
        <div class="actions">
          <button class="button" type="button" autofocus @click=${() => this.close()}>
            ${dmText.purge.keep}
          </button>
          <button
            class="button danger"
            type="button"
            ?disabled=${this.busy}
            @click=${() => void this.work(() => this.#purge(room, thread))}
          >
            ${dmText.purge.confirm}
          </button>
        </div>`,
    );
  }

  async #purge(room: RoomKey, { peer }: DmThread): Promise<string | undefined> {
    const purged = await this.weir?.dms.purge(room, peer);
    if (purged && !purged.ok) return text.editError(purged.error);
    this.close();
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-purge-dialog': WeirPurgeDialog;
  }
}
