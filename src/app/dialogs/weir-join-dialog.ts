import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RoomKey } from '../../shared/brand.ts';
import { unreachable } from '../../shared/result.ts';
import { ToastEvent } from '../shell/toast-events.ts';
import type { LeftRoom } from '../state/api.ts';
import { joinText } from '../state/join-text.ts';
import { LiveController } from '../state/live-controller.ts';
import type { InvitationOffer } from '../state/people-api.ts';
import { peopleText } from '../state/people-text.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { dialogStyles } from './dialog.styles.ts';
import { WeirDialog } from './dialog.ts';
import { fromRiver } from './from-river.ts';
import { nicknameProblem } from './nickname-problem.ts';
import { textInFile } from './text-in-file.ts';
import { joinStyles } from './weir-join-dialog.styles.ts';
import type { FileChosenEvent } from './weir-file-choice.ts';
import './weir-file-choice.ts';
import './weir-waiting-rooms.ts';

/** What the dialog is at. `replacing`: an identity whose room has another key of the person's here. */
type Step =
  | { readonly type: 'paste' }
  | { readonly type: 'offer'; readonly code: string; readonly offer: InvitationOffer }
  | { readonly type: 'replacing'; readonly token: string; readonly name: string };

const ARMOR = '-----BEGIN RIVER IDENTITY-----\n…\n-----END RIVER IDENTITY-----';
const IDENTITY = /-----BEGIN RIVER IDENTITY-----/;
const LINK = /invitation=/;

/**
 * Comes into a room: by an invitation (pasted as code or link, or from a link that was opened), or with an identity of one's own
 * from elsewhere. It says what will happen before it does, and replaces no key without being told to.
 */
@customElement('weir-join-dialog')
export class WeirJoinDialog extends WeirDialog {
  /** The code of the link that was opened. */
  @property() invitation: string | undefined;

  /** What the person came for: an invitation, or an identity from elsewhere. Both fields take both. */
  @property() wanted: 'invitation' | 'identity' = 'invitation';

  @state() private step: Step = { type: 'paste' };
  @state() private wrong = false;
  /** An identity waits until the rooms are loaded: the node may hold its room already. */
  @state() private waits = false;

  readonly #left = new LiveController<readonly LeftRoom[]>(this);
  #asked = false;

  @query('#paste') private readonly pasteField!: HTMLTextAreaElement | null;
  @query('#nickname') private readonly nicknameField!: HTMLInputElement | null;

  static override readonly styles = [base, dialogStyles, joinStyles];

  protected override willUpdate(): void {
    this.#left.watch(this.weir?.rooms.left);
  }

  override render(): TemplateResult {
    const title = this.wanted === 'identity' ? joinText.identity.title : peopleText.join.title;
    return this.frame(title, this.#body());
  }

  /** The database may open after the link. */
  protected override updated(): void {
    const { invitation } = this;
    if (this.weir && invitation !== undefined && !this.#asked) {
      this.#asked = true;
      void this.work(() => this.#read(invitation));
    }
    this.#suggest();
  }

  #suggest(): void {
    const { step, nicknameField: field } = this;
    if (!field || field.value !== '' || step.type !== 'offer' || field.dataset['filled']) return;
    if (!('suggestedName' in step.offer)) return;
    field.dataset['filled'] = 'yes';
    field.value = step.offer.suggestedName;
    field.select();
  }

  #body(): TemplateResult {
    const { step } = this;
    switch (step.type) {
      case 'paste':
        if (this.invitation === undefined) return this.#paste();
        return html`${this.problem === undefined ? html`<p role="status">${peopleText.join.reading}</p>` : nothing}
        ${this.problemLine()}`;
      case 'offer':
        return this.#offer(step.offer, step.code);
      case 'replacing':
        return html`<p class="warning">${peopleText.join.wouldReplace(step.name)}</p>
          ${this.problemLine()}
          ${this.#actions(peopleText.join.replace, () => this.#import(step.token, true))}`;
      default:
        return unreachable(step);
    }
  }

