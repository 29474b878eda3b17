import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../state/api.ts';
import { roomText } from '../state/room-text.ts';
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
import type { WeirRoomDialog } from './weir-room-dialog.ts';
import './weir-room-dialog.ts';

afterEach(unmountAll);

/** Room 1 is the person's own and public, 2 private, 3 somebody else's. */
async function about(
  n: number,
  change: Partial<Conversation> = {},
): Promise<{ weir: FakeWeir; element: WeirRoomDialog }> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  weir.put({ ...weir.get(roomKey(n)), ...change });
  const element = document.createElement('weir-room-dialog');
  element.weir = weir;
  weir.rooms.open(roomKey(n)).live.subscribe((held) => (element.conversation = held));
  await mount(element);
  await drawn();
  return { weir, element };
}

const field = (element: Element, id: string): HTMLInputElement => find(element, `#${id}`);
const problem = (element: Element): string =>
  words(find(find(element, 'weir-room-form'), '#problem'));
const labels = (element: Element): string[] => findAll(element, 'button').map(words);
const button = (element: Element, label: string): HTMLButtonElement => {
  const found = findAll<HTMLButtonElement>(element, 'button').find((each) => words(each) === label);
  if (!found) throw new Error(`no button ${label}`);
  return found;
};
const details = (more: Partial<Conversation['details']>): Conversation['details'] => {
  const [first] = sampleRooms(Date.now());
  if (!first) throw new Error('no sample');
  return { ...first.details, ...more };
};

