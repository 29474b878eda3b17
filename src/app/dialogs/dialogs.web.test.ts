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
import './weir-invite-dialog.ts';
import './weir-join-dialog.ts';
import './weir-room-dialog.ts';

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
const labels = (element: Element): string[] =>
  findAll(element, 'button')
    .map((each) => words(each))
    .filter((label) => label !== '');

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

describe('inviting', () => {
  test('shows a link and a code for one person, and another one for the next', async () => {
    const { element } = await show('weir-invite-dialog', (it) => {
      it.room = roomKey(1);
      it.roomName = 'Freenet Official';
    });
    await until('it is made', () => findAll(element, 'weir-copy-field').length === 2);
    await drawn();
    const values = (): string[] =>
      findAll<HTMLInputElement>(element, 'input').map((it) => it.value);
    const [link, code] = values();
    expect(link).toBe(`http://localhost:7520/?invitation=${code}`);
    expect(words(element)).toContain('For one person only');
    expect(await violations(element)).toEqual([]);
    button(element, 'Another one').click();
    await until('it is another one', () => values()[1] !== code);
  });
});

describe('about a room', () => {
  const about = (n: number): Promise<Shown<HTMLElementTagNameMap['weir-room-dialog']>> =>
    show('weir-room-dialog', (it, weir) => {
      it.conversation = weir.get(roomKey(n));
    });

  test.each([1, 3])('axe finds nothing in sample room %d', async (n) => {
    const { element } = await about(n);
    expect(await violations(element)).toEqual([]);
  });

  test('the owner changes only what differs, in one edit', async () => {
    const { weir, element } = await about(1);
    type(field(element, 'name'), 'Freenet');
    type(field(element, 'maxMembers'), '300');
    button(element, 'Save').click();
    await until('it is saved', () => labels(element).includes('Saved'));
    expect(weir.people.asked).toEqual(['change {"name":"Freenet","limits":{"maxMembers":300}}']);
  });

  test.each(['0', '', '-1', '1.5', 'many', '99999999999'])(
    'a limit of %j is refused and nothing is changed',
    async (limit) => {
      const { weir, element } = await about(1);
      type(field(element, 'maxMembers'), limit);
      button(element, 'Save').click();
      await until('it is refused', () => problem(element) !== '');
      expect([problem(element), weir.people.asked]).toEqual([
        'Limits are whole numbers from 1 on.',
        [],
      ]);
    },
  );

  test('keeping fewer messages says what goes, and is only done when it is said again', async () => {
    const { weir, element } = await about(1);
    type(field(element, 'maxRecentMessages'), '50');
    button(element, 'Save').click();
    await until('it warns', () => problem(element) !== '');
    expect([problem(element), weir.people.asked]).toEqual([
      'Messages beyond the newest 50 will be deleted for everybody. Save again if you mean it.',
      [],
    ]);
    button(element, 'Save').click();
    await until('it is saved', () => weir.people.asked.length > 0);
    expect(weir.people.asked).toEqual(['change {"limits":{"maxRecentMessages":50}}']);
  });

  test('what is typed survives news of the room', async () => {
    const { weir, element } = await about(1);
    type(field(element, 'name'), 'half a na');
    element.conversation = { ...weir.get(roomKey(1)), name: 'Renamed elsewhere' };
    await drawn();
    expect(field(element, 'name').value).toBe('half a na');
  });

  test('others read it; the identity is shown only when asked for', async () => {
    const { element } = await about(3);
    expect(findAll(element, '#name')).toHaveLength(0);
    expect(words(element)).toContain('Messages that are kept');
    button(element, 'Show my identity').click();
    await until('it is shown', () => findAll(element, '#identity').length === 1);
    await drawn();
    expect(focused()?.id).toBe('identity');
    expect(await violations(element)).toEqual([]);
  });

  test('leaving tells which room it was', async () => {
    const { weir, element } = await about(3);
    const left: string[] = [];
    element.addEventListener('weir-room-left', (event) => left.push(event.room));
    button(element, 'Leave this room').click();
    await until('it is left', () => left.length > 0);
    expect([left, weir.people.asked]).toEqual([[roomKey(3)], [`leave ${roomKey(3)}`]]);
  });
});
