import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryWish, MessageItem } from '../state/api.ts';
import { message } from '../testing/sample-message.ts';
import { LocalWindow, MOST_LINES } from './local-window.ts';

const history = (count: number): readonly MessageItem[] =>
  Array.from({ length: count }, (_, n) => message(`m${n}`, 'ana', 'Ana', n, `${n}`));

const wish: fc.Arbitrary<HistoryWish> = fc.oneof(
  fc.constantFrom<HistoryWish>(
    { type: 'older' },
    { type: 'newer' },
    { type: 'start' },
    { type: 'end' },
  ),
  fc.nat(400).map((position) => ({ type: 'at' as const, position })),
  fc.nat(400).map((n) => ({ type: 'message' as const, id: `m${n}` })),
);

test('whatever is wished for, the window is a bounded part of the history, and says what is around it', () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.nat(400),
      fc.array(wish, { maxLength: 20 }),
      (count, unread, wishes) => {
        const all = history(count);
        const window = new LocalWindow();
        window.open(all, `m${unread}`);
        for (const each of wishes) {
          window.show(each);
          const { messages, before, after } = window.view;
          expect(messages).toEqual(all.slice(before, count - after));
          expect(messages.length).toBeLessThanOrEqual(MOST_LINES);
          expect(messages.length > 0).toBe(count > 0);
          if (each.type === 'message' && Number(each.id.slice(1)) < count) {
            expect(messages.map(({ id }) => id)).toContain(each.id);
          }
        }
      },
    ),
  );
});

test('what comes is seen at the end, and moves nobody who is elsewhere', () => {
  const window = new LocalWindow();
  window.open(history(200), undefined);
  window.update(history(203));
  expect(window.view.messages.at(-1)?.id).toBe('m202');
  window.show({ type: 'start' });
  const { messages } = window.view;
  window.update(history(210));
  expect(window.view.messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
});
