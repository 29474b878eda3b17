import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../state/api.ts';
import { membersText } from '../state/members-text.ts';
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
import { member, room, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import type { WeirPeopleDialog } from './weir-people-dialog.ts';
import './weir-people-dialog.ts';

afterEach(unmountAll);

async function people(
  change: Partial<Conversation> = {},
  fill: (weir: FakeWeir, element: WeirPeopleDialog) => void = () => {},
): Promise<{ weir: FakeWeir; element: WeirPeopleDialog }> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  weir.put({ ...weir.get(roomKey(1)), ...change });
  const element = document.createElement('weir-people-dialog');
  element.weir = weir;
  element.conversation = weir.get(roomKey(1));
  weir.rooms.open(roomKey(1)).live.subscribe((held) => (element.conversation = held));
  fill(weir, element);
  await mount(element);
  await drawn();
  return { weir, element };
}

const entry = (element: Element, name: string): HTMLElement => {
  const found = findAll(element, '.who').find((it) => words(find(it, '.name')) === name);
  if (!found) throw new Error(`no member ${name}`);
  return found;
};
const labels = (element: Element): string[] =>
  findAll(element, 'button')
    .map((each) => words(each))
    .filter((label) => label !== '');
const button = (element: Element, label: string): HTMLElement => {
  const found = findAll(element, 'button').find((each) => words(each) === label);
  if (!found) throw new Error(`no button ${label}`);
  return found;
};
const problem = (element: Element): string => words(find(element, '#problem'));
const told = (element: Element): string => words(find(element, '.told'));

describe('people', () => {
  test('are invited to another room from their entry, unless the person may not write', async () => {
    const { weir, element } = await people();
    entry(element, 'Mirela').click();
    await drawn();
    const asked: unknown[] = [];
    element.addEventListener('weir-share-chosen', ({ person }) => asked.push(person));
    button(element, membersText.share).click();
    expect(asked).toEqual([{ peer: 'mirela', name: 'Mirela' }]);
    weir.put({ ...weir.get(roomKey(1)), readOnlyReason: 'You are no member of this room.' });
    await drawn();
    expect(labels(element)).not.toContain(membersText.share);
  });

  test('are listed with what they are, in one order of marks; axe finds nothing', async () => {
    const { element } = await people();
    expect(findAll(element, '.who').map((it) => words(find(it, '.names')))).toEqual([
      'Theo you',
      'Ian ownerabove you',
      'Ana Lima invited youdeputy',
      'Mirela invited by you',
      'Bo in your network',
      'Jun',
      'kei, who has a very long name that nobody can read in one go',
    ]);
    expect(await violations(element)).toEqual([]);
  });

  test('every mark in a row is in the legend, with the same word', async () => {
    const all = room(1, 'All', {
      members: [
        member('a', 'A', 1, {
          isOwner: true,
          isSelf: true,
          isDeputy: true,
          isMuted: true,
          isUnlisted: true,
          relation: 'invited-you',
          resembles: { name: 'Ian', role: 'owner' },
        }),
        ...(['invited-by-you', 'in-your-network', 'above-you'] as const).map((relation) =>
          member(relation, relation, 1, { relation }),
        ),
      ],
    });
    const { element } = await people(all);
    const inRows = new Set(findAll(element, '.who .tag').map(words));
    const inLegend = findAll(element, '.legend .tag').map(words);
    expect([...inRows].sort()).toEqual([...inLegend].sort());
    expect(inLegend).toEqual(Object.values(membersText.tag).map(({ word }) => word));
    find(element, '.legend summary').click();
    expect(await violations(element)).toEqual([]);
  });

  test('a deputy’s mark says by whom, and whether they may ban one', async () => {
    const { element } = await people({
      members: [
        member('d', 'Dee', 1, {
          isDeputy: true,
          canBanYou: true,
          appointedBy: [
            { id: 'ian', name: 'Ian' },
            { id: 'ana', name: 'Ana' },
          ],
        }),
      ],
    });
    expect(find(element, '.tag.is-deputy').title).toBe('Deputy of Ian and Ana. May ban you.');
  });

  test('whose name looks like the owner’s are warned of, in the row and with the name', async () => {
    const { element } = await people({
      members: [member('x', 'lan', 1, { resembles: { name: 'Ian', role: 'owner' } })],
    });
    expect(words(find(element, '.who .tag'))).toBe('looks like someone else');
    entry(element, 'lan').click();
    await drawn();
    expect(words(find(element, 'p.warning'))).toBe(
      'This is not the owner. The name only looks like “Ian”.',
    );
    expect(await violations(element)).toEqual([]);
  });

  test('of a full room: it says so', async () => {
    const { element } = await people({ memberCount: 201 });
    expect(words(find(element, '.places'))).toBe('200 of 200 places');
    expect(words(find(element, '.warning'))).toMatch(/^The room is full/);
  });

  test('are found by their names, and the focus stays in the field', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) =>
      member(`m${i}`, `Member ${i}`, 1 + (i % 7)),
    );
    const started = performance.now();
    const { element } = await people({ members: many });
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(findAll(element, '.who')).toHaveLength(1_000);
    const field = find<HTMLInputElement>(element, '#find');
    field.focus();
    type(field, 'mEMBER 99');
    await drawn();
    expect(findAll(element, '.who')).toHaveLength(11);
    expect([told(element), focused()]).toEqual(['11 found', field]);
    expect(findAll(element, '.deeper')).toHaveLength(0);
    type(field, 'nobody');
    await drawn();
    expect(words(element)).toContain(membersText.nobodyFound);
    type(field, '');
    await drawn();
    expect(findAll(element, '.who')).toHaveLength(1_000);
  });

  test('who invited somebody is one press away, also behind a search', async () => {
    const { element } = await people({
      members: [
        ...Array.from({ length: 8 }, (_, i) => member(`m${i}`, `Member ${i}`, 1)),
        member('ana', 'Ana', 1),
        member('bo', 'Bo', 2, { invitedBy: { id: 'ana', name: 'Ana' } }),
      ],
    });
    type(find<HTMLInputElement>(element, '#find'), 'Bo');
    await drawn();
    entry(element, 'Bo').click();
    await drawn();
    button(element, 'Ana').click();
    await until('Ana is open', () => words(focused() ?? element).startsWith('A Ana'));
    expect(entry(element, 'Ana').getAttribute('aria-expanded')).toBe('true');
  });

  test('the one who was chosen is open from the start', async () => {
    const { element } = await people({}, (_, it) => (it.member = 'mirela'));
    await until('she has the focus', () => focused() === entry(element, 'Mirela'));
    expect(findAll(element, 'weir-member-info')).toHaveLength(1);
  });
});

