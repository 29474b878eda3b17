import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { weirContext } from '../state/context.ts';
import { draftPlace, Drafts, type ReplyTarget } from '../state/drafts.ts';
import { LiveController } from '../state/live-controller.ts';
import { havePart } from '../shell/have-part.ts';
import type { MemberItem } from '../state/people-api.ts';
import { confirmsComposition } from '../state/ime.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { checkIcon, sendIcon, smileIcon } from '../theme/icons.ts';
import { pebbleStyles } from '../theme/pebble.ts';
import { byteBudget, type ByteBudget } from './byte-budget.ts';
import { EditLastEvent } from './composer-events.ts';
import { composerText } from './composer-text.ts';
import { budgetFoot, partsOf, SplitOffer, type Parts } from './long-text.ts';
import { sendParts } from './send-parts.ts';
import type { EmojiChosenEvent, WeirEmojiPicker } from './weir-emoji-picker.ts';
import { modeBar, modeStyles, NEW, type ComposerMode, type EditMode } from './composer-mode.ts';
import {
  keyInChoice,
  mentionChoice,
  mentionList,
  mentionStyles,
  mentionText,
  type MentionChoice,
} from './mention-choice.ts';
import { composerStyles } from './weir-composer.styles.ts';
import { WrittenText } from './written-text.ts';

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
  @state() private picking = false;

  readonly #isKept = new LiveController<boolean>(this);
  readonly #offer = new SplitOffer(this);
  readonly #writtenText = new WrittenText();
  /** The limit of a reply or an edit, once it is known; a new message has `maxTextBytes`. */
  #limit: number | undefined;

  @query('textarea') private readonly field!: HTMLTextAreaElement | null;
  @query('.grow') private readonly grow!: HTMLElement | null;
  @query('.box') private readonly box!: HTMLElement;
  @query('weir-emoji-picker') private readonly picker!: WeirEmojiPicker | null;

  static override readonly styles = [base, pebbleStyles, modeStyles, mentionStyles, composerStyles];

  override focus(options?: FocusOptions): void {
    this.field?.focus(options);
  }

  /** The next message answers `target`; what is typed stays. */
  reply(target: ReplyTarget): void {
    if (this.room === undefined) return;
    this.drafts.setEdit(this.#place, undefined);
    this.drafts.setReplyTo(this.#place, target);
    this.#enter({ type: 'reply', target });
  }

  /** An own message comes into the field; the draft waits until that is done. */
  edit(id: string, before: string): void {
    this.drafts.setEdit(this.#place, { id, before, text: before });
    this.#enter({ type: 'edit', id, before });
  }

  /** Puts a text into the field to be sent again, before what is typed there. */
  writeAgain(message: string, replyTo?: ReplyTarget): void {
    if (this.room === undefined) return;
    this.drafts.putBack(this.#place, message, replyTo);
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
          class="emoji"
          type="button"
          aria-label=${composerText.emoji}
          title=${composerText.emoji}
          aria-haspopup="dialog"
          @click=${() => void this.#pickEmoji()}
        >
          ${smileIcon(20)}
        </button>
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
      ${
        this.picking
          ? html`<weir-emoji-picker
              @weir-emoji-chosen=${({ emoji }: EmojiChosenEvent) => this.#insert(emoji)}
            ></weir-emoji-picker>`
          : nothing
      }
      ${budgetFoot(budget, this.#offer.parts, this.#sendParts)}
      ${this.#isKept.value === false ? html`<p class="offer" role="status">${composerText.notKept}</p>` : nothing}
      <p class="hush" id="limit" role="status">
        ${this.choice ? text.composer.mentionCount(this.choice.members.length) : nothing}
        ${over ? text.composer.overLimit : budget.state === 'near' ? text.composer.nearLimit : nothing}
      </p>
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#isKept.watch(this.drafts.isKept);
    if (changed.has('room') || changed.has('peer')) {
      this.refusal = undefined;
      this.choice = undefined;
    }
    if (takesDraft(changed)) {
      this.#setMode(this.#modeOfDraft());
      this.#measure(this.#draft());
    } else if (changed.has('members') && this.field?.value.includes('@')) {
      this.#measure(this.field.value); // a name may have become longer
      if (changed.get('members')?.length === 0) this.#offerPeople(); // whoever types at once
    } else if (changed.has('maxTextBytes')) this.#measure(this.field?.value ?? '');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!takesDraft(changed)) return;
    this.#fill(this.#draft());
    void this.#restore(this.#place);
  }

  /** What an earlier page has left here; where something is written already, that stays. */
  async #restore(place: string): Promise<void> {
    if (!(await this.drafts.load(place)) || place !== this.#place) return;
    this.#setMode(this.#modeOfDraft());
    this.#show(this.#draft());
  }

  /** Where the draft lies. */
  get #place(): string {
    return draftPlace(this.room, this.peer);
  }

  /** What is in the field. */
  #draft(): string {
    return this.drafts.edit(this.#place)?.text ?? this.drafts.get(this.#place);
  }

  #modeOfDraft(): ComposerMode {
    const edit = this.drafts.edit(this.#place);
    if (edit) return { type: 'edit', id: edit.id, before: edit.before };
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
    this.#show(this.#draft());
    this.field?.focus();
  }

  readonly #cancel = (): void => {
    if (this.mode.type === 'reply') this.drafts.setReplyTo(this.#place, undefined);
    else this.drafts.setEdit(this.#place, undefined);
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
    this.budget = byteBudget(this.#written(typed.trim()), this.#limit ?? this.maxTextBytes);
    this.blank = typed.trim() === '';
    if (this.budget.state !== 'over') this.#offer.set('unknown');
    else this.#offer.set(this.mode.type === 'edit' ? 'not-here' : () => this.#split(typed));
  }

  /** Direct messages mention nobody. */
  #written(typed: string): string {
    return this.peer === undefined ? this.#writtenText.of(typed, this.members) : typed;
  }

  #split(typed: string): Parts {
    const max = Math.min(this.#limit ?? this.maxTextBytes, this.maxTextBytes);
    return partsOf(typed, this.budget.used, max, (part) => this.#written(part));
  }

  readonly #onInput = (): void => {
    const typed = this.field?.value ?? '';
    const { room, mode } = this;
    if (room !== undefined && mode.type === 'edit') {
      this.drafts.setEdit(this.#place, { id: mode.id, before: mode.before, text: typed });
    } else if (room !== undefined) this.drafts.set(this.#place, typed);
    this.#stretch(typed);
    this.#measure(typed);
    this.refusal = undefined;
    this.#offerPeople();
  };

  #offerPeople(): void {
    const { value = '', selectionEnd = 0 } = this.field ?? {};
    this.choice = mentionChoice(value, selectionEnd, this.members);
  }

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
    const next = this.choice && keyInChoice(this.choice, event);
    if (next === undefined) return false;
    if (next === 'left') this.choice = undefined;
    else if (!('taken' in next)) this.choice = next;
    else if (next.taken) this.#mention(next.taken);
    return true;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (confirmsComposition(event)) return;
    if (this.#chooseMention(event)) {
      event.preventDefault();
    } else if (event.key === 'Escape' && this.mode.type !== 'new') {
      event.preventDefault();
      this.#cancel();
    } else if (this.#asksForLast(event)) {
      event.preventDefault();
      this.dispatchEvent(new EditLastEvent());
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  };

  /** With Alt or Shift the key is not for the field. */
  #asksForLast({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
    if (key !== 'ArrowUp' || altKey || ctrlKey || metaKey || shiftKey) return false;
    return this.mode.type === 'new' && this.field?.value === '';
  }

  readonly #submit = (): void => {
    const typed = (this.field?.value ?? '').trim();
    const { room, weir, mode } = this;
    if (room === undefined || !weir || this.blank || this.budget.state === 'over') return;
    if (mode.type === 'edit') void this.#save(weir, room, mode, typed);
    else void this.#send(weir, room, [typed]);
  };

  readonly #sendParts = (): void => {
    const { room, weir } = this;
    const { parts } = this.#offer;
    if (room !== undefined && weir && Array.isArray(parts)) void this.#send(weir, room, parts);
  };

  /** The field is free for the next words while the browser stores these; refused ones come back before them. */
  async #send(weir: WeirApi, room: RoomKey, parts: readonly string[]): Promise<void> {
    const { peer, drafts } = this;
    const place = this.#place;
    const { replyTo } = drafts.take(place);
    this.#enter(NEW);
    const refused = await sendParts(weir, { room, peer }, parts, replyTo?.id);
    if (!refused) {
      drafts.settle(place);
      return;
    }
    drafts.putBack(place, refused.text, refused.isFirst ? replyTo : undefined);
    if (place !== this.#place || this.mode.type === 'edit') return; // its draft waits there
    this.#setMode(this.#modeOfDraft());
    this.#show(this.#draft());
    this.refusal = text.editError(refused.error);
  }

  async #pickEmoji(): Promise<void> {
    if (!(await havePart(this, () => import('./weir-emoji-picker.ts')))) return;
    this.picking = true;
    await this.updateComplete;
    await this.picker?.open(this.box);
  }

  /** At the caret, or in place of what is selected. */
  #insert(emoji: string): void {
    const { field } = this;
    if (!field) return;
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, 'end');
    this.#onInput();
    field.focus();
  }

  /** A refused edit stays in the field, unless the person has gone on to something else. */
  async #save(weir: WeirApi, room: RoomKey, mode: EditMode, message: string): Promise<void> {
    if (message === mode.before.trim()) {
      this.#cancel();
      return;
    }
    const place = this.#place;
    const result = await weir.rooms.editMessage(room, mode.id, message);
    if (this.mode !== mode) {
      if (!result.ok) this.drafts.putBack(place, message); // not lost: it waits where one would write it
    } else if (result.ok) this.#cancel();
    else this.refusal = text.editError(result.error);
  }
}

/** The field is new, or shows another room: it takes that room's draft. */
const takesDraft = (changed: PropertyValues<WeirComposer>): boolean =>
  changed.has('room') ||
  changed.has('peer') ||
  changed.has('readOnlyReason') ||
  changed.has('drafts');

declare global {
  interface HTMLElementTagNameMap {
    'weir-composer': WeirComposer;
  }
}
