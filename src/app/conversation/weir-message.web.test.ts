import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MessageItem } from '../state/api.ts';
import { loadMarkdown } from '../markdown/rich-text.ts';
import { message } from '../testing/sample-message.ts';
import { drawn, find, findAll, mount, unmountAll, violations, words } from '../testing/mount.ts';
import { historyRows } from './rows.ts';
import './weir-message.ts';
import type { WeirMessage } from './weir-message.ts';

beforeAll(loadMarkdown);
afterEach(unmountAll);

const now = Date.now();

async function show(text: string, more: Partial<MessageItem> = {}): Promise<WeirMessage> {
  const element = document.createElement('weir-message');
  element.row = historyRows([message('1', 'ana', 'Ana', now, text, more)])[0];
  element.today = now;
  element.quoteHere = true;
  return mount(element);
}

describe('the words of a message', () => {
  test('keep every line break and space where nothing is marked', async () => {
    const text = 'one\n\n\ntwo  spaces, 3 > 2; a+b';
    const element = await show(text);
    expect(find(element, '.words').textContent).toBe(text);
  });

  test('are never HTML', async () => {
    const element = await show('<img src=x onerror=alert(1)>\n\n**b** <b>not</b> &lt;i&gt;');
    expect(find(element, '.words').innerText).toBe(
      '<img src=x onerror=alert(1)>\n\nb <b>not</b> <i>',
    );
    expect(findAll(element, 'img, b, i')).toHaveLength(0);
  });

  test('link http addresses only, without giving the opener away', async () => {
    const element = await show('a https://freenet.org/x, javascript:alert(1) b');
    const links = findAll<HTMLAnchorElement>(element, 'a');
    expect(links.map((link) => [link.href, link.target, link.rel])).toEqual([
      ['https://freenet.org/x', '_blank', 'noopener noreferrer'],
    ]);
    expect(find(element, '.words').innerText).toBe('a freenet.org/x, javascript:alert(1) b');
  });

  test('run in their own direction', async () => {
    const element = await show('صباح الخير');
    expect(getComputedStyle(find(element, '.words')).direction).toBe('rtl');
    expect(getComputedStyle(find(element, '.line')).direction).toBe('ltr');
  });

  test.each([
    ['characters', 'x'.repeat(50_000)],
    ['lines', 'y\n'.repeat(5_000)],
  ])('of too many %s are cut until the person asks for all', async (_, text) => {
    const element = await show(text);
    expect(find(element, '.words').textContent?.length).toBeLessThan(4_100);
    find(element, '.all').click();
    await drawn();
    expect(find(element, '.words').textContent).toBe(text);
    expect(findAll(element, '.all')).toHaveLength(0);
  });

  test('of one word without an end do not widen the page', async () => {
    const element = await show('W'.repeat(3_000));
    expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth);
  });

  test('say that they were edited, are unsupported, or can’t be read', async () => {
    expect(words(find(await show('text', { edited: true }), '.bubble'))).toBe('text (edited)');
    unmountAll();
    expect(words(await show('', { kind: 'unsupported' }))).toContain('a kind that Weir can’t show');
    unmountAll();
    expect(words(await show('', { kind: 'unreadable' }))).toContain('its key is not here');
  });
});

describe('a reply', () => {
  const replyTo = { id: '7', author: 'Bo', text: 'the quoted words' };

  test('shows whom and what it answers, and leads there', async () => {
    const element = await show('yes', { kind: 'reply', replyTo });
    const chosen: string[] = [];
    element.addEventListener('weir-quote-chosen', (event) => chosen.push(event.id));
    const quote = find(element, 'button.quote');
    expect(words(quote)).toBe('In reply to Bothe quoted words');
    quote.click();
    expect(chosen).toEqual(['7']);
  });

  test('to a message that is gone says so and leads nowhere', async () => {
    const element = await show('yes', { kind: 'reply' });
    expect(words(element)).toContain('Original message unavailable');
    expect(findAll(element, '.quote:is(button), .quote button')).toHaveLength(0);
  });
});

