import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { WeirDialog } from '../dialogs/dialog.ts';
import { dialogStyles } from '../dialogs/dialog.styles.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { firstCharacters } from '../../shared/text.ts';
import { ToastEvent } from '../shell/toast-events.ts';
import type { RoomListItem } from '../state/api.ts';
import type { DmThread } from '../state/dm-api.ts';
import { joinText } from '../state/join-text.ts';
import { LiveController } from '../state/live-controller.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { lockIcon } from '../theme/icons.ts';

/** Longer notes are cut where they are read. Characters, as River counts them. */
const MAX_NOTE_CHARACTERS = 4_000;

/** Who is invited: a member of the room. */
export type InvitedPerson = Pick<DmThread, 'peer' | 'name'>;

/** Chooses one of the person's other rooms, and sends somebody an invitation to it as a direct message. */
@customElement('weir-dm-invite-dialog')
export class WeirDmInviteDialog extends WeirDialog {
  /** Where the conversation is. */
  @property({ attribute: false }) room: RoomKey | undefined;
  @property({ attribute: false }) thread: InvitedPerson | undefined;

  @state() private chosen: RoomKey | undefined;

  @query('textarea') private readonly noteField!: HTMLTextAreaElement;

  readonly #list = new LiveController<readonly RoomListItem[]>(this);

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      fieldset {
        max-height: 16rem;
        margin: 0 0 1rem;
        padding: 0;
        border: 0;
        overflow-y: auto;
      }
      legend {
        padding: 0;
      }
      .room {
        display: flex;
        align-items: center;
        gap: 0.625rem;
        min-height: 2.75rem;
        padding: 0 0.25rem;
        font-weight: 400;
        font-size: var(--size-m);
        cursor: pointer;
      }
      .room:hover {
        background: var(--hover);
      }
      .room input {
        flex: none;
        width: 1.25rem;
        height: 1.25rem;
        margin: 0;
        accent-color: var(--water);
      }
      .room bdi {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .button {
        min-height: 2.75rem;
      }
    `,
  ];

  protected override willUpdate(): void {
    this.#list.watch(this.weir?.rooms.list);
  }

  override render(): TemplateResult | typeof nothing {
    const { thread } = this;
    if (!thread) return nothing;
    const { share } = joinText;
    const rooms = (this.#list.value ?? []).filter(
      (item) => item.room !== this.room && !item.isAwaiting,
    );
    return this.frame(
      share.title(thread.name),
      rooms.length === 0
        ? html`<p>${share.none}</p>`
        : html`<form novalidate @submit=${this.#onSubmit}>
            <fieldset>
              <legend class="label">${share.room}</legend>
              ${rooms.map((item, i) => this.#room(item, i === 0))}
            </fieldset>
            <div class="field">
              <label for="note">${share.note}</label>
              <textarea
                id="note"
                dir="auto"
                aria-describedby="note-hint problem"
                @input=${() => (this.problem = undefined)}
              ></textarea>
              <p class="hint" id="note-hint">${share.noteHint}</p>
            </div>
            <p class="quiet">${share.hint(thread.name)}</p>
            ${this.problemLine()}
            <div class="actions">
              <button class="button" type="button" @click=${() => this.close()}>
                ${peopleText.dialogs.cancel}
              </button>
              <button class="button strong" type="submit" ?disabled=${this.busy}>
                ${share.send}
              </button>
            </div>
          </form>`,
    );
  }

  #room({ room, name, isPrivate }: RoomListItem, isFirst: boolean): TemplateResult {
    return html`<label class="room">
      <input
        type="radio"
        name="room"
        ?autofocus=${isFirst}
        .checked=${this.chosen === room}
        @change=${() => {
          this.chosen = room;
          this.problem = undefined;
        }}
      />
      <bdi>${name}</bdi>
      ${isPrivate ? html`${lockIcon()}<span class="hush">${joinText.share.isPrivate}</span>` : nothing}
    </label>`;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.work(() => this.#send());
  };

  async #send(): Promise<string | undefined> {
    const { room, thread, chosen } = this;
    if (room === undefined || !thread) return undefined;
    if (chosen === undefined) return joinText.share.choose;
    const note = this.noteField.value.trim();
    // a note is cut where it is read: who wrote it is told before it goes
    if (firstCharacters(note, MAX_NOTE_CHARACTERS) !== note) {
      return joinText.share.noteLong(MAX_NOTE_CHARACTERS);
    }
    const sent = await this.weir?.dms.invite(room, thread.peer, chosen, note);
    if (sent && !sent.ok) return text.editError(sent.error);
    this.dispatchEvent(new ToastEvent(joinText.share.sent(thread.name)));
    this.close();
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-dm-invite-dialog': WeirDmInviteDialog;
  }
}
