import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MessageItem } from '../state/api.ts';
import { message } from '../testing/sample-message.ts';
import { drawn, find, findAll, mount, unmountAll, violations, words } from '../testing/mount.ts';
import { historyRows } from '../conversation/rows.ts';
import type { WeirMessage } from '../conversation/weir-message.ts';
import '../conversation/weir-message.ts';
import { mark } from './mention-marks.ts';
import { loadMarkdown } from './rich-text.ts';
import './weir-text.ts';

beforeAll(loadMarkdown);
afterEach(unmountAll);

const now = Date.now();

async function show(text: string, more: Partial<MessageItem> = {}): Promise<WeirMessage> {
  const element = document.createElement('weir-message');
  element.row = historyRows([message('1', 'ana', 'Ana', now, text, more)])[0];
  element.today = now;
  return mount(element);
}

const EVERYTHING = `# A heading
Some **bold**, *leaning*, ~~struck~~ and \`code\`, [words](https://example.org/x).

> somebody said
> > somebody else

1. one
2. two
   - inner
- [x] done
- [ ] to do

| left | right |
| :--- | ---: |
| a | 1 |

\`\`\`ts
const wide = '${'x'.repeat(300)}';
\`\`\`

![a cat](https://example.org/cat.png) and a note[^1].

---

[^1]: the note`;

describe('Markdown in a message', () => {
  test('is drawn with known elements, and a screen reader and a keyboard get everywhere', async () => {
    const element = await show(EVERYTHING);
    const has = (selector: string): number => findAll(element, selector).length;
    expect([
      has('strong'),
      has('em'),
      has('s'),
      has('blockquote'),
      has('table'),
      has('pre'),
    ]).toEqual([2, 1, 1, 2, 1, 1]);
    expect(has('h1, h2, h3, h4, h5, h6')).toBe(0); // the page's outline is not the message's
    expect(has('img')).toBe(0);
    expect(words(find(element, '.image'))).toBe('Image: a cat, not loaded');
    expect(findAll(element, '.box').map((box) => box.ariaLabel)).toEqual(['Done', 'To do']);
    expect(await violations(element)).toEqual([]);
  });

  test.each([390, 768, 1_280])('keeps what is wide inside of itself at %d px', async (width) => {
    const box = document.createElement('div');
    box.style.width = `${width}px`;
    document.body.append(box);
    const element = document.createElement('weir-message');
    element.row = historyRows([message('1', 'ana', 'Ana', now, EVERYTHING)])[0];
    await mount(element, box);
    expect(element.scrollWidth).toBeLessThanOrEqual(width);
    const pre = find(element, 'pre');
    expect(pre.scrollWidth).toBeGreaterThan(pre.clientWidth);
    expect(find(element, '.bubble').scrollWidth).toBeLessThanOrEqual(width);
  });

  test('links to another host than their words name say so', async () => {
    const element = await show('[paypal.com](https://evil.example/x) [docs](https://a.example)');
    expect(find(element, '.words').innerText).toBe('paypal.com (evil.example) docs');
    expect(find<HTMLAnchorElement>(element, 'a').title).toBe('https://evil.example/x');
  });

  test('a link into Weir stays in this window', async () => {
    const element = await show(`see ${location.origin}/room/abc/m/1`);
    const link = find<HTMLAnchorElement>(element, 'a');
    expect([link.target, link.pathname]).toEqual(['', '/room/abc/m/1']);
  });

  test('code is copied as it was written', async () => {
    const element = await show('```\nlet a;\n  b\n```');
    let copied = '';
    let told = '';
    const { clipboard } = navigator;
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (text: string) => void (copied = text) },
    });
    element.addEventListener('weir-toast', (event) => (told = event.message));
    find(element, '.code button').click();
    await drawn();
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    expect([copied, told]).toEqual(['let a;\n  b', 'Code copied']);
  });

  test('the end of an edited message says so in its last line', async () => {
    const element = await show('**a**\n\nb', { edited: true });
    expect(find(element, '.words').innerText).toBe('a\n\nb (edited)');
    unmountAll();
    const code = await show('```\na\n```', { edited: true });
    expect(words(find(code, '.words'))).toContain('(edited)');
  });
});

describe('a mention', () => {
  const mentions = {
    marked: `hi ${mark(0)} and ${mark(1)} and **${mark(2)}**`,
    people: [
      { id: '7', name: 'Ana', isSelf: false },
      { id: '8', name: 'Me', isSelf: true },
      { name: 'Gone', isSelf: false },
    ],
  };

  test('leads to the person, and shows who is meant; somebody unknown leads nowhere', async () => {
    const element = await show('hi @Ana and @Me and **@Gone**', { mentions });
    const chosen: string[] = [];
    element.addEventListener('weir-person-chosen', (event) => chosen.push(event.id));
    const chips = findAll(element, '.mention');
    expect(
      chips.map((chip) => [words(chip), chip.localName, chip.classList.contains('self')]),
    ).toEqual([
      ['@Ana', 'button', false],
      ['@Me', 'button', true],
      ['@Gone', 'span', false],
    ]);
    for (const chip of chips) chip.click();
    expect(chosen).toEqual(['7', '8']);
    expect(await violations(element)).toEqual([]);
  });

  test('is one in words without Markdown too, and can’t be forged', async () => {
    const plain = { marked: `hi ${mark(0)}`, people: mentions.people.slice(0, 1) };
    const element = await show('hi @Ana', { mentions: plain });
    expect(findAll(element, 'button.mention')).toHaveLength(1);
    unmountAll();
    const forged = await show(`hi ${mark(0)}`);
    expect(findAll(forged, '.mention')).toHaveLength(0);
    expect(find(forged, '.words').textContent).toBe('hi 0');
  });
});

describe('text that turns around what is beside it', () => {
  test('does not reach out of its message', async () => {
    const element = await show('\u202eevil **bold**', { edited: true });
    const bubble = find(element, '.words');
    expect(getComputedStyle(bubble).unicodeBidi).toMatch(/isolate|plaintext/);
    const edited = find(element, '.edited');
    expect(getComputedStyle(edited).unicodeBidi).toBe('isolate');
  });
});

describe('weir-text', () => {
  test('in one line shows the beginning of everything, and has one line’s height', async () => {
    const element = document.createElement('weir-text');
    element.text = EVERYTHING;
    element.line = true;
    const box = document.createElement('div');
    box.style.width = '300px';
    document.body.append(box);
    await mount(element, box);
    expect(element.offsetHeight).toBeLessThan(40);
    expect(element.scrollWidth).toBeGreaterThan(element.clientWidth);
    element.line = false;
    await drawn();
    expect(element.offsetHeight).toBeGreaterThan(200);
  });
});
