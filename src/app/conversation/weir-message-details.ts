import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { utf8 } from '../../shared/bytes.ts';
import { WeirDialog } from '../dialogs/dialog.ts';
import { dialogStyles } from '../dialogs/dialog.styles.ts';
import type { MessageItem } from '../state/api.ts';
import { timeInFull } from './message-time.ts';
import { text } from '../state/text.ts';
import { base } from '../theme/base.ts';
import { actingText } from './acting-text.ts';

const { about } = actingText;

/** All that is known of one message: who, when, where it is, its size and names. */
@customElement('weir-message-details')
export class WeirMessageDetails extends WeirDialog {
  @property({ attribute: false }) item: MessageItem | undefined;

  static override readonly styles = [
    base,
    dialogStyles,
    css`
      dl {
        display: grid;
        gap: 0.75rem;
        margin: 0;
      }
      dt {
        font-size: var(--size-s);
        color: var(--ink-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .code {
        font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
        font-size: var(--size-s);
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { item } = this;
    if (!item) return nothing;
    const line = (name: string, value: TemplateResult | string): TemplateResult =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    const code = (value: string): TemplateResult => html`<span class="code">${value}</span>`;
    const who = item.mine ? text.message.you : item.author;
    const characters = Array.from(item.text).length;
    return this.frame(
      about.title,
      html`<dl>
        ${line(about.from, html`<bdi>${who}</bdi>`)} ${line(about.written, timeInFull(item))}
        ${item.edited ? line(about.edited, '') : nothing} ${line(about.where, about.state(item))}
        ${
          item.reactions.length > 0
            ? line(
                about.reactions,
                html`${item.reactions.map(
                  ({ emoji, by }) => html`<div>${emoji} <bdi>${by.join(', ')}</bdi></div>`,
                )}`,
              )
            : nothing
        }
        ${line(about.size, about.sizeOf(utf8(item.text).length, characters))}
        ${line(about.id, code(item.id))}
        ${/^-?\d+$/.test(item.authorId) ? line(about.memberId, code(item.authorId)) : nothing}
      </dl>`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-message-details': WeirMessageDetails;
  }
}
