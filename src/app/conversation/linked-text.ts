import { html, type TemplateResult } from 'lit';
import { linkify } from './linkify.ts';

export type Piece = TemplateResult | string;

/** Text with its addresses as links, made of nodes: nothing in it is ever parsed as HTML. */
export const linkedText = (text: string): readonly Piece[] =>
  linkify(text).map((part) =>
    part.type === 'link'
      ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer">${part.text}</a>`
      : part.text,
  );
