import type { LinkTarget } from './link-target.ts';

/** A message's text as blocks and runs: all that is left of Markdown when it has been read. Every string is plain text. */
export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  /** Bold words in a message, no part of the page's outline. */
  | { readonly type: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  | {
      readonly type: 'list';
      /** The first number; absent where the items are not numbered. */
      readonly start?: number;
      readonly items: readonly ListItem[];
    }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'table'; readonly align: readonly Align[]; readonly rows: readonly Row[] }
  | { readonly type: 'rule' }
  | { readonly type: 'notes'; readonly notes: readonly Note[] };

export interface ListItem {
  /** A task, done or not. */
  readonly done?: boolean;
  readonly children: readonly Block[];
}

export type Align = 'left' | 'right' | 'center' | null;
/** The first row is the head. */
export type Row = readonly (readonly Inline[])[];

export interface Note {
  readonly label: string;
  readonly children: readonly Block[];
}

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis' | 'struck'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  /** `words` absent: a bare address. */
  | { readonly type: 'link'; readonly target: LinkTarget; readonly words?: readonly Inline[] }
  /** Never loaded by itself. */
  | { readonly type: 'image'; readonly alt: string; readonly target?: LinkTarget }
  /** The number of a mention in the message. */
  | { readonly type: 'mention'; readonly index: number }
  | { readonly type: 'note'; readonly label: string };
