import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { ToastEvent } from '../shell/toast-events.ts';
import { copyIcon } from '../theme/icons.ts';
import { misleads, type LinkTarget } from './link-target.ts';
import { markdownText } from './markdown-text.ts';
import { mentionChip, type Mentioned } from './mention-chip.ts';
import { readMarkdown } from './read-markdown.ts';
import type { Align, Block, Inline, ListItem, Row } from './tree.ts';

type Piece = TemplateResult | string | typeof nothing;

/**
 * Draws a message that may have Markdown. Everything is text and known elements: nothing in it is ever parsed as HTML.
 *
 * @param marked with marks for mentions
 * @param end what follows the last words
 */
export function renderMarkdown(
  marked: string,
  people: readonly Mentioned[],
  end: Piece = nothing,
): readonly TemplateResult[] {
  const names = people.map(({ name }) => name);
  const read = readMarkdown({ text: marked, names, origin: location.origin });
  return new Drawing(people).blocks(read, end);
}

class Drawing {
  readonly #people: readonly Mentioned[];

  constructor(people: readonly Mentioned[]) {
    this.#people = people;
  }

  blocks(blocks: readonly Block[], end: Piece = nothing): readonly TemplateResult[] {
    const drawn = blocks.map((block, i) =>
      this.#block(block, i === blocks.length - 1 ? end : nothing),
    );
    const last = blocks.at(-1);
    // what follows a table or a list stands in a line of its own
    return end === nothing || last?.type === 'paragraph' || last?.type === 'heading'
      ? drawn
      : [...drawn, html`<p>${end}</p>`];
  }

  #block(block: Block, end: Piece): TemplateResult {
    switch (block.type) {
      case 'paragraph':
        return html`<p dir="auto">${this.#inlines(block.children)}${end}</p>`;
      case 'heading': {
        const words = html`<strong>${this.#inlines(block.children)}</strong>`;
        return html`<p class="heading level-${block.level}" dir="auto">${words}${end}</p>`;
      }
      case 'quote':
        return html`<blockquote dir="auto">${this.blocks(block.children)}</blockquote>`;
      case 'list': {
        const items = block.items.map((item) => this.#item(item));
        return block.start === undefined
          ? html`<ul dir="auto">
              ${items}
            </ul>`
          : html`<ol dir="auto" start=${block.start}>
              ${items}
            </ol>`;
      }
      case 'code':
        return codeBlock(block.text);
      case 'table':
        return this.#table(block.align, block.rows);
      case 'rule':
        return html`<hr />`;
      case 'notes':
        return html`<ul class="notes">
          ${block.notes.map(
            ({ label, children }) =>
              html`<li dir="auto">
                <sup>${label}</sup>
                <div>${this.blocks(children)}</div>
              </li>`,
          )}
        </ul>`;
    }
  }

  /** A task says in words what its box shows. */
  #item({ done, children }: ListItem): TemplateResult {
    if (done === undefined) return html`<li dir="auto">${this.blocks(children)}</li>`;
    return html`<li class="task" dir="auto">
      <span
        class="box ${done ? 'done' : ''}"
        role="img"
        aria-label=${done ? markdownText.done : markdownText.toDo}
      ></span>
      <div>${this.blocks(children)}</div>
    </li>`;
  }

  #table(align: readonly Align[], [head, ...body]: readonly Row[]): TemplateResult {
    const look = (column: number): string | undefined => align[column] ?? undefined;
    return html`<div class="table" role="group" tabindex="0" aria-label=${markdownText.table}>
      <table>
        <thead>
          <tr>
            ${(head ?? []).map(
              (cell, i) =>
                html`<th scope="col" class=${ifDefined(look(i))} dir="auto">
                  ${this.#inlines(cell)}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${body.map(
            (row) =>
              html`<tr>
                ${row.map(
                  (cell, i) =>
                    html`<td class=${ifDefined(look(i))} dir="auto">${this.#inlines(cell)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #inlines(inlines: readonly Inline[]): readonly Piece[] {
    return inlines.map((inline) => this.#inline(inline));
  }

  #inline(inline: Inline): Piece {
    switch (inline.type) {
      case 'text':
        return inline.text;
      case 'strong':
        return html`<strong>${this.#inlines(inline.children)}</strong>`;
      case 'emphasis':
        return html`<em>${this.#inlines(inline.children)}</em>`;
      case 'struck':
        return html`<s>${this.#inlines(inline.children)}</s>`;
      case 'code':
        return html`<code dir="auto">${inline.text}</code>`;
      case 'link':
        return this.#link(inline.target, inline.words);
      case 'image':
        return image(inline.alt, inline.target);
      case 'mention': {
        const person = this.#people[inline.index];
        return person ? mentionChip(person) : nothing;
      }
      case 'note':
        return html`<sup>[${inline.label}]</sup>`;
    }
  }

  #link(target: LinkTarget, words: readonly Inline[] | undefined): TemplateResult {
    if (!words) return anchor(target, target.label, 'bare');
    const said = plain(words);
    if (said.trim() === '') return anchor(target, target.label, 'bare');
    const link = anchor(target, this.#inlines(words));
    if (!misleads(said, target)) return link;
    // words that name another place than the one they lead to are put right where they stand
    const real = ` (${target.type === 'web' ? target.host : target.label})`;
    return html`${link}<span class="real">${real}</span>`;
  }
}

/** Inside: in this window, which the app sees to. Elsewhere: in another one, which learns nothing of this one. */
const anchor = (target: LinkTarget, words: Piece | readonly Piece[], look = ''): TemplateResult =>
  target.type === 'inside'
    ? html`<a class=${look} href=${target.href} title=${target.href}>${words}</a>`
    : html`<a
        class=${look}
        href=${target.href}
        title=${target.href}
        target="_blank"
        rel="noopener noreferrer"
        >${words}</a
      >`;

/** An image that somebody's server would learn the reader's address from: it is opened on request, in a window of its own. */
function image(alt: string, target: LinkTarget | undefined): TemplateResult {
  const words = markdownText.image(alt);
  return target ? anchor(target, words, 'image') : html`<span class="image">${words}</span>`;
}

const codeBlock = (text: string): TemplateResult =>
  html`<div class="code">
    <pre
      dir="ltr"
      role="group"
      tabindex="0"
      aria-label=${markdownText.code}
    ><code>${text}</code></pre>
    <button
      type="button"
      aria-label=${markdownText.copyCode}
      title=${markdownText.copyCode}
      @click=${(event: Event) => void copyCode(event.currentTarget as HTMLElement, text)}
    >
      ${copyIcon(16)}
    </button>
  </div>`;

async function copyCode(button: HTMLElement, text: string): Promise<void> {
  let said: string = markdownText.codeCopied;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = markdownText.notCopied; // no permission: the person can select it
  }
  button.dispatchEvent(new ToastEvent(said));
}

/** The words alone. */
function plain(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if ('text' in inline) return inline.text;
      if ('children' in inline) return plain(inline.children);
      if (inline.type === 'image') return inline.alt || markdownText.image('');
      return inline.type === 'mention' ? '@' : '';
    })
    .join('');
}
