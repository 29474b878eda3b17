import { afterEach, describe, expect, test } from 'vitest';
import type { MessageItem } from '../state/api.ts';
import { message } from '../testing/sample-message.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  resize,
  sizedBox,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { longHistory } from '../testing/sample-rooms.ts';
import './weir-history.ts';
import type { WeirHistory } from './weir-history.ts';

afterEach(unmountAll);

const now = Date.now();
const late = (id: string, more: Partial<MessageItem> = {}): MessageItem =>
  message(id, 'zoe', 'Zoe', now + Number(id.slice(1)), `words of ${id}`, more);

async function show(
  messages: readonly MessageItem[],
  firstUnreadId?: string,
): Promise<WeirHistory> {
  const history = document.createElement('weir-history');
  history.messages = messages;
  history.firstUnreadId = firstUnreadId;
  history.roomName = 'Upper gate';
  await mount(history, sizedBox(700, 500));
  await drawn();
  await drawn();
  return history;
}

const scroller = (history: WeirHistory): HTMLElement => find(history, '.scroller');
const fromEnd = (history: WeirHistory): number => {
  const { scrollHeight, clientHeight, scrollTop } = scroller(history);
  return scrollHeight - clientHeight - scrollTop;
};
const lines = (history: WeirHistory): HTMLElement[] => findAll(history, 'weir-message');
const line = (history: WeirHistory, id: string): HTMLElement =>
  find(history, `weir-message[data-id="${id}"]`);
const top = (history: WeirHistory, id: string): number =>
  line(history, id).getBoundingClientRect().top - scroller(history).getBoundingClientRect().top;

const inView = (history: WeirHistory): HTMLElement[] => {
  const box = scroller(history).getBoundingClientRect();
  return lines(history).filter((it) => {
    const { top: from, bottom } = it.getBoundingClientRect();
    return bottom > box.top && from < box.bottom;
  });
};
/** The line at the upper edge. */
const reading = (history: WeirHistory): string => inView(history)[1]?.dataset['id'] ?? '';

async function scrollBy(history: WeirHistory, pixels: number): Promise<void> {
  scroller(history).scrollBy(0, pixels);
  await drawn();
  await drawn();
}

async function receive(history: WeirHistory, ...items: MessageItem[]): Promise<void> {
  history.messages = [...history.messages, ...items];
  await drawn();
  await drawn();
}

describe('opening', () => {
  test('at the end when everything is read, with only the newest part in the page', async () => {
    const history = await show(longHistory(1_000, now));
    expect(fromEnd(history)).toBeLessThan(2);
    expect(lines(history)).toHaveLength(24);
    expect(scroller(history).scrollHeight).toBeGreaterThan(1_000 * 40); // the scrollbar is one of the whole
    expect(findAll(history, '.latest')).toHaveLength(0);
  });

  test('at the first unread message, with the divider and some context above it', async () => {
    const history = await show(longHistory(300, now), 'm150');
    expect(top(history, 'm150')).toBeGreaterThanOrEqual(0);
    expect(top(history, 'm150')).toBeLessThan(120);
    expect(words(line(history, 'm150'))).toMatch(/^New/);
    expect(findAll(history, '.divider')).toHaveLength(1);
    expect(findAll(history, '.latest')).toHaveLength(1);
  });

  test('the divider stays when the messages have been read', async () => {
    const history = await show(longHistory(100, now), 'm90');
    history.firstUnreadId = undefined;
    await drawn();
    expect(words(line(history, 'm90'))).toMatch(/^New/);
  });

  test('a short history rests on the composer', async () => {
    const history = await show([late('z1')]);
    const below =
      scroller(history).getBoundingClientRect().bottom -
      line(history, 'z1').getBoundingClientRect().bottom;
    expect(below).toBeLessThan(40);
  });

  test('messages that come after the element decide the place as well', async () => {
    const history = await show([]);
    history.firstUnreadId = 'm150';
    history.messages = longHistory(300, now);
    await drawn();
    await drawn();
    expect(top(history, 'm150')).toBeLessThan(120);
    expect(top(history, 'm150')).toBeGreaterThanOrEqual(0);
  });
});

