import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { utf8 } from '../../shared/bytes.ts';
import { handle } from '../../river/names/handle.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { WeirDialog } from './dialog.ts';
import { nicknameProblem } from './nickname-problem.ts';

/** River's limit for the name of a new room, in bytes. */
const MAX_NAME_BYTES = 100;

/** Makes a room: its name, what the person is called in it, and whether only members can read it. */
@customElement('weir-create-dialog')
export class WeirCreateDialog extends WeirDialog {
  @state() private wrong: 'name' | 'nickname' | undefined;

  @query('#name') private readonly nameField!: HTMLInputElement;
  @query('#nickname') private readonly nicknameField!: HTMLInputElement;
  @query('#private') private readonly privateField!: HTMLInputElement;

  override render(): TemplateResult {
    const { create } = peopleText;
    return this.frame(
      create.title,
      html`<form novalidate @submit=${this.#onSubmit} @input=${this.#onInput}>
        <div class="field">
          <label for="name">${create.name}</label>
          <input
            id="name"
            dir="auto"
            autocomplete="off"
            autofocus
            aria-describedby="problem"
            aria-invalid=${this.wrong === 'name'}
          />
        </div>
        <div class="field">
          <label for="nickname">${create.nickname}</label>
          <input
            id="nickname"
            dir="auto"
            autocomplete="nickname"
            aria-describedby="nickname-hint problem"
            aria-invalid=${this.wrong === 'nickname'}
          />
          <p class="hint" id="nickname-hint">${create.nicknameHint}</p>
        </div>
        <div class="field">
          <label class="check"
            ><input id="private" type="checkbox" aria-describedby="private-hint" />
            <span>${create.isPrivate}</span></label
          >
          <p class="hint" id="private-hint">${create.privateHint}</p>
        </div>
        ${this.problemLine()}
        <div class="actions">
          <button class="button" type="button" @click=${() => this.close()}>
            ${peopleText.dialogs.cancel}
          </button>
          <button class="button strong" type="submit" ?disabled=${this.busy}>
            ${create.submit}
          </button>
        </div>
      </form>`,
    );
  }

  protected override firstUpdated(): void {
    this.nicknameField.value = handle(crypto.getRandomValues(new Uint8Array(32)));
    super.firstUpdated();
  }

  readonly #onInput = (): void => {
    this.problem = undefined;
    this.wrong = undefined;
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.work(() => this.#create());
  };

  async #create(): Promise<string | undefined> {
    const name = this.nameField.value.trim();
    const nickname = this.nicknameField.value.trim();
    const refusal = nameProblem(name);
    if (refusal !== undefined) return this.#refuse('name', this.nameField, refusal);
    const nicknameRefusal = nicknameProblem(nickname);
    if (nicknameRefusal !== undefined) {
      return this.#refuse('nickname', this.nicknameField, nicknameRefusal);
    }
    const isPrivate = this.privateField.checked;
    const made = await this.weir?.people.createRoom({ name, nickname, isPrivate });
    if (!made) return undefined;
    if (!made.ok) return text.editError(made.error);
    this.close(made.value.key);
    return undefined;
  }

  #refuse(wrong: 'name' | 'nickname', field: HTMLInputElement, sentence: string): string {
    this.wrong = wrong;
    field.focus();
    return sentence;
  }
}

function nameProblem(name: string): string | undefined {
  if (name === '') return text.rename.empty;
  return utf8(name).length > MAX_NAME_BYTES ? text.rename.tooLong(MAX_NAME_BYTES) : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-create-dialog': WeirCreateDialog;
  }
}