describe('reactions and delivery', () => {
  test('reactions name their people, and a flood of them is bounded', async () => {
    const many = Array.from({ length: 500 }, (_, n) => ({
      emoji: `e${n}`,
      by: ['Ana'],
      mine: false,
    }));
    const element = await show('x', {
      reactions: [{ emoji: '👍', by: ['Ana', 'Bo'], mine: true }, ...many],
    });
    const chips = findAll(element, '.reaction');
    expect([chips[0]?.title, words(chips[0] as Element)]).toEqual([
      'Ana and Bo',
      '👍 Ana and Bo 👍 2',
    ]);
    expect(chips).toHaveLength(25);
    expect(words(chips[24] as Element)).toBe('+477');
  });

  test('an own message says where it is, someone else’s does not', async () => {
    const mine = await show('x', { mine: true, delivery: 'stored-here' });
    expect(words(find(mine, '.meta'))).toMatch(/stored here$/);
    unmountAll();
    const there = await show('x', { mine: true, delivery: 'on-node' });
    expect(words(find(there, '.meta'))).toMatch(/on your node$/);
    unmountAll();
    expect(findAll(await show('x'), '.meta')).toHaveLength(0);
  });
});

describe('what can be done with a message', () => {
  const acts = (element: WeirMessage): string[] => {
    const seen: string[] = [];
    element.addEventListener('weir-message-act', ({ id, act }) =>
      seen.push(`${id} ${act.type === 'react' ? act.emoji : act.type}`),
    );
    return seen;
  };
  const buttons = (element: WeirMessage): (string | null)[] =>
    findAll(element, '.act').map((button) => button.ariaLabel);

  test('is shown under the pointer and under the focus, and nothing else moves', async () => {
    const element = await show('words');
    element.tabIndex = 0;
    const { left, width } = find(element, '.bubble').getBoundingClientRect();
    expect(buttons(element)).toEqual([]);
    element.writable = true;
    element.focus();
    await drawn();
    expect(buttons(element)).toEqual(['Add a reaction', 'Reply', 'More actions']);
    const after = find(element, '.bubble').getBoundingClientRect();
    expect([after.left, after.width]).toEqual([left, width]);
    element.blur();
    await drawn();
    expect(buttons(element)).toEqual([]);
    element.dispatchEvent(new PointerEvent('pointerenter'));
    await expect.poll(() => buttons(element)).toHaveLength(3);
    expect(await violations(element)).toEqual([]);
  });

  test('a reader without the right to write can still copy', async () => {
    const element = await show('words', { reactions: [{ emoji: '👍', by: ['Bo'], mine: false }] });
    element.dispatchEvent(new PointerEvent('pointerenter'));
    await expect.poll(() => buttons(element)).toEqual(['More actions']);
    expect(findAll(element, 'button.reaction')).toHaveLength(0);
  });

  test('a press on a reaction joins in', async () => {
    const element = await show('x', { reactions: [{ emoji: '🌊', by: ['Bo'], mine: false }] });
    const seen = acts(element);
    element.writable = true;
    await drawn();
    const chip = find<HTMLButtonElement>(element, 'button.reaction');
    expect(chip.ariaPressed).toBe('false');
    chip.click();
    expect(seen).toEqual(['1 🌊']);
  });

  test('a long press opens the menu; the mouse keeps the browser’s own', async () => {
    const element = await show('x https://freenet.org');
    const seen = acts(element);
    const long = (target: Element, pointerType: string): boolean =>
      target.dispatchEvent(
        new PointerEvent('contextmenu', {
          pointerType,
          bubbles: true,
          composed: true,
          cancelable: true,
        }),
      );
    expect(long(find(element, '.bubble'), 'mouse')).toBe(true);
    expect(long(find(element, 'a'), 'touch')).toBe(true);
    expect(long(find(element, '.bubble'), 'touch')).toBe(false);
    expect(seen).toEqual(['1 menu']);
  });

  test('there is nothing to do with words that can’t be read', async () => {
    const element = await show('', { kind: 'unreadable' });
    expect(findAll(element, '.acts')).toHaveLength(0);
  });
});

describe('the time of a message', () => {
  test('is when it came, in italics with a mark, where its author’s clock is ahead', async () => {
    const element = await show('from tomorrow', { firstSeen: now - 86_400_000 });
    const time = find(element, 'time');
    expect(time.textContent).toMatch(/^~/);
    expect(getComputedStyle(time).fontStyle).toBe('italic');
    expect(time.getAttribute('datetime')).toBe(new Date(now - 86_400_000).toISOString());
    expect(await violations(element)).toEqual([]);
  });

  test('says in the tooltip how late it came', async () => {
    const element = await show('by a slow boat', { firstSeen: now + 3 * 3_600_000 });
    element.dispatchEvent(new PointerEvent('pointerenter'));
    await expect.poll(() => find(element, '.bubble').title).not.toBe('');
    expect(find(element, 'time').textContent).not.toMatch(/^~/);
    expect(find(element, '.bubble').title).toContain('(received after 3\u00a0h delay)');
  });
});
