import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import { fullTime, listTime, machineTime } from '../state/format.ts';
import { HandleController } from '../state/handle-controller.ts';
import { joinText } from '../state/join-text.ts';
import type { MadeInvitation } from '../state/people-api.ts';
import { text } from '../state/text.ts';
import { Ticker } from '../state/ticker.ts';
import { base } from '../theme/base.ts';
import { closeIcon, copyIcon } from '../theme/icons.ts';
import { dialogStyles } from './dialog.styles.ts';

/** The invitations to a room that were passed on from this browser, and what has become of each. */
@customElement('weir-made-invitations')
export class WeirMadeInvitations extends LitElement {
  @property({ attribute: false }) weir: WeirApi | undefined;
  @property() room: RoomKey | undefined;

  @state() private told = '';

  readonly #made = new HandleController<readonly MadeInvitation[]>(this);
  readonly #ticker = new Ticker(this, 60_000);

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      :host {
        display: block;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        padding: 0.25rem 0;
        border-top: 1px solid var(--line);
      }
      .what {
        flex: 1;
        min-width: 0;
        font-size: var(--size-s);
        overflow-wrap: anywhere;
      }
      .what span {
        display: block;
        color: var(--ink-soft);
      }
    `,
  ];

  protected override willUpdate(): void {
    const { weir, room } = this;
    this.#made.show([weir, room], () =>
      room === undefined ? undefined : weir?.people.invitations(room),
    );
  }

  override render(): TemplateResult | typeof nothing {
    const made = this.#made.value ?? [];
    const { invite } = joinText;
    return html`${
        made.length === 0
          ? nothing
          : html`<section>
              <h3 id="made">${invite.made}</h3>
              <ul aria-labelledby="made">
                ${repeat(
                  made,
                  ({ invitee }) => invitee,
                  (each) => this.#row(each),
                )}
              </ul>
              <p class="hint">${invite.removeHint}</p>
            </section>`
      }
      <p class="hush" role="status">${this.told}</p>`;
  }

  #row(made: MadeInvitation): TemplateResult {
    const { invite } = joinText;
    const time = listTime(made.at, this.#ticker.now);
    const { state: standing } = made;
    return html`<li>
      <p class="what">
        <time datetime=${ifDefined(machineTime(made.at))} title=${fullTime(made.at)}
          >${invite.madeAt(time)}</time
        >${made.sentTo === undefined ? nothing : html`, <bdi>${invite.sentTo(made.sentTo)}</bdi>`}
        <span>${whatBecame(standing)}</span>
      </p>
      ${
        standing.type === 'pending'
          ? html`<button
              class="icon-button"
              type="button"
              aria-label=${invite.copyAgain}
              title=${invite.copyAgain}
              @click=${() => void this.#copy(standing.text.link)}
            >
              ${copyIcon()}
            </button>`
          : nothing
      }
      <button
        class="icon-button"
        type="button"
        aria-label=${invite.remove}
        title=${invite.remove}
        @click=${() => void this.#forget(made)}
      >
        ${closeIcon()}
      </button>
    </li>`;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.told = joinText.invite.copied;
    } catch {
      this.told = text.actions.notCopied;
    }
  }

  async #forget({ invitee }: MadeInvitation): Promise<void> {
    if (this.room === undefined) return;
    const forgotten = await this.weir?.people.forgetInvitation(this.room, invitee);
    if (forgotten && !forgotten.ok) this.told = text.editError(forgotten.error);
  }
}

function whatBecame(state: MadeInvitation['state']): string {
  const words = joinText.invite.state;
  switch (state.type) {
    case 'pending':
      return words.pending;
    case 'used':
      return words.used(state.by);
    case 'void':
      return `${words.void}: ${state.reason}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-made-invitations': WeirMadeInvitations;
  }
}
