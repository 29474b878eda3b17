import { html, type nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { linkify } from '../conversation/linkify.ts';
import { part } from '../state/part.ts';
import { mentionChip, type Mentioned } from './mention-chip.ts';
import { parts, withoutMarks } from './mention-marks.ts';
import { needsMarkdown } from './needs-markdown.ts';
import type { renderMarkdown } from './render-markdown.ts';

type Piece = TemplateResult | string | typeof nothing;

/** What is to be shown: `marked` where somebody is mentioned, with marks for them, else the text as it is. */
export interface RichText {
  readonly text: string;
  readonly mentions?: { readonly marked: string; readonly people: readonly Mentioned[] };
}

let renderer: typeof renderMarkdown | undefined;
let loading: Promise<void> | undefined;

/** Fetches what reads Markdown. A conversation asks for it before it draws its first message. */
export function loadMarkdown(): Promise<void> {
  loading ??= part(() => import('./render-markdown.ts')).then(
    (loaded) => {
      renderer = loaded.renderMarkdown;
    },
    () => {
      loading = undefined; // the text is readable as it is; the next one asks again
    },
  );
  return loading;
}

/**
 * Draws what a person has written. Most texts are only words, and cost nothing; the others are read as Markdown, once for each
 * change. Until that part is here (the first text of a visit at most) they are shown as they were written.
 *
 * @param end what follows the last words
 * @param redraw asks the element to draw itself again
 */
export function richText(
  { text, mentions }: RichText,
  end: Piece,
  redraw: () => void,
): TemplateResult {
  const marked = mentions?.marked ?? withoutMarks(text);
  const people = mentions?.people ?? NOBODY;
  if (!needsMarkdown(marked)) return asWords(marked, people, end);
  if (renderer) {
    const render = renderer;
    return html`<div class="words md" dir="auto">
      ${guard([marked, identity(people), end], () => render(marked, people, end))}
    </div>`;
  }
  void loadMarkdown().then(() => renderer && redraw());
  return asWords(marked, people, end);
}

const NOBODY: readonly Mentioned[] = [];

const identity = (people: readonly Mentioned[]): string =>
  people.map(({ id, name }) => `${id ?? ''} ${name}`).join('\n');

/** White space inside counts, so the tags close up on the pieces. */
const asWords = (marked: string, people: readonly Mentioned[], end: Piece): TemplateResult =>
  html`<p class="words" dir="auto">${wordsWithLinks(marked, people)}${end}</p>`;

function wordsWithLinks(marked: string, people: readonly Mentioned[]): readonly Piece[] {
  return parts(marked, people.length).flatMap((each): readonly Piece[] => {
    if (each.type === 'text') return linkedPieces(each.text);
    const person = people[each.index];
    return person ? [mentionChip(person)] : [];
  });
}

const linkedPieces = (text: string): readonly Piece[] =>
  linkify(text).map((each) =>
    each.type === 'link'
      ? html`<a href=${each.href} target="_blank" rel="noopener noreferrer">${each.text}</a>`
      : each.text,
  );