describe('about a room', () => {
  test.each([1, 2, 3])('axe finds nothing in sample room %d', async (n) => {
    const { element } = await about(n);
    expect(await violations(element)).toEqual([]);
  });

  test('begins at its name for the owner, who changes only what differs, in one edit', async () => {
    const { weir, element } = await about(1);
    expect(focused()).toBe(field(element, 'name'));
    type(field(element, 'name'), 'Freenet');
    type(field(element, 'maxMembers'), '300');
    button(element, 'Save').click();
    await until('it is saved', () => labels(element).includes('Saved'));
    expect(weir.people.asked).toEqual(['change {"name":"Freenet","limits":{"maxMembers":300}}']);
    expect(await violations(element)).toEqual([]);
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

  test.each([
    ['name', '', 'A room needs a name.'],
    ['name', 'é'.repeat(51), roomText.nameTooLong(100)],
    ['description', 'é'.repeat(251), roomText.descriptionTooLong(500)],
  ])('a %s of %j is refused', async (id, value, sentence) => {
    const { weir, element } = await about(1);
    type(field(element, id), value);
    button(element, 'Save').click();
    await until('it is refused', () => problem(element) !== '');
    expect([problem(element), weir.people.asked]).toEqual([sentence, []]);
  });

  test.each([
    ['maxRecentMessages', '50', roomText.fewerMessages(50)],
    ['maxMembers', '100', '35 people lose their places, those furthest from you first.'],
    ['maxUserBans', '3', roomText.fewerBans(3)],
  ])('a lower %s says what goes, and is only done when it is said again', async (id, n, loss) => {
    const { weir, element } = await about(1);
    type(field(element, id), n);
    button(element, 'Save').click();
    await until('it warns', () => problem(element) !== '');
    expect([problem(element), weir.people.asked]).toEqual([`${loss} ${roomText.saveAgain}`, []]);
    button(element, 'Save').click();
    await until('it is saved', () => weir.people.asked.length > 0);
    expect(weir.people.asked).toEqual([`change {"limits":{"${id}":${n}}}`]);
  });

  test('what is typed survives news of the room; untouched fields follow it and are not saved back', async () => {
    const { weir, element } = await about(1);
    type(field(element, 'name'), 'half a na');
    const held = weir.get(roomKey(1));
    weir.put({ ...held, name: 'Renamed elsewhere', description: 'New elsewhere' });
    await drawn();
    expect([field(element, 'name').value, field(element, 'description').value]).toEqual([
      'half a na',
      'New elsewhere',
    ]);
    button(element, 'Save').click();
    await until('it is saved', () => weir.people.asked.length > 0);
    expect(weir.people.asked).toEqual(['change {"name":"half a na"}']);
  });

  test('a change that can’t be made stays in the fields', async () => {
    const { weir, element } = await about(2, {
      details: details({ secretVersion: 2, missingSecrets: [2] }),
    });
    weir.people.refuseNext({ type: 'NotAllowed', reason: 'The secret is not here.' });
    type(field(element, 'name'), 'Allotment 15');
    button(element, 'Save').click();
    await until('it says why', () => problem(element) !== '');
    expect([problem(element), field(element, 'name').value]).toEqual([
      'Not stored: The secret is not here.',
      'Allotment 15',
    ]);
  });

  test('a full room says so, to everybody', async () => {
    for (const n of [1, 3]) {
      const { element } = await about(n, { memberCount: 201 });
      expect(words(element)).toContain('200 of 200');
      expect(words(element)).toContain(roomText.full);
      unmountAll();
    }
  });

  test('others read it, with its keys to copy', async () => {
    const { weir, element } = await about(3, { readOnlyReason: 'This device has no key.' });
    expect(findAll(element, '#name')).toHaveLength(0);
    expect(words(element)).toContain('Messages that are kept');
    expect(words(element)).toContain('This device has no key.');
    const values = findAll<HTMLInputElement>(element, 'input[readonly]').map((it) => it.value);
    expect(values.slice(0, 2)).toEqual([roomKey(3), weir.get(roomKey(3)).details.contractId]);
    expect(await violations(element)).toEqual([]);
  });

  test('leaving tells which room it was, and warns an owner before', async () => {
    const { weir, element } = await about(1);
    expect(words(element)).toContain(roomText.leaveOwner);
    const left: string[] = [];
    element.addEventListener('weir-room-left', (event) => left.push(event.room));
    button(element, 'Leave this room').click();
    await until('it is left', () => left.length > 0);
    expect([left, weir.people.asked]).toEqual([[roomKey(1)], [`leave ${roomKey(1)}`]]);
  });
});

describe('who can read a room', () => {
  test('is said of a public one', async () => {
    const { element } = await about(3);
    expect(words(find(element, 'weir-room-secret'))).toBe(roomText.public);
  });

  test('is renewed by the owner of a private one, once somebody else is in it', async () => {
    const { weir, element } = await about(2, { details: details({ secretVersion: 4 }) });
    button(element, 'New key').click();
    await until('it is new', () => words(element).includes(roomText.rotated(5)));
    expect(weir.members.asked).toEqual(['rotate']);
    expect(await violations(element)).toEqual([]);
    unmountAll();
    const alone = await about(2, { memberCount: 1, details: details({ secretVersion: 4 }) });
    expect(labels(alone.element)).not.toContain('New key');
    expect(words(alone.element)).toContain(roomText.rotateAlone);
  });

  test('is told with the keys that are not here, and what can be done', async () => {
    const { element } = await about(2, {
      canRename: false,
      details: details({ secretVersion: 3, missingSecrets: [1, 3] }),
    });
    expect(words(find(element, 'weir-room-secret'))).toContain(
      'You don’t have key versions 1 and 3: what was written with them can’t be read here yet.',
    );
    expect(words(element)).toContain(roomText.missingHelp);
    expect(labels(element)).not.toContain('New key');
    expect(await violations(element)).toEqual([]);
  });

  test('says why a new key could not be made', async () => {
    const { weir, element } = await about(2, { details: details({ secretVersion: 4 }) });
    weir.members.refuseNext({ type: 'QuotaExceeded' });
    button(element, 'New key').click();
    const secret = find(element, 'weir-room-secret');
    await until('it says why', () => words(find(secret, '.problem')) !== '');
    expect(words(secret)).toContain('storage is full');
  });
});
