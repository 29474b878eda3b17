import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import { markdownStyles } from './markdown.styles.ts';
import { richText } from './rich-text.ts';

/** A text that somebody has written, such as a room's description, shown as messages are. */
@customElement('weir-text')
export class WeirText extends LitElement {
  @property() text = '';
  /** Only its beginning, in one line. */
  @property({ type: Boolean, reflect: true }) line = false;

  static override readonly styles = [
    base,
    markdownStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      :host([line]) {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      :host([line]) .words,
      :host([line]) .words :not(bdi, span, a, button, strong, em, s, code) {
        display: inline;
        margin: 0;
        padding: 0;
        border: 0;
        white-space: nowrap;
      }
      :host([line]) .words code {
        white-space: nowrap;
      }
      :host([line]) .words :is(.code button, .box, hr) {
        display: none;
      }
    `,
  ];

  override render(): TemplateResult {
    return richText({ text: this.text }, nothing, () => this.requestUpdate());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-text': WeirText;
  }
}