describe('the place', () => {
  test('a reader at the end stays at the end through arrivals and a shrinking view', async () => {
    const history = await show(longHistory(200, now));
    await receive(history, late('z1'), late('z2'));
    expect(fromEnd(history)).toBeLessThan(2);
    resize(history.parentElement as HTMLElement, 700, 260);
    await drawn();
    await drawn();
    expect(scroller(history).clientHeight).toBe(260);
    expect(fromEnd(history)).toBeLessThan(2);
  });

  test('a reader who scrolled up is not moved; the button counts what came, and leads there', async () => {
    const history = await show(longHistory(200, now));
    await scrollBy(history, -1_500);
    const id = reading(history);
    const before = top(history, id);
    await receive(history, late('z1'));
    await receive(history, late('z2'), late('z3', { mine: false, kind: 'event' }));
    expect(Math.abs(top(history, id) - before)).toBeLessThan(2);
    const button = find(history, '.latest');
    expect(button.getAttribute('aria-label')).toBe('3 new messages, jump to the latest');
    button.click();
    await until('the end is reached', () => fromEnd(history) < 2);
    await until('the button is gone', () => findAll(history, '.latest').length === 0);
  });

  test('an own message always shows itself', async () => {
    const history = await show(longHistory(200, now));
    await scrollBy(history, -1_500);
    await receive(history, late('z1', { mine: true }));
    expect(fromEnd(history)).toBeLessThan(2);
  });

  test('a page that stays at the end for long keeps a bounded number of lines', async () => {
    const history = await show(longHistory(100, now));
    for (let n = 1; n <= 12; n++) {
      const burst = Array.from({ length: 30 }, (_, i) => late(`z${n * 100 + i}`));
      await receive(history, ...burst);
    }
    expect(lines(history).length).toBeLessThanOrEqual(240);
    expect(fromEnd(history)).toBeLessThan(2);
  });

  test('older messages join above without moving what is being read, and newer ones go', async () => {
    const history = await show(longHistory(600, now));
    while (lines(history).some((it) => it.dataset['id'] === 'm599')) {
      const id = reading(history);
      const before = top(history, id);
      await scrollBy(history, -400);
      expect(Math.abs(top(history, id) - (before + 400))).toBeLessThan(3);
      expect(lines(history).length).toBeLessThanOrEqual(96);
    }
    expect(lines(history).length).toBeGreaterThan(72);
  });

  test('the scrollbar leads anywhere at once, and back', async () => {
    const history = await show(longHistory(5_000, now));
    const box = scroller(history);
    for (const part of [0.5, 0.1, 0.9, 0]) {
      box.scrollTop = part * (box.scrollHeight - box.clientHeight);
      await until('messages are drawn there', () => inView(history).length > 3);
      const [first] = inView(history);
      const place = Number(first?.getAttribute('aria-posinset'));
      expect(Math.abs(place - part * 5_000)).toBeLessThan(150);
      expect(lines(history).length).toBeLessThanOrEqual(96);
    }
    expect(inView(history)[0]?.dataset['id']).toBe('m0');
    box.scrollTop = box.scrollHeight;
    await until('the end is there', () => inView(history).at(-1)?.dataset['id'] === 'm4999');
  });
});

describe('a quoted message', () => {
  test('is shown with focus, also when it is older than what is in the page', async () => {
    const history = await show([
      ...longHistory(500, now),
      late('z1', { kind: 'reply', replyTo: { id: 'm40', author: 'Ana', text: 'x' } }),
    ]);
    find(history, 'button.quote').click();
    await until(
      'it has the focus',
      () =>
        (document.activeElement?.shadowRoot?.activeElement as HTMLElement | null)?.dataset['id'] ===
        'm40',
    );
    await drawn();
    expect(top(history, 'm40')).toBeGreaterThan(0);
    expect(top(history, 'm40')).toBeLessThan(500);
    expect(line(history, 'm40').classList.contains('found')).toBe(true);
  });

  test('that is not here is no button', async () => {
    const history = await show([
      late('z1', { kind: 'reply', replyTo: { id: 'gone', author: 'Ana', text: 'x' } }),
    ]);
    expect(findAll(history, 'button.quote')).toHaveLength(0);
    expect(words(history)).toContain('Ana');
  });
});

describe('for a screen reader and a keyboard', () => {
  test('the history is a feed of labelled articles with their places, and axe finds nothing', async () => {
    const history = await show(longHistory(120, now), 'm110');
    const article = line(history, 'm100');
    expect(article.role).toBe('article');
    expect([article.getAttribute('aria-posinset'), article.getAttribute('aria-setsize')]).toEqual([
      '101',
      '120',
    ]);
    expect(article.getAttribute('aria-label')).toMatch(/^Mirela, .+/);
    expect(await violations(history)).toEqual([]);
  });

  test('Tab reaches one article; Page Up and Page Down move; Ctrl+Home and Ctrl+End leave', async () => {
    const history = await show(longHistory(50, now));
    const reachable = (): string[] =>
      lines(history)
        .filter((it) => it.tabIndex === 0)
        .map((it) => it.dataset['id'] ?? '');
    expect(reachable()).toEqual(['m49']);
    line(history, 'm49').focus();
    press('PageUp');
    await drawn();
    press('PageUp');
    await drawn();
    expect((focused() as HTMLElement).dataset['id']).toBe('m47');
    press('PageDown');
    await drawn();
    expect([(focused() as HTMLElement).dataset['id'], reachable()]).toEqual(['m48', ['m48']]);
    const left: string[] = [];
    history.addEventListener('weir-feed-left', (event) => left.push(event.towards));
    press('Home', { ctrlKey: true });
    press('End', { ctrlKey: true });
    expect(left).toEqual(['before', 'after']);
  });

  test('arrivals are announced politely, own messages and the first load are not', async () => {
    const history = await show(longHistory(50, now));
    const log = find(history, '[role=log]');
    expect([log.ariaLive, words(log)]).toEqual(['polite', '']);
    await receive(history, late('z1', { mine: true }), late('z2'));
    expect(words(log)).toBe('Zoe: words of z2');
    await receive(history, late('z3'), late('z4'), late('z5'));
    expect(log.childElementCount).toBe(3);
  });

  test('the focus stays on its message when others arrive', async () => {
    const history = await show(longHistory(50, now));
    line(history, 'm45').focus();
    await receive(history, late('z1'));
    expect((focused() as HTMLElement).dataset['id']).toBe('m45');
  });
});
