import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mark, parts } from './mention-marks.ts';
import { needsMarkdown } from './needs-markdown.ts';
import { readMarkdown } from './read-markdown.ts';
import { blocks, sections } from './sections.ts';
import { isTame } from './tame.ts';
import type { Block, Inline } from './tree.ts';

const ORIGIN = 'http://localhost:7520';
const read = (text: string, names: readonly string[] = []) =>
  readMarkdown({ text, names, origin: ORIGIN });
const words = (text: string): Block => ({ type: 'paragraph', children: [{ type: 'text', text }] });
const inline = (text: string, names: readonly string[] = []): readonly Inline[] => {
  const [block] = read(text, names);
  if (block?.type !== 'paragraph') throw new Error(JSON.stringify(block));
  return block.children;
};

/** Every string in the tree, in order. */
function said(blocks: readonly (Block | Inline)[]): string {
  return blocks
    .map((block): string => {
      switch (block.type) {
        case 'list':
          return block.items.map(({ children }) => said(children)).join(' ');
        case 'table':
          return block.rows.flat().map(said).join(' ');
        case 'notes':
          return block.notes.map(({ children }) => said(children)).join(' ');
        case 'link':
          return block.words ? said(block.words) : block.target.label;
        case 'image':
          return block.alt;
        case 'mention':
          return `@${block.index}`;
        case 'note':
          return block.label;
        case 'rule':
          return '';
        case 'text':
        case 'code':
          return block.text;
        default:
          return said(block.children);
      }
    })
    .join(' ');
}

describe('a message as Markdown', () => {
  it('keeps its line ends', () => {
    expect(read('one\ntwo  \nthree')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: 'one\ntwo' },
          { type: 'text', text: '\n' },
          { type: 'text', text: 'three' },
        ],
      },
    ]);
  });

  it('has the marks of GFM', () => {
    expect(inline('**a** *b* ~~c~~ `d` ~e~')).toEqual([
      { type: 'strong', children: [{ type: 'text', text: 'a' }] },
      { type: 'text', text: ' ' },
      { type: 'emphasis', children: [{ type: 'text', text: 'b' }] },
      { type: 'text', text: ' ' },
      { type: 'struck', children: [{ type: 'text', text: 'c' }] },
      { type: 'text', text: ' ' },
      { type: 'code', text: 'd' },
      { type: 'text', text: ' ' },
      { type: 'struck', children: [{ type: 'text', text: 'e' }] },
    ]);
    expect(read('# Head\n\n> said\n\n---')).toEqual([
      { type: 'heading', level: 1, children: [{ type: 'text', text: 'Head' }] },
      { type: 'quote', children: [words('said')] },
      { type: 'rule' },
    ]);
  });

  it('has lists, tasks and numbers', () => {
    expect(read('3. three\n4. four\n\n- [x] did\n- [ ] do')).toEqual([
      {
        type: 'list',
        start: 3,
        items: [{ children: [words('three')] }, { children: [words('four')] }],
      },
      {
        type: 'list',
        items: [
          { done: true, children: [words('did')] },
          { done: false, children: [words('do')] },
        ],
      },
    ]);
  });

  it('has tables, code and footnotes', () => {
    expect(read('|a|b|\n|:-|-:|\n|1|2|')).toEqual([
      {
        type: 'table',
        align: ['left', 'right'],
        rows: [
          [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]],
          [[{ type: 'text', text: '1' }], [{ type: 'text', text: '2' }]],
        ],
      },
    ]);
    expect(read('```js\nlet a;\n\n  b\n```')).toEqual([{ type: 'code', text: 'let a;\n\n  b' }]);
    expect(read('so[^1]\n\n[^1]: because')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: 'so' },
          { type: 'note', label: '1' },
        ],
      },
      { type: 'notes', notes: [{ label: '1', children: [words('because')] }] },
    ]);
  });

  it('shows HTML as it was written', () => {
    expect(said(read('<script>alert(1)</script>\n\na <b onclick=x>b</b>'))).toBe(
      '<script>alert(1)</script> a  <b onclick=x> b </b>',
    );
  });

  it('links bare addresses, and those that have words, and nothing dangerous', () => {
    expect(inline('see https://example.org/a.')).toMatchObject([
      { text: 'see ' },
      { type: 'link', target: { href: 'https://example.org/a' } },
      { text: '.' },
    ]);
    expect(inline('www.example.org')).toMatchObject([
      { type: 'link', target: { href: 'http://www.example.org/' } },
    ]);
    expect(inline('[the **docs**][d]\n\n[d]: https://example.org')).toMatchObject([
      { type: 'link', words: [{ text: 'the ' }, { type: 'strong' }] },
    ]);
    expect(inline('[x](javascript:alert(1))')).toEqual([{ type: 'text', text: 'x' }]);
    expect(inline('<javascript:alert(1)>')).toEqual([
      { type: 'text', text: 'javascript:alert(1)' },
    ]);
    expect(inline('[x](/room/a)')).toEqual([{ type: 'text', text: 'x' }]);
  });

  it('has images as words with an address, never as something to load', () => {
    expect(inline('![a cat](https://example.org/cat.png)')).toMatchObject([
      { type: 'image', alt: 'a cat', target: { href: 'https://example.org/cat.png' } },
    ]);
    expect(inline('![x](data:image/png;base64,AAAA)')).toEqual([{ type: 'image', alt: 'x' }]);
  });

  it('has mentions where the marks are, in any markup, and none that was not given out', () => {
    expect(inline(`**hi ${mark(0)}!** ${mark(1)}`, ['Ana', 'Bo'])).toEqual([
      {
        type: 'strong',
        children: [
          { type: 'text', text: 'hi ' },
          { type: 'mention', index: 0 },
          { type: 'text', text: '!' },
        ],
      },
      { type: 'text', text: ' ' },
      { type: 'mention', index: 1 },
    ]);
    expect(inline(`\`${mark(0)}\` ${mark(7)}x`, ['Ana'])).toEqual([
      { type: 'code', text: '@Ana' },
      { type: 'text', text: ' ' },
      { type: 'text', text: 'x' },
    ]);
    expect(inline(`[a](https://example.org/${mark(0)})`, ['Ana'])).toMatchObject([
      { target: { href: 'https://example.org/@Ana' } },
    ]);
  });
});

