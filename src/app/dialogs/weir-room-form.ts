import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { utf8 } from '../../shared/bytes.ts';
import type { Conversation, WeirApi } from '../state/api.ts';
import type { RoomChange, RoomLimits } from '../state/people-api.ts';
import { roomText } from '../state/room-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';

const LIMITS = Object.keys(roomText.limit) as (keyof RoomLimits)[];
const MAX_LIMIT = 0xffff_ffff;

/** What the fields were filled with: only what the person has changed since is saved. */
interface Filled {
  readonly name: string;
  readonly description: string;
  readonly limits: RoomLimits;
}

/**
 * A room's texts and limits: a form for the owner, to be read by the others. One save is one edit, with only what was changed in
 * it. News of the room fills the fields that nobody has touched, and never takes typed words away.
 */
@customElement('weir-room-form')
export class WeirRoomForm extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property({ attribute: false }) conversation: Conversation | undefined;

  @state() private saved = false;
  @state() private busy = false;
  @state() private problem: string | undefined;

  #filled: Filled | undefined;
  #warned: string | undefined;

  @query('#name') private readonly nameField!: HTMLInputElement | null;
  @query('#description') private readonly descriptionField!: HTMLTextAreaElement | null;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
      }
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
        min-height: 2.75rem;
        margin: 0 !important;
        padding: 0.25rem 0.5rem !important;
        text-align: end;
      }
      .about {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      p + h3 {
        margin-top: 1rem;
      }
      dl + .limits,
      .warning {
        margin-top: 0.5rem;
      }
    `,
  ];

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('conversation')) this.#fill();
  }

  override focus(): void {
    this.nameField?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const room = this.conversation;
    if (!room) return nothing;
    return room.canRename ? this.#form(room) : reading(room);
  }

  #form(room: Conversation): TemplateResult {
    return html`<form novalidate @submit=${this.#onSave} @input=${this.#onInput}>
      <div class="field">
        <label for="name">${roomText.name}</label>
        <input id="name" dir="auto" autocomplete="off" aria-describedby="problem" />
      </div>
      <div class="field">
        <label for="description">${roomText.description}</label>
        <textarea
          id="description"
          dir="auto"
          placeholder=${roomText.descriptionPlaceholder}
          aria-describedby="problem"
        ></textarea>
      </div>
      <h3>${roomText.limits}</h3>
      <dl class="limits">${places(room)}</dl>
      ${warningWhenFull(room)}
      <div class="limits">
        ${LIMITS.map(
          (limit) =>
            html`<label for=${limit}>${roomText.limit[limit]}</label>
              <input
                id=${limit}
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="problem"
              />`,
        )}
      </div>
      <p class="problem" id="problem" role="alert">${this.problem ?? nothing}</p>
      <p class="hush" role="status">${this.saved ? roomText.saved : nothing}</p>
      <div class="actions">
        <button class="button strong" type="submit" ?disabled=${this.busy}>
          ${this.saved ? roomText.saved : roomText.save}
        </button>
      </div>
    </form>`;
  }

  #fill(): void {
    const room = this.conversation;
    if (!room?.canRename) return;
    const next: Filled = {
      name: room.name,
      description: room.description ?? '',
      limits: room.details.limits,
    };
    const before = this.#filled;
    const { nameField, descriptionField } = this;
    if (nameField) refill(nameField, before?.name, next.name);
    if (descriptionField) refill(descriptionField, before?.description, next.description);
    for (const limit of LIMITS) {
      const field = this.#limitField(limit);
      if (field) refill(field, before && String(before.limits[limit]), String(next.limits[limit]));
    }
    this.#filled = next;
  }

  #limitField(limit: keyof RoomLimits): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${limit}`);
  }

  readonly #onInput = (): void => {
    this.problem = undefined;
    this.saved = false;
  };

  readonly #onSave = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { weir, conversation: room } = this;
    if (this.busy || !weir || !room) return;
    const change = this.#change(room);
    if (typeof change === 'string') {
      this.problem = change;
      return;
    }
    const loss = lossOf(room, change);
    if (loss !== undefined && loss !== this.#warned) {
      this.#warned = loss;
      this.problem = `${loss} ${roomText.saveAgain}`;
      return;
    }
    this.busy = true;
    this.problem = undefined;
    const changed =
      Object.keys(change).length > 0
        ? await weir.people.changeRoom(room.room, change)
        : ({ ok: true } as const);
    this.busy = false;
    if (changed.ok) this.saved = true;
    else this.problem = text.editError(changed.error);
  };

  /** What the person has changed, or a sentence about what can't be. */
  #change(room: Conversation): RoomChange | string {
    const filled = this.#filled;
    const name = this.nameField?.value.trim() ?? '';
    const description = this.descriptionField?.value.trim() ?? '';
    if (name === '') return text.rename.empty;
    const limits: Partial<Record<keyof RoomLimits, number>> = {};
    for (const limit of LIMITS) {
      const typed = this.#limitField(limit)?.value.trim() ?? '';
      const value = /^\d{1,10}$/.test(typed) ? Number(typed) : 0;
      if (value < 1 || value > MAX_LIMIT) return roomText.limitWrong;
      if (value !== filled?.limits[limit]) limits[limit] = value;
    }
    const { maxRoomName, maxRoomDescription } = { ...room.details.limits, ...limits };
    if (utf8(name).length > maxRoomName) return roomText.nameTooLong(maxRoomName);
    if (utf8(description).length > maxRoomDescription) {
      return roomText.descriptionTooLong(maxRoomDescription);
    }
    return {
      ...(name !== filled?.name.trim() && { name }),
      ...(description !== filled?.description.trim() && { description: description || null }),
      ...(Object.keys(limits).length > 0 && { limits }),
    };
  }
}

