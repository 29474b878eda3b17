import { html, type TemplateResult } from 'lit';
import { text } from '../state/text.ts';
import { notice } from './notice.ts';

/** By then only a reload helps: some browsers remember that a module could not be fetched. */
export const incomplete = (): TemplateResult =>
  notice({
    flow: 'dry',
    title: text.app.incompleteTitle,
    body: text.app.incompleteBody,
    alert: true,
    action: html`<button class="button" type="button" @click=${() => location.reload()}>
      ${text.app.reload}
    </button>`,
  });