describe('text that only looks for trouble', () => {
  const HOSTILE: Readonly<Record<string, string>> = {
    quotes: '>'.repeat(4_000),
    'quotes in lists': '> - '.repeat(1_000),
    lists: '- '.repeat(2_000),
    emphasis: '*a _b '.repeat(600),
    'nested emphasis': `${'*'.repeat(2_000)}a${'*'.repeat(2_000)}`,
    brackets: '['.repeat(4_000),
    'links in links': '[a]('.repeat(1_000),
    definitions: `[a]: /b\n\n${'[a]'.repeat(1_300)}`,
    cells: `${'a|'.repeat(1_000)}\n${'-|'.repeat(1_000)}`,
    ticks: Array.from({ length: 82 }, (_, n) => '`'.repeat(n + 1)).join(' '),
    entities: '&'.repeat(4_000),
    tags: '<a '.repeat(1_300),
    addresses: 'a@'.repeat(2_000),
    underscores: 'http://'.repeat(500),
    indents: Array.from({ length: 60 }, (_, n) => `${' '.repeat(n * 2)}- a`).join('\n'),
  };

  it.each(Object.entries(HOSTILE))('%s: is shown as it was written, at once', (_, text) => {
    expect(isTame(text)).toBe(false);
    const from = performance.now();
    const shown = read(text);
    expect(performance.now() - from).toBeLessThan(1_000); // it is about 1 ms; a reader would need many seconds
    expect(said(shown).replaceAll(/[\s\ue000\ue001]/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });

  it('does not spoil the rest of a long message', () => {
    const shown = read(`**good**\n\n${'>'.repeat(4_000)}\n\n**also good**`);
    expect([shown[0], shown.at(-1)]).toEqual([
      {
        type: 'paragraph',
        children: [{ type: 'strong', children: [{ type: 'text', text: 'good' }] }],
      },
      {
        type: 'paragraph',
        children: [{ type: 'strong', children: [{ type: 'text', text: 'also good' }] }],
      },
    ]);
  });

  it('is not what people write', () => {
    expect(isTame('**a** and `b` [c](http://d.e) ~~f~~ '.repeat(25))).toBe(true);
    expect(isTame('- one\n  - two\n    - three\n> > quoted\n'.repeat(20))).toBe(true);
    expect(isTame(`a\n\n${'*'.repeat(40)}\n\nb`)).toBe(true);
    expect(isTame(`\`\`\`\n${'                            deep();\n'.repeat(60)}\`\`\``)).toBe(
      true,
    );
  });
});

/** Pieces of Markdown and of words, joined at random. */
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '_',
        '`',
        '```\n',
        '~~',
        '[',
        ']',
        '](',
        ')',
        '!',
        '<',
        '>',
        '|',
        '\n',
        '\n\n',
        '- ',
        '1. ',
        '# ',
        '    ',
        '---',
        '\\',
        '&amp;',
        'http://',
        'a.b',
        '@',
        ':',
        '\ue000',
        '\ue001',
        '[^1]',
        '- [x] ',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

describe('whatever is written', () => {
  it('is read without failing, and shows no mark and no mention that is not there', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const shown = JSON.stringify(read(text));
        expect(shown).not.toMatch(/[\ue000\ue001]/);
        expect(shown).not.toContain('"mention"');
      }),
      { numRuns: 1_000 },
    );
  });

  it('has no markup where it needs no reader', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const plain = text.replaceAll(/[\ue000\ue001]/g, '');
        if (needsMarkdown(plain) || plain.trim() === '') return;
        for (const block of read(plain)) {
          expect(block.type).toBe('paragraph');
          if (block.type !== 'paragraph') continue;
          expect(new Set(block.children.map(({ type }) => type))).toEqual(new Set(['text']));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('sections', () => {
  it('are the text again, and never cut a block or fenced code', () => {
    const line = fc.constantFrom('a\n', 'bb bb\n', '\n', '  \n', '```\n', '~~~~\n', '```js\n', 'c');
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (lines, size) => {
          const text = lines.join('');
          const pieces = sections(text, size);
          expect(pieces.join('')).toBe(text);
          const whole = blocks(text);
          for (const piece of pieces) {
            expect(piece.length <= size || whole.includes(piece) || pieces.length === 1).toBe(true);
          }
        },
      ),
    );
    expect(sections('```\na\n\nb\n```\n\nc', 8)).toEqual(['```\na\n\nb\n```\n\n', 'c']);
  });
});

it('marks are found only where they are whole', () => {
  expect(parts(`a${mark(0)}\ue000x\ue001`, 1)).toEqual([
    { type: 'text', text: 'a' },
    { type: 'mention', index: 0 },
    { type: 'text', text: 'x' },
  ]);
});