/** A field that nobody has touched follows the room. */
function refill(
  field: HTMLInputElement | HTMLTextAreaElement,
  before: string | undefined,
  next: string,
): void {
  if (before === undefined || field.value === before) field.value = next;
}

/** What lower limits would take away: said once before it is done. */
function lossOf(
  { memberCount, details }: Conversation,
  { limits = {} }: RoomChange,
): string | undefined {
  const { maxRecentMessages, maxMembers, maxUserBans } = limits;
  const losses = [
    maxRecentMessages !== undefined && maxRecentMessages < details.limits.maxRecentMessages
      ? roomText.fewerMessages(maxRecentMessages)
      : undefined,
    maxMembers !== undefined && maxMembers < memberCount - 1
      ? roomText.fewerMembers(memberCount - 1 - maxMembers)
      : undefined,
    maxUserBans !== undefined && maxUserBans < details.limits.maxUserBans
      ? roomText.fewerBans(maxUserBans)
      : undefined,
  ].filter((loss) => loss !== undefined);
  return losses.length > 0 ? losses.join(' ') : undefined;
}

const places = ({ memberCount, details }: Conversation): TemplateResult =>
  html`<dt>${roomText.membersLabel}</dt>
    <dd>${roomText.members(memberCount - 1, details.limits.maxMembers)}</dd>`;

const warningWhenFull = ({ memberCount, details }: Conversation): TemplateResult | typeof nothing =>
  memberCount - 1 >= details.limits.maxMembers
    ? html`<p class="warning">${roomText.full}</p>`
    : nothing;

function reading(room: Conversation): TemplateResult {
  return html`<p class="label">${room.name}</p>
    ${room.description ? html`<p class="about" dir="auto">${room.description}</p>` : nothing}
    ${room.readOnlyReason === undefined ? nothing : html`<p class="quiet">${room.readOnlyReason}</p>`}
    ${
      room.isAwaiting
        ? nothing
        : html`<h3>${roomText.limits}</h3>
            <dl class="limits">
              ${places(room)}
              ${LIMITS.filter((limit) => limit !== 'maxMembers').map(
                (limit) =>
                  html`<dt>${roomText.limit[limit]}</dt>
                    <dd>${room.details.limits[limit].toLocaleString()}</dd>`,
              )}
            </dl>
            ${warningWhenFull(room)}`
    }`;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-room-form': WeirRoomForm;
  }
}
