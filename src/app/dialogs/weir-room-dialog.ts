import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { utf8 } from '../../shared/bytes.ts';
import type { Conversation } from '../state/api.ts';
import type { RoomChange, RoomLimits } from '../state/people-api.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import { RoomLeftEvent } from './room-left-event.ts';
import '../sync-status/weir-room-search.ts';
import './copy-field.ts';
import './weir-identity-export.ts';

const LIMITS = Object.keys(peopleText.details.limit) as (keyof RoomLimits)[];
const MAX_LIMIT = 0xffff_ffff;

/** All about one room: its texts and limits (the owner changes them), its keys, the person's identity in it, and the way out. */
@customElement('weir-room-dialog')
export class WeirRoomDialog extends WeirDialog {
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private saved = false;

  #warned: string | undefined;

  @query('#name') private readonly nameField!: HTMLInputElement | null;
  @query('#description') private readonly descriptionField!: HTMLTextAreaElement | null;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      .limits {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 0.375rem 1rem;
        font-size: var(--size-s);
      }
      .limits label,
      .limits dt {
        font-weight: 400;
      }
      dl {
        margin: 0;
      }
      dd {
        margin: 0;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .limits input {
        width: 7rem !important;
        margin: 0 !important;
        padding: 0.25rem 0.5rem !important;
        text-align: end;
      }
      .about {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .quiet + weir-copy-field,
      .about + .quiet {
        margin-top: 0.75rem;
      }
      section > .button {
        margin-top: 0.75rem;
      }
      weir-identity-export {
        margin-top: 0.75rem;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room) return nothing;
    const { details } = peopleText;
    return this.frame(
      details.title,
      html`${room.canRename ? this.#form(room) : reading(room)}
        <weir-room-search .weir=${this.weir} .room=${room.room}></weir-room-search>
        <section>
          <p class="quiet">
            ${
              room.details.secretVersion === undefined
                ? details.public
                : details.secretVersion(room.details.secretVersion)
            }
          </p>
          <weir-copy-field .label=${details.roomKey} .value=${room.room}></weir-copy-field>
          <weir-copy-field
            .label=${details.contractId}
            .value=${room.details.contractId}
          ></weir-copy-field>
        </section>
        <section>
          <h3>${details.identity}</h3>
          <p class="quiet">${details.identityHint}</p>
          <weir-identity-export
            .weir=${this.weir}
            .room=${room.room}
            .roomName=${room.name}
          ></weir-identity-export>
        </section>
        <section>
          <h3>${details.leave}</h3>
          <p class="quiet">${details.leaveHint} ${room.canRename ? details.leaveOwner : nothing}</p>
          <button
            class="button danger"
            type="button"
            ?disabled=${this.busy}
            @click=${() => void this.work(() => this.#leave(room))}
          >
            ${details.leave}
          </button>
        </section>`,
    );
  }

  #form(room: Conversation): TemplateResult {
    const { details } = peopleText;
    return html`<form
      novalidate
      @submit=${(event: Event) => this.#onSave(event, room)}
      @input=${this.#onInput}
    >
      <div class="field">
        <label for="name">${details.name}</label>
        <input id="name" dir="auto" autocomplete="off" autofocus aria-describedby="problem" />
      </div>
      <div class="field">
        <label for="description">${details.description}</label>
        <textarea id="description" dir="auto" aria-describedby="problem"></textarea>
      </div>
      <h3>${details.limits}</h3>
      <div class="limits">
        ${LIMITS.map(
          (limit) =>
            html`<label for=${limit}>${details.limit[limit]}</label>
              <input
                id=${limit}
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="problem"
              />`,
        )}
      </div>
      ${this.problemLine()}
      <p class="hush" role="status">${this.saved ? details.saved : nothing}</p>
      <div class="actions">
        <button class="button strong" type="submit" ?disabled=${this.busy}>
          ${this.saved ? details.saved : details.save}
        </button>
      </div>
    </form>`;
  }

  /** The fields are filled once: an edit from elsewhere never takes typed words away. */
  protected override firstUpdated(): void {
    const room = this.conversation;
    if (room?.canRename) {
      if (this.nameField) this.nameField.value = room.name;
      if (this.descriptionField) this.descriptionField.value = room.description ?? '';
      for (const limit of LIMITS) {
        const field = this.#limitField(limit);
        if (field) field.value = String(room.details.limits[limit]);
      }
    }
    super.firstUpdated();
  }

  #limitField(limit: keyof RoomLimits): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${limit}`);
  }

  readonly #onInput = (): void => {
    this.problem = undefined;
    this.saved = false;
  };

  #onSave(event: Event, room: Conversation): void {
    event.preventDefault();
    void this.work(async () => {
      const change = this.#change(room);
      if (typeof change === 'string') return change;
      const loss = this.#loss(room, change);
      if (loss !== undefined && loss !== this.#warned) {
        this.#warned = loss;
        return loss;
      }
      if (Object.keys(change).length > 0) {
        const changed = await this.weir?.people.changeRoom(room.room, change);
        if (changed && !changed.ok) return text.editError(changed.error);
      }
      this.saved = true;
      return undefined;
    });
  }

  /** What differs from the room as it is, or a sentence about what can't be. */
  #change(room: Conversation): RoomChange | string {
    const name = this.nameField?.value.trim() ?? '';
    const description = this.descriptionField?.value.trim() ?? '';
    if (name === '') return text.rename.empty;
    const limits: Partial<Record<keyof RoomLimits, number>> = {};
    for (const limit of LIMITS) {
      const typed = this.#limitField(limit)?.value.trim() ?? '';
      const value = /^\d{1,10}$/.test(typed) ? Number(typed) : 0;
      if (value < 1 || value > MAX_LIMIT) return peopleText.details.limitWrong;
      if (value !== room.details.limits[limit]) limits[limit] = value;
    }
    const maxName = limits.maxRoomName ?? room.details.limits.maxRoomName;
    if (utf8(name).length > maxName) return text.rename.tooLong(maxName);
    return {
      ...(name !== room.name && { name }),
      ...(description !== (room.description ?? '') && { description: description || null }),
      ...(Object.keys(limits).length > 0 && { limits }),
    };
  }

  /** What a lower limit would take away: said once before it is done. */
  #loss(room: Conversation, { limits }: RoomChange): string | undefined {
    const kept = limits?.maxRecentMessages;
    if (kept === undefined || kept >= room.details.limits.maxRecentMessages) return undefined;
    return peopleText.details.fewerMessages(kept);
  }

  /** No question is asked: leaving keeps everything, and can be taken back at once and later. */
  async #leave(room: Conversation): Promise<string | undefined> {
    const { weir } = this;
    if (!weir) return undefined;
    const left = await weir.people.leave(room.room);
    if (!left.ok) return text.editError(left.error);
    this.close();
    this.dispatchEvent(new RoomLeftEvent(room.room, room.name));
    return undefined;
  }
}

function reading(room: Conversation): TemplateResult {
  const { details } = peopleText;
  return html`<section>
      <p class="label">${room.name}</p>
      ${room.description ? html`<p class="about" dir="auto">${room.description}</p>` : nothing}
    </section>
    ${
      room.isAwaiting
        ? nothing
        : html`<section>
            <h3>${details.limits}</h3>
            <dl class="limits">
              ${LIMITS.map(
                (limit) =>
                  html`<dt>${details.limit[limit]}</dt>
                    <dd>${room.details.limits[limit].toLocaleString()}</dd>`,
              )}
            </dl>
          </section>`
    }`;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-dialog': WeirRoomDialog;
  }
}
