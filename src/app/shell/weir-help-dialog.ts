import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { WeirDialog } from '../dialogs/dialog.ts';
import { helpText } from './help-text.ts';

/** Every key that does something. */
@customElement('weir-help-dialog')
export class WeirHelpDialog extends WeirDialog {
  static override readonly styles = [
    ...WeirDialog.styles,
    css`
      dl {
        margin: 0;
      }
      h3 {
        margin: 1.25rem 0 0.25rem;
        font-size: var(--size-s);
        color: var(--ink-soft);
      }
      h3:first-of-type {
        margin-top: 0;
      }
      dl div {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0.125rem 1rem;
        padding: 0.375rem 0;
        border-bottom: 1px solid var(--line);
      }
      dt {
        order: 2;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 0.5rem;
      }
      dd {
        flex: 1 1 14rem;
        margin: 0;
      }
      kbd {
        padding: 0.0625rem 0.4375rem;
        border-radius: 0.375rem;
        background: var(--bank);
        box-shadow: inset 0 -1px 0 var(--line-strong);
        font: 600 var(--size-s) / 1.5 var(--sans);
        white-space: nowrap;
      }
    `,
  ];

  override render(): TemplateResult {
    return this.frame(
      helpText.title,
      html`${helpText.groups.map(
        ({ where, keys }) =>
          html`<h3>${where}</h3>
            <dl>
              ${keys.map(
                ([alternatives, does]) =>
                  html`<div>
                    <dt>${alternatives.map((each) => html`<kbd>${each}</kbd>`)}</dt>
                    <dd>${does}</dd>
                  </div>`,
              )}
            </dl>`,
      )}`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-help-dialog': WeirHelpDialog;
  }
}
