import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation, MessageItem } from '../state/api.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  mount,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { message } from '../testing/sample-message.ts';
import { room, roomKey } from '../testing/sample-rooms.ts';
import type { ToastEvent } from '../shell/toast-events.ts';
import { MessageActEvent } from './message-events.ts';
import './weir-conversation.ts';
import type { WeirConversation } from './weir-conversation.ts';

afterEach(unmountAll);

const now = Date.now();
const dropped: MessageItem = message('9', 'self', 'You', now, 'dropped words', {
  mine: true,
  refused: { reason: 'Not in the room: you were banned before it arrived.', isHere: false },
});

async function show(
  more: Partial<Conversation> = {},
): Promise<{ weir: FakeWeir; element: WeirConversation; toasts: ToastEvent[] }> {
  const weir = new FakeWeir();
  const messages = [message('1', 'ana', 'Ana', now - 1, 'hello'), dropped];
  weir.ready([room(1, 'One', { messages, ...more })]);
  const element = document.createElement('weir-conversation');
  element.weir = weir;
  element.room = roomKey(1);
  const box = document.createElement('div');
  box.style.setProperty('display', 'grid');
  box.style.setProperty('height', '600px');
  document.body.append(box);
  await mount(element, box);
  const toasts: ToastEvent[] = [];
  element.addEventListener('weir-toast', (event) => toasts.push(event));
  await until('it is drawn', () => findAll(element, 'weir-message').length === messages.length);
  return { weir, element, toasts };
}

const choose = (element: WeirConversation, label: string): void => {
  const button = findAll(element, '.refused button').find((each) => words(each) === label);
  if (!button) throw new Error(`no button ${label}`);
  button.click();
};
const act = (element: WeirConversation, id: string, type: 'link' | 'details'): void => {
  const line = findAll(element, 'weir-message').find((each) => each.dataset['id'] === id);
  line?.dispatchEvent(new MessageActEvent(id, { type }, line));
};
const texts = (weir: FakeWeir): string[] => weir.get(roomKey(1)).messages.map(({ text }) => text);

async function withClipboard(run: () => Promise<void> | void): Promise<string> {
  let copied = '';
  const { clipboard } = navigator;
  const value = { writeText: async (text: string) => void (copied = text) };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value });
  await run();
  await drawn();
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
  return copied;
}

describe('a message that the room did not take', () => {
  test('says why, offers what can be done, and nothing that needs the room to have it', async () => {
    const { element } = await show();
    const note = find(element, '.refused');
    expect(words(find(note, 'p'))).toBe('Not in the room: you were banned before it arrived.');
    expect(findAll(note, 'button').map(words)).toEqual([
      'Send again',
      'Put into the composer',
      'Copy',
      'Discard',
    ]);
    const line = note.closest('.line');
    expect(line && findAll(line, '.acts')).toEqual([]);
    expect(await violations(element)).toEqual([]);
  });

  test('offers only what a person who may not write can do', async () => {
    const { element } = await show({ readOnlyReason: 'You are banned from this room.' });
    expect(findAll(element, '.refused button').map(words)).toEqual(['Copy', 'Discard']);
  });

  test('is sent again as it is', async () => {
    const { weir, element } = await show();
    choose(element, 'Send again');
    await until('it is sent', () => weir.get(roomKey(1)).messages.every(({ refused }) => !refused));
    await until('it is drawn', () => findAll(element, '.refused').length === 0);
  });

  test('whose next try is refused too stays, and it is told why', async () => {
    const { weir, element, toasts } = await show();
    weir.refuseNext({ type: 'TooLong', bytes: 80, maxBytes: 50 });
    choose(element, 'Send again');
    await until('it is told', () => toasts.length === 1);
    expect(toasts[0]?.message).toMatch(/80 bytes are too long/);
    expect(texts(weir)).toContain('dropped words');
  });

  test('goes into the composer to be changed', async () => {
    const { weir, element } = await show();
    choose(element, 'Put into the composer');
    await until('it is there', () => find<HTMLTextAreaElement>(element, 'textarea').value !== '');
    expect(find<HTMLTextAreaElement>(element, 'textarea').value).toBe('dropped words');
    await until('it is in one place', () => !texts(weir).includes('dropped words'));
  });

  test('is copied', async () => {
    const { element } = await show();
    expect(await withClipboard(() => choose(element, 'Copy'))).toBe('dropped words');
  });

  test('is discarded, and that can be taken back', async () => {
    const { weir, element, toasts } = await show();
    choose(element, 'Discard');
    await until('it is told', () => toasts.length === 1);
    expect(texts(weir)).toEqual(['hello']);
    toasts[0]?.action?.run(document.body);
    await until('it is back', () => texts(weir).includes('dropped words'));
  });

  test('and is tried again by itself only says so', async () => {
    const reason = 'The room does not take what was written here: too long.';
    const waiting = { ...dropped, refused: { reason, isHere: true } };
    const { element } = await show({ messages: [waiting, message('1', 'ana', 'Ana', now, 'hi')] });
    expect([words(find(element, '.refused')), findAll(element, '.refused button')]).toEqual([
      reason,
      [],
    ]);
  });
});

describe('a message', () => {
  test('has a link to it', async () => {
    const { element, toasts } = await show();
    const copied = await withClipboard(() => act(element, '1', 'link'));
    expect(copied).toBe(`${location.origin}/room/${roomKey(1)}/m/1`);
    expect(toasts[0]?.message).toMatch(/Link copied/);
  });

  test('tells all that is known of it', async () => {
    const { element } = await show();
    act(element, '1', 'details');
    await until('it is open', () => findAll(element, 'dialog[open]').length === 1);
    const told = words(find(element, 'dialog'));
    for (const each of ['Ana', '5 bytes, 5 characters', 'Message ID 1'])
      expect(told).toContain(each);
    expect(await violations(find(element, 'weir-message-details'))).toEqual([]);
  });
});

describe('a finger that moves a message sideways', () => {
  const touch = (target: Element, type: string, x: number, y = 10): void => {
    const at = new Touch({ identifier: 1, target, clientX: x, clientY: y });
    const touches = type === 'touchend' ? [] : [at];
    target.dispatchEvent(new TouchEvent(type, { touches, bubbles: true, composed: true }));
  };
  const line = (element: WeirConversation): HTMLElement => find(element, 'weir-message');

  test('answers it', async () => {
    const { element } = await show();
    touch(line(element), 'touchstart', 10);
    touch(line(element), 'touchmove', 90);
    expect(line(element).hasAttribute('data-swiped')).toBe(true);
    touch(line(element), 'touchend', 90);
    await until('it is answered', () => findAll(element, '.mode').length === 1);
    expect(words(find(element, '.mode'))).toBe('Reply to Ana hello');
    expect(line(element).style.getPropertyValue('--swiped')).toBe('0px');
  });

  test.each([
    ['not far enough', [40, 12]],
    ['while scrolling', [90, 120]],
    ['the other way', [-90, 10]],
  ])('does nothing %s', async (_, [x = 0, y = 0]) => {
    const { element } = await show();
    touch(line(element), 'touchstart', 10);
    touch(line(element), 'touchmove', 10 + x, y);
    touch(line(element), 'touchend', 10 + x, y);
    await drawn();
    expect(findAll(element, '.mode')).toHaveLength(0);
  });
});
