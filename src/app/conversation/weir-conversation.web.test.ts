import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../state/api.ts';
import { FakeWeir, message } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  sizedBox,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { room, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import './weir-conversation.ts';
import type { WeirConversation } from './weir-conversation.ts';

afterEach(unmountAll);

async function show(
  conversations?: readonly Conversation[],
  n = 1,
): Promise<{ weir: FakeWeir; element: WeirConversation }> {
  const weir = new FakeWeir();
  if (conversations) weir.ready(conversations);
  const element = document.createElement('weir-conversation');
  element.weir = weir;
  element.room = roomKey(n);
  await mount(element, sizedBox(800, 600));
  await drawn();
  return { weir, element };
}

describe('the screens of a conversation', () => {
  test('loading, then not here, are two screens', async () => {
    const { weir, element } = await show();
    expect(words(element)).toBe('Opening the room…');
    weir.ready([room(2, 'Another')]);
    await drawn();
    expect(words(element)).toMatch(/^This room isn’t here/);
    expect(await violations(element)).toEqual([]);
  });

  test('a room that is listed is still opening, never unknown', async () => {
    const { weir, element } = await show();
    weir.phase.set({ type: 'ready' });
    weir.list.set([
      { room: roomKey(1), name: 'One', isPrivate: false, unread: 0, sync: { type: 'on-node' } },
    ]);
    await drawn();
    expect(words(element)).toBe('Opening the room…');
  });

  test('a failed load is an alert with a way out', async () => {
    const { weir, element } = await show();
    weir.phase.set({ type: 'failed', reason: 'The node is away.' });
    await drawn();
    expect(words(find(element, '[role=alert]:not(.headline)'))).toMatch(
      /The node is away\. Try again$/,
    );
    find(element, '.notice button').click();
    expect(weir.retries).toBe(1);
  });

  test('an empty room invites to write, unless nobody can', async () => {
    const { weir, element } = await show([room(1, 'One')]);
    expect(words(element)).toContain('No messages yet. Write the first one.');
    weir.put(room(1, 'One', { readOnlyReason: 'You have been banned.' }));
    await drawn();
    expect(words(element)).not.toContain('Write');
    expect(words(element)).toContain('You have been banned.');
  });

  test.each([1, 2, 3, 4, 5])('sample room %d has no accessibility violations', async (n) => {
    const { element } = await show(sampleRooms(Date.now()), n);
    expect(await violations(element)).toEqual([]);
  });
});

describe('the header', () => {
  test('says name, members, privacy and what is stored here', async () => {
    const { element } = await show([
      room(1, 'One', { isPrivate: true, memberCount: 1, sync: { type: 'stored-here', since: 0 } }),
    ]);
    expect(words(find(element, 'weir-conversation-header'))).toBe(
      'One private 1 member · stored here',
    );
  });

  test('a long description is folded to a line and opens', async () => {
    const { element } = await show([room(1, 'One', { description: 'all about it '.repeat(60) })]);
    await until('it offers more', () => findAll(element, '.more').length > 0);
    const about = find(element, '.about');
    const folded = about.clientHeight;
    find(element, '.more').click();
    await drawn();
    expect(about.clientHeight).toBeGreaterThan(folded);
    expect(find(element, '.more').ariaExpanded).toBe('true');
  });

  test('a short description has nothing more to show', async () => {
    const { element } = await show([room(1, 'One', { description: 'short' })]);
    await drawn();
    expect(findAll(element, '.more')).toHaveLength(0);
  });

  test('only who may rename is offered it, and the dialog gives the focus back', async () => {
    const { weir, element } = await show([room(1, 'One')]);
    expect(findAll(element, '[aria-label="Rename this room"]')).toHaveLength(0);
    weir.put(room(1, 'One', { canRename: true }));
    await drawn();
    const button = find(element, '[aria-label="Rename this room"]');
    button.focus();
    button.click();
    await until('the dialog is open', () => findAll(element, 'dialog[open]').length === 1);
    type(find<HTMLInputElement>(element, 'dialog input'), 'Two');
    weir.arrive(roomKey(1), message('1', 'ana', 'Ana', Date.now(), 'meanwhile'));
    await drawn();
    expect(find<HTMLInputElement>(element, 'dialog input').value).toBe('Two');
    press('Enter');
    await until('it has closed', () => findAll(element, 'dialog').length === 0);
    expect(weir.get(roomKey(1)).name).toBe('Two');
    expect(focused()).toBe(button);
  });
});

describe('watching', () => {
  test('one room is open at a time, and none when the element has left', async () => {
    const { weir, element } = await show([room(1, 'One'), room(2, 'Two')]);
    expect(weir.openRooms).toEqual([roomKey(1)]);
    element.room = roomKey(2);
    await drawn();
    expect(weir.openRooms).toEqual([roomKey(2)]);
    expect(words(find(element, 'h2'))).toBe('Two');
    const parent = element.parentElement;
    element.remove();
    expect(weir.openRooms).toEqual([]);
    parent?.append(element);
    await drawn();
    expect(weir.openRooms).toEqual([roomKey(2)]);
    expect(words(find(element, 'h2'))).toBe('Two');
  });

  test('a sent message is shown as stored here, then as on the node', async () => {
    const { weir, element } = await show([
      room(1, 'One', { messages: [message('1', 'ana', 'Ana', Date.now(), 'hi')] }),
    ]);
    type(find<HTMLTextAreaElement>(element, 'textarea'), 'hello');
    await drawn();
    find<HTMLElement>(element, 'textarea').focus();
    press('Enter');
    await until('it is shown', () => findAll(element, '.meta').length > 0);
    expect(words(find(element, '.meta'))).toMatch(/stored here$/);
    weir.settle(roomKey(1));
    await drawn();
    expect(words(find(element, '.meta'))).toMatch(/on your node$/);
  });

  test('Ctrl+End leaves the history to the composer, Ctrl+Home to the name of the room', async () => {
    const { element } = await show(sampleRooms(Date.now()));
    const message20 = find(element, 'weir-message[data-id="o20"]');
    message20.focus();
    press('End', { ctrlKey: true });
    expect(focused()?.localName).toBe('textarea');
    message20.focus();
    press('Home', { ctrlKey: true });
    expect(focused()?.localName).toBe('h2');
  });
});
