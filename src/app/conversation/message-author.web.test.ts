import { afterEach, describe, expect, test } from 'vitest';
import type { MessageItem } from '../state/api.ts';
import { find, findAll, mount, unmountAll, violations, words } from '../testing/mount.ts';
import { message } from '../testing/sample-message.ts';
import { historyRows } from './rows.ts';
import type { WeirMessage } from './weir-message.ts';
import './weir-message.ts';

afterEach(unmountAll);

async function show(author: string, more: Partial<MessageItem>): Promise<WeirMessage> {
  const element = document.createElement('weir-message');
  const now = Date.now();
  element.row = historyRows([message('1', '-77', author, now, 'Hello', more)])[0];
  element.today = now;
  return mount(element);
}

describe('the author of a message', () => {
  test('who is in the room is a button that asks about them', async () => {
    const element = await show('Ana', { authorIsMember: true, authorRole: 'deputy' });
    const asked: string[] = [];
    element.addEventListener('weir-person-chosen', (event) => asked.push(event.id));
    const author = find<HTMLButtonElement>(element, '.author');
    author.click();
    expect([asked, author.title, words(find(element, '.role'))]).toEqual([
      ['-77'],
      'About Ana',
      'deputy',
    ]);
    expect(findAll(element, '.look-alike')).toHaveLength(0);
    expect(await violations(element)).toEqual([]);
  });

  test('of whom nothing more is known is only named', async () => {
    const element = await show('Ana', {});
    expect(findAll(element, '.author, .role')).toHaveLength(0);
    expect(words(find(element, '.who bdi'))).toBe('Ana');
  });

  test.each([
    ['owner', 'Not the owner of the room: the name only looks like “Ian”'],
    ['deputy', 'Not a deputy: the name only looks like “Ian”'],
  ] as const)('who looks like the %s carries a warning in words', async (role, sentence) => {
    const element = await show('lan', {
      authorIsMember: true,
      authorWarning: { name: 'Ian', role },
    });
    const warning = find(element, '.look-alike');
    expect([warning.title, warning.ariaLabel]).toEqual([sentence, sentence]);
    expect(await violations(element)).toEqual([]);
  });
});
