import { linkTarget } from '../../../src/app/markdown/link-target.ts';
import { mark } from '../../../src/app/markdown/mention-marks.ts';
import { needsMarkdown } from '../../../src/app/markdown/needs-markdown.ts';
import { readMarkdown } from '../../../src/app/markdown/read-markdown.ts';
import type { Block, Inline } from '../../../src/app/markdown/tree.ts';
import { utf8, utf8Text } from '../../../src/shared/bytes.ts';
import { finding, loadedFrom, type Form, type Target } from '../target.ts';

const ORIGIN = 'http://localhost:7520';
const NAMES = ['Ana', 'Bo'];
/** Deeper than this no message is drawn. */
const MAX_DEPTH = 60;
const HREF = /^(?:https?:\/\/[^/@\s]+\/|mailto:[^\s?]+$)/;

/** Reading a message as Markdown: whatever it is, the tree is one that can be drawn. */
const message: Form = {
  name: 'message',
  check: ([bytes = new Uint8Array()]) => {
    const text = utf8Text(bytes);
    const blocks = readMarkdown({ text, names: NAMES, origin: ORIGIN });
    for (const block of blocks) checkNode(block, 0);
    const plain = blocks.every(
      (block) =>
        block.type === 'paragraph' &&
        block.children.every(({ type }) => type === 'text' || type === 'mention'),
    );
    if (!plain && !needsMarkdown(text)) finding('markup in a text that is said to have none');
    return plain ? 'refused' : 'accepted';
  },
};

function checkNode(node: Block | Inline, depth: number): void {
  if (depth > MAX_DEPTH) finding('too deep');
  if ('text' in node && /[\ue000\ue001]/.test(node.text)) finding('a mark is shown');
  if (node.type === 'mention' && node.index >= NAMES.length) finding('a forged mention');
  if (node.type === 'link' || (node.type === 'image' && node.target)) checkHref(node.target?.href);
  for (const child of childrenOf(node)) checkNode(child, depth + 1);
}

function childrenOf(node: Block | Inline): readonly (Block | Inline)[] {
  switch (node.type) {
    case 'list':
      return node.items.flatMap(({ children }) => children);
    case 'table':
      return node.rows.flat(2);
    case 'notes':
      return node.notes.flatMap(({ children }) => children);
    case 'link':
      return node.words ?? [];
    default:
      return 'children' in node ? node.children : [];
  }
}

function checkHref(href: string | undefined): void {
  if (href === undefined || !HREF.test(href)) finding(`an address that leads elsewhere: ${href}`);
  if (/[\p{Cc}\p{Cf}]/u.test(href)) finding('an address with something unseen in it');
}

/** The rules for addresses, without what Markdown has already made of them. */
const address: Form = {
  name: 'address',
  check: ([bytes = new Uint8Array()]) => {
    const target = linkTarget(utf8Text(bytes), ORIGIN);
    if (!target) return 'refused';
    checkHref(target.href);
    if (/[\p{Cc}\p{Cf}\n]/u.test(target.label)) finding('a label with something unseen in it');
    if (target.type === 'freenet' && !target.href.startsWith(`${ORIGIN}/v1/contract/web/`)) {
      finding('a Freenet link that leaves this node');
    }
    if (target.type === 'inside' && new URL(target.href).origin !== ORIGIN) {
      finding('a link into Weir that leads out of it');
    }
    return 'accepted';
  },
};

const MESSAGES = [
  '# A heading\n\nSome **bold**, *leaning*, ~~struck~~ and `code`.\n\n---\n\n***\n',
  '> said\n> > deeper\n\n1. one\n2. two\n   - inner\n     - deepest\n- [x] did\n- [ ] do\n',
  '| a | b |\n|:--|--:|\n| 1 | **2** |\n| `x` | [y](https://example.org) |\n',
  '```js\nconst a = `b`;\n```\n\n~~~\nc\n~~~\n\n    indented\n',
  'so[^1] and [this][d] and ![pic](https://example.org/a.png "t")\n\n[^1]: because\n\n[d]: <https://example.org> "x"\n',
  'www.example.org https://example.org/a_(b)?c=d&e=f#g ana@example.org <https://freenet.org> <a@b.c>\n',
  `hi ${mark(0)} **${mark(1)}** \`${mark(0)}\` [${mark(1)}](https://example.org/${mark(0)}) \ue000x\ue001\n`,
  '<script>alert(1)</script> <b onclick=x>b</b> <!-- c --> &amp; &#x202e; &copy; \\* \\[x\\]\n',
  '[x](javascript:alert(1)) [y](data:text/html,z) ![z](vbscript:w) [u](//e.vil) [r](/room/a)\n',
  'صباح **الخير** \u202eevil\u202c 山田 👨‍👩‍👧‍👦 ́̂̃\n',
];

const ADDRESSES = [
  'https://user@example.org/a',
  'http://127.0.0.1:7509/v1/contract/web/EqJ5YpGEV3XLqEvKWLQHFhGAac2qXzSUoE6k2zbdnXBr/a/../b?c#d',
  `http://localhost:7520/?invitation=${'2'.repeat(120)}`,
  'http://localhost:7520/room/abc/m/-1',
  'mailto:ana@example.org?bcc=x@y.z',
  'https://xn--80ak6aa92e.com/%D1%80%20%E2%80%AE',
  'java\tscript:alert(1)',
  'https://аррӏе.com:443/',
];

const seeds = (texts: readonly string[]) => texts.map((text) => [utf8(text)]);

/** What people write to each other, read as Markdown, and the links in it. */
export const markdown: Target = {
  name: 'markdown',
  format: 'text',
  load: () =>
    loadedFrom([
      { form: message, seeds: seeds(MESSAGES) },
      { form: address, seeds: seeds(ADDRESSES) },
    ]),
};
