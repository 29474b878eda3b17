import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { Drafts, type ReplyTarget } from '../state/drafts.ts';
import type { MemberItem } from '../state/people-api.ts';
import { confirmsComposition } from '../state/ime.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { checkIcon, sendIcon } from '../theme/icons.ts';
import { pebbleStyles } from '../theme/pebble.ts';
import { byteBudget, type ByteBudget } from './byte-budget.ts';
import { modeBar, modeStyles, NEW, type ComposerMode } from './composer-mode.ts';
import {
  mentionChoice,
  mentionList,
  mentionStyles,
  mentionText,
  type MentionChoice,
} from './mention-choice.ts';
import { composerStyles } from './weir-composer.styles.ts';

/** The person wants to edit the last message that they wrote (ArrowUp in an empty field). */
export class EditLastEvent extends Event {
  static readonly type = 'weir-edit-last';

  constructor() {
    super(EditLastEvent.type, { bubbles: true, composed: true });
  }
}

/**
 * Where a message is written. The text lives in the field itself and in the room's draft, never in rendered state, so no
 * update can take typed words away. A refused edit puts its text back.
 */
@customElement('weir-composer')
export class WeirComposer extends LitElement {
  @property() room: RoomKey | undefined;
  /** The one member that reads it: a direct message, without replies and edits. */
  @property() peer: string | undefined;
  @property() roomName = '';
  /** UTF-8 bytes. */
  @property({ type: Number }) maxTextBytes = 0;
  /** Why nobody can write here, in words; absent when the person can. */
  @property() readOnlyReason: string | undefined;
  /** Who can be mentioned. */
  @property({ attribute: false }) members: readonly MemberItem[] = [];
  @property({ attribute: false }) drafts = new Drafts();

  @consume({ context: weirContext, subscribe: true })
  @property({ attribute: false })
  weir: WeirApi | undefined;

  @state() private budget: ByteBudget = byteBudget('', 0);
  @state() private blank = true;
  @state() private refusal: string | undefined;
  @state() private mode: ComposerMode = NEW;
  @state() private choice: MentionChoice | undefined;
  /** The limit of a reply or an edit, once it is known; a new message has `maxTextBytes`. */
  #limit: number | undefined;

  @query('textarea') private readonly field!: HTMLTextAreaElement | null;
  @query('.grow') private readonly grow!: HTMLElement | null;

  static override readonly styles = [base, pebbleStyles, modeStyles, mentionStyles, composerStyles];

  override focus(options?: FocusOptions): void {
    this.field?.focus(options);
  }

  /** The next message answers `target`; what is typed stays. */
  reply(target: ReplyTarget): void {
    if (this.room === undefined) return;
    this.drafts.setReplyTo(this.room, target);
    this.#enter({ type: 'reply', target });
  }

  /** An own message comes into the field; the draft waits until that is done. */
  edit(id: string, before: string): void {
    this.#enter({ type: 'edit', id, before });
  }

  /** Puts a text into the field to be sent again, before what is typed there. */
  writeAgain(message: string, replyTo?: ReplyTarget): void {
    if (this.room === undefined) return;
    this.drafts.putBack(this.room, message, replyTo);
    this.#enter(this.#modeOfDraft());
  }

