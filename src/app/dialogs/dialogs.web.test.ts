import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { err, ok } from '../../shared/result.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import { DialogClosedEvent, type WeirDialog } from './dialog.ts';
import './weir-create-dialog.ts';
import './weir-join-dialog.ts';

afterEach(unmountAll);

interface Shown<T> {
  readonly weir: FakeWeir;
  readonly element: T;
  readonly closed: (RoomKey | undefined)[];
}

async function show<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  fill: (element: HTMLElementTagNameMap[K], weir: FakeWeir) => void = () => {},
): Promise<Shown<HTMLElementTagNameMap[K]>> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  const element = document.createElement(tag);
  (element as unknown as WeirDialog).weir = weir;
  fill(element, weir);
  const closed: (RoomKey | undefined)[] = [];
  element.addEventListener(DialogClosedEvent.type, (event) => {
    if (event instanceof DialogClosedEvent) closed.push(event.room);
  });
  await mount(element as unknown as WeirDialog);
  await drawn();
  return { weir, element, closed };
}

const field = (element: Element, id: string): HTMLInputElement => find(element, `#${id}`);
const problem = (element: Element): string => words(find(element, '.problem'));
const button = (element: Element, label: string): HTMLElement => {
  const found = findAll(element, 'button').find((each) => words(each) === label);
  if (!found) throw new Error(`no button ${label}`);
  return found;
};

describe('a new room', () => {
  test('begins at its name, with a suggestion for the person’s own; axe finds nothing', async () => {
    const { element } = await show('weir-create-dialog');
    expect(focused()).toBe(field(element, 'name'));
    expect(field(element, 'nickname').value).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(await violations(element)).toEqual([]);
  });

  test('is made with Enter, and is the one to show', async () => {
    const { weir, element, closed } = await show('weir-create-dialog');
    type(field(element, 'nickname'), ' Theo ');
    field(element, 'private').click();
    type(field(element, 'name'), ' Weir keepers ');
    field(element, 'name').focus();
    await userEvent.keyboard('{Enter}');
    await until('it has closed', () => closed.length > 0);
    expect(weir.people.asked).toEqual(['create Weir keepers as Theo privately']);
    expect(closed[0]).toBe(weir.list.current?.at(-1)?.room);
  });

  test.each([
    ['', 'Theo', 'name', 'A room needs a name.'],
    ['é'.repeat(51), 'Theo', 'name', 'That is too long: a name has at most 100 bytes.'],
    ['Room', '  ', 'nickname', 'You need a name in the room.'],
    ['Room', 'Theo 👑', 'nickname', 'A name can’t contain emoji or hidden characters.'],
    ['Room', 'é'.repeat(26), 'nickname', 'That is too long: a name has at most 50 bytes.'],
  ])('called %j by %j is refused at the field %s', async (name, nickname, wrong, sentence) => {
    const { weir, element } = await show('weir-create-dialog');
    type(field(element, 'name'), name);
    type(field(element, 'nickname'), nickname);
    button(element, 'Create').click();
    await drawn();
    expect([problem(element), focused()?.id, weir.people.asked]).toEqual([sentence, wrong, []]);
    expect(field(element, wrong).getAttribute('aria-invalid')).toBe('true');
    expect(await violations(element)).toEqual([]);
  });

  test('that can’t be stored stays in the form', async () => {
    const { weir, element, closed } = await show('weir-create-dialog');
    weir.people.refuseNext({ type: 'QuotaExceeded' });
    type(field(element, 'name'), 'Weir keepers');
    button(element, 'Create').click();
    await until('it says why', () => problem(element) !== '');
    expect([field(element, 'name').value, closed]).toEqual(['Weir keepers', []]);
  });
});