  #paste(): TemplateResult {
    const { join } = peopleText;
    const isIdentity = this.wanted === 'identity';
    return html`<form novalidate @submit=${this.#onPaste}>
        <label for="paste">${isIdentity ? joinText.identity.label : join.paste}</label>
        <textarea
          id="paste"
          class="code"
          autofocus
          autocomplete="off"
          spellcheck="false"
          aria-describedby="paste-hint problem"
          aria-invalid=${this.wrong}
          placeholder=${isIdentity ? ARMOR : nothing}
          @input=${this.#onInput}
          @paste=${this.#onPasteFile}
        ></textarea>
        <p class="hint" id="paste-hint">
          ${isIdentity ? joinText.join.identityHint : join.pasteHint}
        </p>
        <weir-file-choice
          ?disabled=${this.busy}
          @weir-file-chosen=${({ file }: FileChosenEvent) => this.#takeFile(file)}
        ></weir-file-choice>
        ${this.problemLine()}
        <p class="quiet" role="status">${this.waits ? joinText.join.loading : nothing}</p>
        <div class="actions">
          <button class="button" type="button" @click=${() => this.close()}>
            ${peopleText.dialogs.cancel}
          </button>
          <button class="button strong" type="submit" ?disabled=${this.busy}>${join.next}</button>
        </div>
      </form>
      ${fromRiver(isIdentity)}
      <weir-waiting-rooms .weir=${this.weir}></weir-waiting-rooms>
      ${this.#leftRooms()}`;
  }

  #leftRooms(): TemplateResult | typeof nothing {
    const left = this.#left.value ?? [];
    if (left.length === 0) return nothing;
    return html`<section>
      <h3 id="left">${peopleText.join.left}</h3>
      <ul aria-labelledby="left">
        ${left.map(
          ({ room, name }) =>
            html`<li class="left">
              <bdi>${name}</bdi>
              <button
                class="button"
                type="button"
                aria-label=${peopleText.join.backTo(name)}
                ?disabled=${this.busy}
                @click=${() => void this.work(() => this.#comeBack(room))}
              >
                ${peopleText.join.back}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #offer(offer: InvitationOffer, code: string): TemplateResult {
    const { join } = peopleText;
    switch (offer.type) {
      case 'already-here':
        return html`<p>${join.alreadyHere(offer.name)}</p>
          <div class="actions">
            <button
              class="button strong"
              type="button"
              autofocus
              @click=${() => this.close(offer.room)}
            >
              ${join.openRoom}
            </button>
          </div>`;
      case 'come-back':
        return html`<p>${join.comeBack(offer.name)}</p>
          ${this.problemLine()}
          ${this.#actions(join.back, () => this.#accept(code, '', false), code)}`;
      case 'new':
        return html`${offer.wasDeclined ? html`<p class="quiet">${join.declinedBefore}</p>` : nothing}
          <p>${join.invited}</p>
          ${this.#nicknameForm(join.accept, code, false)}`;
      case 'replace':
        return html`<p class="warning">${join.replaceKey(offer.name, offer.reason)}</p>
          ${this.#nicknameForm(join.replace, code, true)}`;
      default:
        return unreachable(offer);
    }
  }

  #nicknameForm(label: string, code: string, replace: boolean): TemplateResult {
    const accept = (): Promise<string | undefined> => {
      const nickname = this.nicknameField?.value.trim() ?? '';
      const refusal = nicknameProblem(nickname);
      this.wrong = refusal !== undefined;
      if (refusal === undefined) return this.#accept(code, nickname, replace);
      this.nicknameField?.focus();
      return Promise.resolve(refusal);
    };
    return html`<form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.work(accept);
      }}
    >
      <div class="field">
        <label for="nickname">${peopleText.join.nickname}</label>
        <input
          id="nickname"
          dir="auto"
          autocomplete="nickname"
          autofocus
          aria-describedby="problem"
          aria-invalid=${this.wrong}
          @input=${this.#onInput}
        />
      </div>
      ${this.problemLine()} ${this.#actions(label, undefined, code)}
    </form>`;
  }

  /** @param run what the main button does; a form's own button submits it */
  #actions(
    label: string,
    run: (() => Promise<string | undefined>) | undefined,
    code?: string,
  ): TemplateResult {
    return html`<div class="actions">
      ${
        code === undefined
          ? html`<button class="button" type="button" @click=${() => this.close()}>
              ${peopleText.dialogs.cancel}
            </button>`
          : html`<button class="button" type="button" @click=${() => void this.#decline(code)}>
              ${peopleText.join.decline}
            </button>`
      }
      <button
        class="button strong"
        type=${run ? 'button' : 'submit'}
        ?disabled=${this.busy}
        @click=${run ? () => void this.work(run) : nothing}
      >
        ${label}
      </button>
    </div>`;
  }

  readonly #onInput = (): void => {
    this.problem = undefined;
    this.wrong = false;
  };

  readonly #onPaste = (event: Event): void => {
    event.preventDefault();
    this.#take(this.pasteField?.value.trim() ?? '');
  };

  /** @param pasted an invitation or an identity */
  #take(pasted: string): void {
    void this.work(async () => {
      const refusal = await this.#taken(pasted);
      this.wrong = refusal !== undefined;
      if (refusal !== undefined) this.pasteField?.focus();
      return refusal;
    });
  }

  /** What has neither armor nor link around it is tried as what the person came for, then as the other. */
  async #taken(pasted: string): Promise<string | undefined> {
    if (pasted === '') return peopleText.join.pasteEmpty;
    if (IDENTITY.test(pasted)) return this.#import(pasted, false);
    if (LINK.test(pasted)) return this.#read(pasted);
    const asInvitation = (): Promise<string | undefined> => this.#read(pasted);
    const asIdentity = (): Promise<string | undefined> => this.#import(pasted, false);
    const tries =
      this.wanted === 'identity' ? [asIdentity, asInvitation] : [asInvitation, asIdentity];
    let refusal: string | undefined;
    for (const attempt of tries) {
      const refused = await attempt();
      if (refused === undefined) return undefined;
      refusal ??= refused;
    }
    return refusal;
  }

  /** A picture that was copied, such as a screenshot of a QR code. */
  readonly #onPasteFile = (event: ClipboardEvent): void => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.#takeFile(file);
  };

  #takeFile(file: Blob): void {
    void this.work(async () => {
      const read = await textInFile(file);
      this.wrong = !read.ok;
      if (!read.ok) return read.error;
      if (this.pasteField) this.pasteField.value = read.value;
      return this.#taken(read.value.trim());
    });
  }

  async #read(code: string): Promise<string | undefined> {
    const read = await this.weir?.people.readInvitation(code);
    if (!read) return undefined;
    if (!read.ok) return read.error;
    this.step = { type: 'offer', code, offer: read.value };
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[autofocus]')?.focus();
    return undefined;
  }

  async #accept(code: string, nickname: string, replace: boolean): Promise<string | undefined> {
    const accepted = await this.weir?.people.acceptInvitation(code, { nickname, replace });
    if (!accepted) return undefined;
    if (!accepted.ok) {
      return (await this.#hasChanged(code)) ? undefined : text.editError(accepted.error);
    }
    this.close(accepted.value.key);
    return undefined;
  }

  /** Another tab may have been faster: what the invitation does now is shown in place of a refusal. */
  async #hasChanged(code: string): Promise<boolean> {
    const { step } = this;
    const read = await this.weir?.people.readInvitation(code);
    if (!read?.ok || step.type !== 'offer' || read.value.type === step.offer.type) return false;
    this.step = { ...step, offer: read.value };
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[autofocus]')?.focus();
    return true;
  }

  async #import(token: string, replace: boolean): Promise<string | undefined> {
    await this.#roomsKnown();
    const imported = await this.weir?.people.importIdentity(token, replace);
    if (!imported) return undefined;
    if (imported.ok) {
      this.dispatchEvent(new ToastEvent(joinText.join.imported));
      this.close(imported.value.key);
      return undefined;
    }
    const { error } = imported;
    if (error.type === 'WouldReplace') {
      this.step = { type: 'replacing', token, name: error.name };
      return undefined;
    }
    return error.type === 'NotAnIdentity' ? error.reason : text.editError(error);
  }

  /** Resolves when the list of rooms can be believed, or the node can't be asked. */
  async #roomsKnown(): Promise<void> {
    const phase = this.weir?.rooms.phase;
    if (phase?.current?.type !== 'loading') return;
    this.waits = true;
    await new Promise<void>((resolve) => {
      const stop = phase.subscribe(({ type }) => {
        if (type === 'loading') return;
        queueMicrotask(() => stop());
        resolve();
      });
    });
    this.waits = false;
  }

  async #comeBack(room: RoomKey): Promise<string | undefined> {
    const back = await this.weir?.people.comeBack(room);
    if (!back) return undefined;
    if (!back.ok) return text.editError(back.error);
    this.close(room);
    return undefined;
  }

  /** Said in so many words: a link that was declined does not ask again. */
  async #decline(code: string): Promise<void> {
    await this.weir?.people.declineInvitation(code);
    this.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-join-dialog': WeirJoinDialog;
  }
}