  override render(): TemplateResult {
    if (this.readOnlyReason !== undefined) {
      return html`<p class="read-only">${this.readOnlyReason}</p>`;
    }
    const { budget } = this;
    const over = budget.state === 'over';
    const editing = this.mode.type === 'edit';
    return html`
      ${modeBar(this.mode, this.#cancel)}
      ${this.choice ? mentionList(this.choice, this.members, this.#mention) : nothing}
      ${this.refusal === undefined ? nothing : html`<p class="refusal" role="alert">${this.refusal}</p>`}
      <div class="box ${over ? 'over' : ''}">
        <div class="grow">
          <textarea
            rows="1"
            dir="auto"
            enterkeyhint="send"
            autocapitalize="sentences"
            placeholder=${text.composer.placeholder}
            aria-label=${editing ? text.composer.editLabel : text.composer.label(this.roomName)}
            aria-describedby="limit"
            aria-autocomplete="list"
            aria-controls=${this.choice ? 'mentions' : nothing}
            aria-activedescendant=${this.choice ? `mention-${this.choice.active}` : nothing}
            aria-invalid=${over}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
          ></textarea>
        </div>
        <button
          class="send"
          type="button"
          aria-label=${editing ? text.composer.save : text.composer.send}
          ?disabled=${this.blank || over}
          @click=${this.#submit}
        >
          ${editing ? checkIcon() : sendIcon()}
        </button>
      </div>
      <p class="foot ${budget.state}" ?hidden=${budget.state === 'free'}>
        <span>${over ? text.composer.tooLong(budget.used, budget.max) : nothing}</span>
        <span class="counter">${text.composer.counter(budget.used, budget.max)}</span>
      </p>
      <p class="hush" id="limit" role="status">
        ${this.choice ? text.composer.mentionCount(this.choice.members.length) : nothing}
        ${over ? text.composer.overLimit : budget.state === 'near' ? text.composer.nearLimit : nothing}
      </p>
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room') || changed.has('peer')) {
      this.refusal = undefined;
      this.choice = undefined;
    }
    if (takesDraft(changed)) {
      this.#setMode(this.#modeOfDraft());
      this.#measure(this.#draft());
    } else if (changed.has('maxTextBytes')) this.#measure(this.field?.value ?? '');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (takesDraft(changed)) this.#fill(this.#draft());
  }

  /** Where the draft lies. */
  get #place(): string {
    return draftPlace(this.room, this.peer);
  }

  #draft(): string {
    return this.drafts.get(this.#place);
  }

  #modeOfDraft(): ComposerMode {
    const target = this.drafts.replyTo(this.#place);
    return target ? { type: 'reply', target } : NEW;
  }

  #setMode(mode: ComposerMode): void {
    this.mode = mode;
    this.#limit = undefined;
    if (mode.type !== 'new') void this.#learnLimit(mode);
  }

  async #learnLimit(mode: ComposerMode): Promise<void> {
    const { room, weir } = this;
    if (room === undefined || !weir || mode.type === 'new') return;
    const id = mode.type === 'reply' ? mode.target.id : mode.id;
    const limit = await weir.rooms.textLimit(room, { type: mode.type, id });
    if (this.mode !== mode) return;
    this.#limit = limit;
    this.#measure(this.field?.value ?? '');
  }

  #enter(mode: ComposerMode): void {
    this.refusal = undefined;
    this.#setMode(mode);
    this.#show(mode.type === 'edit' ? mode.before : this.#draft());
    this.field?.focus();
  }

  readonly #cancel = (): void => {
    if (this.mode.type === 'reply' && this.room !== undefined) {
      this.drafts.setReplyTo(this.room, undefined);
    }
    this.#enter(this.#modeOfDraft());
  };

  #show(draft: string): void {
    this.choice = undefined;
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
    this.budget = byteBudget(typed.trim(), this.#limit ?? this.maxTextBytes);
    this.blank = typed.trim() === '';
  }

  readonly #onInput = (): void => {
    const typed = this.field?.value ?? '';
    if (this.room !== undefined && this.mode.type !== 'edit') this.drafts.set(this.#place, typed);
    this.#stretch(typed);
    this.#measure(typed);
    this.refusal = undefined;
    this.choice = mentionChoice(typed, this.field?.selectionEnd ?? typed.length, this.members);
  };

  readonly #mention = (member: MemberItem): void => {
    const { field, choice } = this;
    if (!field || !choice) return;
    const written = mentionText(member, this.members);
    field.setRangeText(written, choice.from, field.selectionEnd, 'end');
    this.#onInput();
    field.focus();
  };

  /** @returns whether the key belonged to the list of people */
  #chooseMention(event: KeyboardEvent): boolean {
    const { choice } = this;
    if (!choice || event.shiftKey) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const { length } = choice.members;
    if (step !== 0) this.choice = { ...choice, active: (choice.active + step + length) % length };
    else if (event.key === 'Escape') this.choice = undefined;
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const member = choice.members[choice.active];
      if (member) this.#mention(member);
    } else return false;
    return true;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (confirmsComposition(event)) return;
    if (this.#chooseMention(event)) {
      event.preventDefault();
    } else if (event.key === 'Escape' && this.mode.type !== 'new') {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === 'ArrowUp' && this.mode.type === 'new' && this.field?.value === '') {
      event.preventDefault();
      this.dispatchEvent(new EditLastEvent());
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  };

  readonly #submit = (): void => {
    const typed = (this.field?.value ?? '').trim();
    const { room, weir, mode } = this;
    if (room === undefined || !weir || this.blank || this.budget.state === 'over') return;
    if (mode.type === 'edit') void this.#save(weir, room, mode, typed);
    else void this.#send(weir, room, typed);
  };

  /** The field is free for the next words while the browser stores these; refused ones come back before them. */
  async #send(weir: WeirApi, room: RoomKey, message: string): Promise<void> {
    const { peer } = this;
    const place = this.#place;
    const target = this.drafts.replyTo(place);
    this.drafts.set(place, '');
    this.drafts.setReplyTo(place, undefined);
    this.#enter(NEW);
    const result = await (peer === undefined
      ? weir.rooms.sendMessage(room, message, target?.id)
      : weir.dms.send(room, peer, message));
    if (result.ok) return;
    this.drafts.putBack(place, message, target);
    if (place !== this.#place || this.mode.type === 'edit') return; // its draft waits there
    this.#setMode(this.#modeOfDraft());
    this.#show(this.#draft());
    this.refusal = text.editError(result.error);
  }

  /** A refused edit stays in the field, unless the person has gone on to something else. */
  async #save(weir: WeirApi, room: RoomKey, mode: EditMode, message: string): Promise<void> {
    if (message === mode.before.trim()) {
      this.#cancel();
      return;
    }
    const result = await weir.rooms.editMessage(room, mode.id, message);
    if (this.mode !== mode) {
      if (!result.ok) this.drafts.putBack(room, message); // not lost: it waits where one would write it
    } else if (result.ok) this.#cancel();
    else this.refusal = text.editError(result.error);
  }
}

type EditMode = Extract<ComposerMode, { type: 'edit' }>;

/** The field is new, or shows another room: it takes that room's draft. */
const takesDraft = (changed: PropertyValues<WeirComposer>): boolean =>
  changed.has('room') || changed.has('peer') || changed.has('readOnlyReason');

const draftPlace = (room: RoomKey | undefined, peer: string | undefined): string =>
  peer === undefined ? (room ?? '') : `${room ?? ''} ${peer}`;

declare global {
  interface HTMLElementTagNameMap {
    'weir-composer': WeirComposer;
  }
  interface HTMLElementEventMap {
    'weir-edit-last': EditLastEvent;
  }
}