describe('a ban', () => {
  test('says whom it takes before it is made, with the focus on the way back', async () => {
    const { weir, element } = await people({}, (fake) => {
      fake.members.preview = {
        removes: ['Mirela', 'Bo'],
        messages: 3,
        ends: ['Spammer'],
        secret: 'now',
      };
    });
    entry(element, 'Mirela').click();
    await until('a ban is offered', () => labels(element).includes('Ban…'));
    button(element, 'Ban…').click();
    await until('it asks', () => labels(element).includes('Keep'));
    expect(findAll(element, '.warning p').map(words)).toEqual([
      'This removes Mirela, and whom they invited: Bo. Their 3 messages go too. It can’t be undone.',
      'The room keeps only so many bans: that of Spammer ends with it.',
      'What is written from then on is encrypted with a new key.',
    ]);
    expect([words(focused() as Element), weir.members.asked]).toEqual(['Keep', []]);
    expect(await violations(element)).toEqual([]);
    button(element, 'Ban').click();
    await until('it is made', () => told(element) !== '');
    expect([weir.members.asked, told(element)]).toEqual([['ban mirela'], 'Mirela is banned']);
  });

  test('that the person can’t make: it says why instead', async () => {
    const { element } = await people({}, (fake) => {
      fake.members.preview = { refusal: 'You can’t ban them.', removes: [], messages: 0, ends: [] };
    });
    entry(element, 'Jun').click();
    await until('it says why', () => words(element).includes('You can’t ban them.'));
    expect(labels(element)).not.toContain('Ban…');
  });

  test('that fails stays open and says why', async () => {
    const { weir, element } = await people();
    entry(element, 'Mirela').click();
    await until('a ban is offered', () => labels(element).includes('Ban…'));
    button(element, 'Ban…').click();
    await until('it asks', () => labels(element).includes('Keep'));
    weir.members.refuseNext({ type: 'QuotaExceeded' });
    button(element, 'Ban').click();
    await until('it says why', () => problem(element) !== '');
    expect(problem(element)).toContain('storage is full');
  });

  test('is listed with who made it and whether it works', async () => {
    const { element } = await people({}, (fake) => {
      const base = { by: { id: 'ian', name: 'Ian' }, at: Date.now() };
      fake.members.banList = [
        { ...base, id: '1', member: { id: 'x', name: 'Spammer' }, state: 'in-force' },
        { ...base, id: '2', member: { id: 'y', name: 'ABCD2345' }, state: 'no-authority' },
        { ...base, id: '3', member: { id: 'z', name: 'Old one' }, state: 'ended' },
      ];
    });
    const bans = (): HTMLElement[] => findAll(find(element, 'weir-ban-list'), 'summary');
    await until('they are read', () => bans().length === 1);
    const [summary] = bans();
    expect(summary && words(summary)).toBe('Bans (2 of 10)');
    summary?.click();
    await drawn();
    expect(findAll(find(element, 'weir-ban-list'), 'p + p').map(words)).toEqual([
      'in force',
      'without effect: who made it may not ban this person any more',
      'ended: the room keeps only so many bans',
    ]);
    expect(await violations(element)).toEqual([]);
  });
});