describe('joining', () => {
  test('a pasted invitation says what it is before anything is done', async () => {
    const { weir, element, closed } = await show('weir-join-dialog');
    expect(focused()?.id).toBe('paste');
    expect(await violations(element)).toEqual([]);
    type(find<HTMLTextAreaElement>(element, '#paste'), ' http://localhost/?invitation=abc ');
    button(element, 'Next').click();
    await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
    await drawn();
    expect([field(element, 'nickname').value, focused()?.id]).toEqual(['Quick Otter', 'nickname']);
    expect(await violations(element)).toEqual([]);
    expect(weir.people.asked).toEqual([]);
    type(field(element, 'nickname'), 'Theo');
    await userEvent.keyboard('{Enter}');
    await until('it has closed', () => closed.length > 0);
    expect(closed).toEqual([roomKey(9)]);
    expect(weir.people.asked).toEqual(['accept http://localhost/?invitation=abc as Theo']);
  });

  test('the link that was opened needs no pasting, also when the database opens after it', async () => {
    const { weir, element } = await show('weir-join-dialog', (it) => {
      it.invitation = 'abc';
      it.weir = undefined;
    });
    expect(words(find(element, '[role=status]'))).toBe('Reading the invitation…');
    element.weir = weir;
    await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
    button(element, 'Decline').click();
    await until('it is declined', () => weir.people.asked.length > 0);
    expect(weir.people.asked).toEqual(['decline abc']);
  });

  test('a room that one is in is only opened', async () => {
    const { weir, element, closed } = await show('weir-join-dialog', (it, fake) => {
      it.invitation = 'abc';
      fake.people.offer = ok({ type: 'already-here', room: roomKey(2), name: 'Allotment 14b' });
    });
    await until('it says so', () => words(element).includes('You are in “Allotment 14b” already.'));
    button(element, 'Open it').click();
    await until('it has closed', () => closed.length > 0);
    expect([closed, weir.people.asked]).toEqual([[roomKey(2)], []]);
  });

  test('a key is replaced only by a button that says so', async () => {
    const { weir, element } = await show('weir-join-dialog', (it, fake) => {
      it.invitation = 'abc';
      fake.people.offer = ok({
        type: 'replace',
        room: roomKey(2),
        name: 'Allotment 14b',
        reason: 'You are banned from this room.',
        suggestedName: 'Quick Otter',
      });
    });
    await until('it warns', () => findAll(element, '.warning').length === 1);
    await drawn();
    expect(words(find(element, '.warning'))).toContain('You are banned');
    expect(await violations(element)).toEqual([]);
    button(element, 'Replace my key').click();
    await until('it is accepted', () => weir.people.asked.length > 0);
    expect(weir.people.asked).toEqual(['accept abc as Quick Otter, replacing']);
  });

  test('what is no invitation is refused in words, and stays to be corrected', async () => {
    const { weir, element } = await show('weir-join-dialog');
    weir.people.offer = err('This is no invitation: there is no code.');
    button(element, 'Next').click();
    await drawn();
    expect(problem(element)).toBe('Paste the invitation first.');
    type(find<HTMLTextAreaElement>(element, '#paste'), 'nonsense');
    button(element, 'Next').click();
    await until('it says why', () => problem(element).startsWith('This is no'));
    expect(find<HTMLTextAreaElement>(element, '#paste').value).toBe('nonsense');
  });

  test('rooms that one has left are there to come back to', async () => {
    const { weir, element, closed } = await show('weir-join-dialog', (_, fake) => {
      fake.left.set([{ room: roomKey(3), name: 'Old river' }]);
      void fake.people.leave(roomKey(3));
    });
    expect(words(find(element, '.left'))).toBe('Old river Come back');
    expect(await violations(element)).toEqual([]);
    find(element, '.left button').click();
    await until('it has closed', () => closed.length > 0);
    expect([closed, weir.people.asked.at(-1)]).toEqual([[roomKey(3)], `come back ${roomKey(3)}`]);
  });

  test('an identity is recognised as one', async () => {
    const { weir, element, closed } = await show('weir-join-dialog');
    type(find<HTMLTextAreaElement>(element, '#paste'), '-----BEGIN RIVER IDENTITY-----\nabc');
    button(element, 'Next').click();
    await until('it has closed', () => closed.length > 0);
    expect(weir.people.asked[0]).toMatch(/^import -----BEGIN/);
  });
});
