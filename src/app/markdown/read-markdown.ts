import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type * as mdast from 'mdast';
import { linkTarget } from './link-target.ts';
import { parts } from './mention-marks.ts';
import { sections } from './sections.ts';
import { isTame, MAX_SECTION } from './tame.ts';
import type { Align, Block, Inline, ListItem, Note, Row } from './tree.ts';

const OPTIONS: Options = {
  extensions: [gfm()],
  mdastExtensions: [gfmFromMarkdown()],
};

/** Deeper than this everything is the text that it was. */
const MAX_DEPTH = 24;

/** In the text, mentions are marks (`mention-marks.ts`). `names`: what stands for each where only text can. */
export interface MarkdownSource {
  readonly text: string;
  readonly names: readonly string[];
  /** Of this page: links to it open in it. */
  readonly origin: string;
}

/**
 * Reads a message as GitHub-flavoured Markdown, as River does: line ends are kept, HTML is text, and links lead nowhere dangerous.
 * Long texts are read in pieces; a piece that only looks for trouble stays text.
 */
export const readMarkdown = (source: MarkdownSource): readonly Block[] =>
  sections(source.text, MAX_SECTION).flatMap((piece) =>
    isTame(piece) ? new Reader(piece, source).blocks() : asText(piece, source),
  );

/** As it was written, by paragraphs of any number of lines. */
function asText(piece: string, { names }: MarkdownSource): readonly Block[] {
  const text = piece.replace(/\n+$/, '');
  return text === '' ? [] : [{ type: 'paragraph', children: parts(text, names.length) }];
}

class Reader {
  readonly #text: string;
  readonly #source: MarkdownSource;
  readonly #definitions = new Map<string, mdast.Definition>();
  readonly #notes: Note[] = [];
  #depth = 0;

  constructor(text: string, source: MarkdownSource) {
    this.#text = text;
    this.#source = source;
  }

  blocks(): readonly Block[] {
    const root = fromMarkdown(this.#text, OPTIONS);
    this.#define(root.children);
    const read = this.#blocks(root.children);
    return this.#notes.length > 0 ? [...read, { type: 'notes', notes: this.#notes }] : read;
  }

  /** Links by name may come before what they name. */
  #define(nodes: readonly mdast.Nodes[]): void {
    const waiting = [...nodes];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (node.type === 'definition' && !this.#definitions.has(node.identifier)) {
        this.#definitions.set(node.identifier, node);
      }
      if ('children' in node) waiting.push(...node.children);
    }
  }

  #blocks(nodes: readonly mdast.Nodes[]): readonly Block[] {
    this.#depth += 1;
    const read = nodes.flatMap((node) => this.#block(node));
    this.#depth -= 1;
    return read;
  }

  #block(node: mdast.Nodes): readonly Block[] {
    if (this.#depth > MAX_DEPTH) return [{ type: 'paragraph', children: this.#written(node) }];
    switch (node.type) {
      case 'paragraph':
        return [{ type: 'paragraph', children: this.#inlines(node.children) }];
      case 'heading':
        return [{ type: 'heading', level: node.depth, children: this.#inlines(node.children) }];
      case 'blockquote':
        return [{ type: 'quote', children: this.#blocks(node.children) }];
      case 'list':
        return [
          {
            type: 'list',
            ...(node.ordered && { start: node.start ?? 1 }),
            items: node.children.map((item) => this.#item(item)),
          },
        ];
      case 'code':
        return [{ type: 'code', text: this.#plain(node.value) }];
      case 'table':
        return [
          {
            type: 'table',
            align: (node.align ?? []).map((each): Align => each ?? null),
            rows: node.children.map((row) => this.#row(row)),
          },
        ];
      case 'thematicBreak':
        return [{ type: 'rule' }];
      case 'html':
        return [{ type: 'paragraph', children: this.#words(node.value) }];
      case 'footnoteDefinition':
        this.#notes.push({
          label: this.#plain(node.label ?? node.identifier),
          children: this.#blocks(node.children),
        });
        return [];
      case 'definition':
        return [];
      default:
        return [{ type: 'paragraph', children: this.#inline(node) }];
    }
  }

  #item(item: mdast.ListItem): ListItem {
    const { checked } = item;
    return {
      ...(typeof checked === 'boolean' && { done: checked }),
      children: this.#blocks(item.children),
    };
  }

  #row = (row: mdast.TableRow): Row => row.children.map((cell) => this.#inlines(cell.children));

  #inlines(nodes: readonly mdast.Nodes[]): readonly Inline[] {
    this.#depth += 1;
    const read = nodes.flatMap((node) => this.#inline(node));
    this.#depth -= 1;
    return read;
  }

  #inline(node: mdast.Nodes): readonly Inline[] {
    if (this.#depth > MAX_DEPTH) return this.#written(node);
    switch (node.type) {
      case 'text':
      case 'html':
        return this.#words(node.value);
      case 'break':
        return [{ type: 'text', text: '\n' }];
      case 'strong':
      case 'emphasis':
        return [{ type: node.type, children: this.#inlines(node.children) }];
      case 'delete':
        return [{ type: 'struck', children: this.#inlines(node.children) }];
      case 'inlineCode':
        return [{ type: 'code', text: this.#plain(node.value) }];
      case 'link':
        return this.#link(node.url, node.children);
      case 'linkReference': {
        const definition = this.#definitions.get(node.identifier);
        return definition ? this.#link(definition.url, node.children) : this.#written(node);
      }
      case 'image':
        return [this.#image(node.url, node.alt)];
      case 'imageReference': {
        const definition = this.#definitions.get(node.identifier);
        return definition ? [this.#image(definition.url, node.alt)] : this.#written(node);
      }
      case 'footnoteReference':
        return [{ type: 'note', label: this.#plain(node.label ?? node.identifier) }];
      default:
        return this.#written(node);
    }
  }

  #link(url: string, children: readonly mdast.Nodes[]): readonly Inline[] {
    const target = linkTarget(this.#plain(url), this.#source.origin);
    const words = this.#inlines(children);
    if (!target) return words;
    return [isBare(url, children) ? { type: 'link', target } : { type: 'link', target, words }];
  }

  #image(url: string, alt: string | null | undefined): Inline {
    const target = linkTarget(this.#plain(url), this.#source.origin);
    return {
      type: 'image',
      alt: this.#plain(alt ?? ''),
      ...(target && target.type !== 'mail' && { target }),
    };
  }

  /** Names instead of the marks of mentions. */
  #plain(text: string): string {
    const { names } = this.#source;
    return parts(text, names.length)
      .map((part) => (part.type === 'mention' ? `@${names[part.index] ?? ''}` : part.text))
      .join('');
  }

  #words = (text: string): readonly (Inline & { type: 'text' | 'mention' })[] =>
    parts(text, this.#source.names.length);

  /** What a node was made from. */
  #written(node: mdast.Nodes): readonly Inline[] {
    const { position } = node;
    const { start, end } = position ?? {};
    if (start?.offset === undefined || end?.offset === undefined) return [];
    return this.#words(this.#text.slice(start.offset, end.offset));
  }
}

/** A bare address is its own words. */
function isBare(url: string, [only, ...others]: readonly mdast.Nodes[]): boolean {
  if (only?.type !== 'text' || others.length > 0) return false;
  const { value } = only;
  return [value, `http://${value}`, `mailto:${value}`].includes(url);
}