describe('a member', () => {
  test('is made a deputy and unmade, and it says so where it is read', async () => {
    const { weir, element } = await people({
      members: [member('bo', 'Bo', 1, { appointment: 'possible' })],
    });
    entry(element, 'Bo').click();
    await drawn();
    expect(await violations(element)).toEqual([]);
    button(element, 'Make deputy').click();
    await until('he is one', () => labels(element).includes('Take deputyship back'));
    expect([told(element), words(find(element, '.who .tag'))]).toEqual([
      'Bo is your deputy now',
      'deputy',
    ]);
    button(element, 'Take deputyship back').click();
    await until('he is none', () => labels(element).includes('Make deputy'));
    expect(weir.members.asked).toEqual(['appoint bo', 'revoke bo']);
  });

  test('over whom the person has no say can’t be made one', async () => {
    const { element } = await people();
    entry(element, 'Jun').click();
    await drawn();
    expect(labels(element)).not.toContain('Make deputy');
  });

  test('is muted here, and shown again', async () => {
    const { weir, element } = await people();
    entry(element, 'Jun').click();
    await drawn();
    button(element, 'Mute').click();
    await until('he is muted', () => labels(element).includes('Show again'));
    expect(words(find(entry(element, 'Jun'), '.tags'))).toBe('muted');
    button(element, 'Show again').click();
    await until('he is not', () => labels(element).includes('Mute'));
    expect(weir.members.asked).toEqual(['mute jun', 'unmute jun']);
  });

  test('has an id to copy, and their ties', async () => {
    const { element } = await people({
      members: [
        member('d', 'Dee', 1, {
          appointedBy: [{ id: 'ian', name: 'Ian' }],
          deputies: [{ id: 'bo', name: 'Bo' }],
          canBanYou: true,
        }),
      ],
    });
    entry(element, 'Dee').click();
    await drawn();
    const info = words(find(element, 'weir-member-info'));
    expect(info).toContain('Deputy of Ian.May ban you.Their deputies: Bo.');
    expect(find<HTMLInputElement>(element, 'input.code').value).toBe('D2345678');
  });
});

describe('the own name', () => {
  test('is changed in its entry with Enter, and a bad one is refused', async () => {
    const { weir, element } = await people();
    entry(element, 'Theo').click();
    await drawn();
    expect(await violations(element)).toEqual([]);
    const field = find<HTMLInputElement>(element, '#nickname');
    const refused: readonly (readonly [string, string])[] = [
      ['Theo 🛡', 'A name can’t contain emoji or hidden characters.'],
      ['  ', 'You need a name in the room.'],
      ['é'.repeat(26), 'That is too long: a name has at most 50 bytes.'],
    ];
    for (const [name, sentence] of refused) {
      type(field, name);
      button(element, 'Save').click();
      await until('it is refused', () => problem(element) === sentence);
    }
    expect(weir.members.asked).toEqual([]);
    type(field, 'Theodora');
    field.focus();
    await userEvent.keyboard('{Enter}');
    await until('it is saved', () => told(element) === 'Saved');
    expect(weir.members.asked).toEqual(['nickname Theodora']);
    expect(focused()).toBe(entry(element, 'Theodora'));
  });

  test('that is the same is not published again', async () => {
    const { weir, element } = await people();
    entry(element, 'Theo').click();
    await drawn();
    button(element, 'Save').click();
    await until('it is closed', () => findAll(element, '#nickname').length === 0);
    expect(weir.members.asked).toEqual([]);
  });

  test('survives news of the room while it is typed', async () => {
    const { weir, element } = await people();
    entry(element, 'Theo').click();
    await drawn();
    type(find<HTMLInputElement>(element, '#nickname'), 'half a na');
    const held = weir.get(roomKey(1));
    weir.put({ ...held, members: held.members.map((each) => ({ ...each })) });
    await drawn();
    expect(find<HTMLInputElement>(element, '#nickname').value).toBe('half a na');
  });

  test('can’t be changed where the person can’t write', async () => {
    const { element } = await people({ readOnlyReason: 'You are banned.' });
    entry(element, 'Theo').click();
    await drawn();
    expect(findAll(element, '#nickname')).toHaveLength(0);
    expect(words(element)).toContain('You are banned.');
  });
});
