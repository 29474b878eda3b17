import { page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { WeirComposer } from '../composer/weir-composer.ts';
import type { Conversation } from '../state/api.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
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
import { message } from '../testing/sample-message.ts';
import { room, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import type { ToastEvent } from '../shell/toast-events.ts';
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
      {
        room: roomKey(1),
        name: 'One',
        isPrivate: false,
        unread: 0,
        mode: 'All',
        sync: { type: 'on-node' },
      },
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
    await page.viewport(1280, 800);
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

describe('acting on messages', () => {
  const now = Date.now();
  const talk = (): Conversation =>
    room(1, 'One', {
      messages: [
        message('1', 'ana', 'Ana', now - 3, 'first'),
        message('2', 'me', 'Me', now - 2, 'mine', { mine: true, delivery: 'on-node' }),
        message('3', 'bo', 'Bo', now - 1, 'third'),
      ],
    });
  const line = (element: Element, id: string): HTMLElement =>
    find(element, `weir-message[data-id="${id}"]`);
  const field = (element: Element): HTMLTextAreaElement => find(element, 'textarea');
  const isOpen = (element: Element): boolean =>
    findAll(element, '.menu').some((menu) => menu.matches(':popover-open'));

  async function openMenu(element: Element, id: string, label = 'More actions'): Promise<void> {
    line(element, id).focus();
    await drawn();
    find(line(element, id), `.act[aria-label="${label}"]`).click();
    await until('the menu is open', () => isOpen(element));
  }

  const chooseAct = (element: Element, label: string): void => {
    const button = findAll(element, '.menu .act').find((each) => words(each) === label);
    if (!button) throw new Error(`no action ${label}`);
    button.click();
  };

  test('a reply shows what it answers, keeps the draft, and leads back to it', async () => {
    const { weir, element } = await show([talk()]);
    type(field(element), 'half');
    line(element, '1').focus();
    await drawn();
    find(line(element, '1'), '[aria-label="Reply"]').click();
    await drawn();
    expect(words(find(element, '.mode'))).toBe('Reply to Ana first');
    expect([focused(), field(element).value]).toEqual([field(element), 'half']);
    expect(await violations(element)).toEqual([]);
    type(field(element), 'half done');
    press('Enter');
    await until('it is sent', () => weir.get(roomKey(1)).messages.length === 4);
    await drawn();
    expect(weir.get(roomKey(1)).messages.at(-1)?.replyTo?.id).toBe('1');
    expect(findAll(element, '.mode')).toHaveLength(0);
    find(element, 'button.quote').click();
    await until('the quoted line has the focus', () => focused() === line(element, '1'));
  });

  test('Escape ends a reply, and the words stay', async () => {
    const { element } = await show([talk()]);
    line(element, '3').focus();
    await drawn();
    find(line(element, '3'), '[aria-label="Reply"]').click();
    await drawn();
    type(field(element), 'words');
    press('Escape');
    await drawn();
    expect([findAll(element, '.mode').length, field(element).value]).toEqual([0, 'words']);
  });

  test('a refused reply comes back with what it answers', async () => {
    const { weir, element } = await show([talk()]);
    line(element, '1').focus();
    await drawn();
    find(line(element, '1'), '[aria-label="Reply"]').click();
    await drawn();
    type(field(element), 'words');
    await drawn();
    weir.refuseNext({ type: 'QuotaExceeded' });
    press('Enter');
    await until('it is refused', () => findAll(element, '.refusal').length === 1);
    await drawn();
    expect([field(element).value, words(find(element, '.mode'))]).toEqual([
      'words',
      'Reply to Ana first',
    ]);
  });

  test('ArrowUp in an empty field edits the last own message; Enter saves, and the draft is untouched', async () => {
    const { weir, element } = await show([talk()]);
    field(element).focus();
    press('ArrowUp');
    await drawn();
    expect([field(element).value, words(find(element, '.mode'))]).toEqual([
      'mine',
      'Editing your message',
    ]);
    type(field(element), 'mine, better');
    await drawn();
    press('Enter');
    await until('it is saved', () => weir.get(roomKey(1)).messages[1]?.text === 'mine, better');
    await drawn();
    expect([field(element).value, weir.get(roomKey(1)).messages.length]).toEqual(['', 3]);
  });

  test('Escape ends an edit without a change; ArrowUp among words only moves the caret', async () => {
    const { weir, element } = await show([talk()]);
    field(element).focus();
    press('ArrowUp');
    await drawn();
    type(field(element), 'changed');
    press('Escape');
    await drawn();
    expect([field(element).value, weir.get(roomKey(1)).messages[1]?.text]).toEqual(['', 'mine']);
    type(field(element), 'words');
    expect(press('ArrowUp')).toBe(true);
  });

  test('a refused edit stays in the field with the reason', async () => {
    const { weir, element } = await show([talk()]);
    field(element).focus();
    press('ArrowUp');
    await drawn();
    type(field(element), 'changed');
    await drawn();
    weir.refuseNext({ type: 'NotAllowed', reason: 'no.' });
    press('Enter');
    await until('it is refused', () => findAll(element, '.refusal').length === 1);
    expect(field(element).value).toBe('changed');
    expect(words(find(element, '.mode'))).toBe('Editing your message');
  });

  test('a delete is asked for, is gone at once then, and its words can be written again', async () => {
    const { weir, element } = await show([talk()]);
    const toasts: ToastEvent[] = [];
    element.addEventListener('weir-toast', (event) => toasts.push(event));
    await openMenu(element, '2');
    chooseAct(element, 'Delete');
    await until('it is asked for', () => findAll(element, '.question').length === 1);
    expect([words(focused() as Element), weir.get(roomKey(1)).messages.length]).toEqual([
      'Keep it',
      3,
    ]);
    expect(await violations(element)).toEqual([]);
    chooseAct(element, 'Delete for everyone');
    await until('it is told', () => toasts.length === 1);
    expect(weir.get(roomKey(1)).messages.map((item) => item.id)).toEqual(['1', '3']);
    toasts[0]?.action?.run(document.body);
    await drawn();
    expect([field(element).value, focused()]).toEqual(['mine', field(element)]);
  });

  test('the menu offers edit and delete for own messages only, and axe finds nothing in it', async () => {
    const { element } = await show([talk()]);
    await openMenu(element, '1');
    expect(findAll(element, '.menu .act').map(words)).toEqual([
      'Reply',
      'Copy text',
      'Copy a link to it',
      'Details',
    ]);
    expect(await violations(element)).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await until('it is closed', () => !isOpen(element));
    await openMenu(element, '2');
    expect(findAll(element, '.menu .act').map(words)).toEqual([
      'Reply',
      'Edit',
      'Copy text',
      'Copy a link to it',
      'Details',
      'Delete',
    ]);
  });

  test('a reaction is chosen with the arrow keys and taken back from its chip', async () => {
    const { weir, element } = await show([talk()]);
    await openMenu(element, '3', 'Add a reaction');
    expect(findAll(element, '.menu .act')).toHaveLength(0);
    expect(focused()?.ariaLabel).toBe('React with 👍');
    await userEvent.keyboard('{ArrowRight}{ArrowDown}{Enter}');
    await until('it is there', () => weir.get(roomKey(1)).messages[2]?.reactions.length === 1);
    expect(weir.get(roomKey(1)).messages[2]?.reactions[0]?.emoji).toBe('😡');
    await drawn();
    find(line(element, '3'), 'button.reaction').click();
    await until('it is gone', () => weir.get(roomKey(1)).messages[2]?.reactions.length === 0);
  });

  test('who may not write is offered nothing that would be refused', async () => {
    const { element } = await show([{ ...talk(), readOnlyReason: 'You are banned.' }]);
    await openMenu(element, '2');
    expect(findAll(element, '.menu button').map(words)).toEqual([
      'Copy text',
      'Copy a link to it',
      'Details',
    ]);
  });
});

describe('mentioning', () => {
  const field = (element: Element): HTMLTextAreaElement => find(element, 'textarea');
  const options = (element: Element): string[] =>
    findAll(element, '[role=option]').map((it) => words(find(it, 'bdi')));

  async function write(element: Element, text: string): Promise<void> {
    field(element).focus();
    type(field(element), text);
    await drawn();
  }

  test('offers members by how their names begin, and Enter writes the chosen one', async () => {
    const { weir, element } = await show(sampleRooms(Date.now()));
    await write(element, 'hello @');
    expect(options(element)).toHaveLength(6);
    await write(element, 'hello @i');
    expect(options(element).slice(0, 2)).toEqual(['Ian', 'Ana Lima']);
    expect(await violations(element)).toEqual([]);
    const before = weir.get(roomKey(1)).messages.length;
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await drawn();
    expect([field(element).value, options(element)]).toEqual(['hello @Ana Lima ', []]);
    expect(weir.get(roomKey(1)).messages).toHaveLength(before);
  });

  test('offers them also to who was faster than they were read', async () => {
    const { element } = await show(sampleRooms(Date.now()));
    const composer = find<WeirComposer>(element, 'weir-composer');
    const { members } = composer;
    composer.members = [];
    await write(element, 'hello @i');
    expect(options(element)).toEqual([]);
    composer.members = members;
    await drawn();
    expect(options(element)[0]).toBe('Ian');
  });

  test('Escape closes the list and keeps the words; an address is no mention', async () => {
    const { element } = await show(sampleRooms(Date.now()));
    await write(element, '@b');
    expect(options(element)[0]).toBe('Bo');
    press('Escape');
    await drawn();
    expect([field(element).value, options(element)]).toEqual(['@b', []]);
    await write(element, 'me@bo');
    expect(options(element)).toEqual([]);
  });

  test('of two people with one name the right one is written out', async () => {
    const [official] = sampleRooms(Date.now());
    const bo = official?.members.find((each) => each.id === 'bo');
    if (!official || !bo) throw new Error('no sample');
    const twin = { ...bo, id: 'bo2', label: 'BO2BO2BO', mention: '@[Bo](rv:BO2BO2BO)' };
    const { element } = await show([{ ...official, members: [...official.members, twin] }]);
    await write(element, '@bo');
    findAll(element, '[role=option]')[1]?.click();
    await drawn();
    expect(field(element).value).toBe('@[Bo](rv:BO2BO2BO) ');
  });
});
