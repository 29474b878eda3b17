import { afterEach, describe, expect, test } from 'vitest';
import { Drafts, type Draft, type DraftKeeper } from '../state/drafts.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { member, room, roomKey } from '../testing/sample-rooms.ts';
import { ok } from '../../shared/result.ts';
import { allEmoji } from './emoji-data.ts';
import './weir-composer.ts';
import type { WeirComposer } from './weir-composer.ts';

afterEach(unmountAll);

/** Drafts as they would be in a database. */
class Disk implements DraftKeeper {
  readonly rows = new Map<string, Draft>();
  read = async (place: string): Promise<Draft | undefined> => this.rows.get(place);
  write: DraftKeeper['write'] = async (place, draft) => {
    this.rows.set(place, draft);
    return ok(undefined);
  };
}

async function show(drafts = new Drafts()): Promise<{
  weir: FakeWeir;
  composer: WeirComposer;
  field: HTMLTextAreaElement;
}> {
  const weir = new FakeWeir();
  weir.ready([room(1, 'One'), room(2, 'Two')]);
  const composer = document.createElement('weir-composer');
  composer.weir = weir;
  composer.room = roomKey(1);
  composer.roomName = 'One';
  composer.maxTextBytes = 100;
  composer.drafts = drafts;
  await mount(composer);
  const field = find<HTMLTextAreaElement>(composer, 'textarea');
  field.focus();
  return { weir, composer, field };
}

const sent = (weir: FakeWeir): string[] => weir.get(roomKey(1)).messages.map(({ text }) => text);

describe('a draft of an earlier page', () => {
  test('comes back with what it answers, and is sent as a reply', async () => {
    const disk = new Disk();
    const replyTo = { id: '7', author: 'Ana', text: 'hello' };
    disk.rows.set(roomKey(1), { text: 'half a sen', replyTo });
    const { composer, field } = await show(new Drafts(disk));
    await until('it is back', () => field.value === 'half a sen');
    expect(words(find(composer, '.mode'))).toBe('Reply to Ana hello');
  });

  test('comes back as the change of a message, and the text that waited after that', async () => {
    const disk = new Disk();
    const edit = { id: '7', before: 'old', text: 'old, better' };
    disk.rows.set(roomKey(1), { text: 'waits', edit });
    const { composer, field } = await show(new Drafts(disk));
    await until('it is back', () => field.value === 'old, better');
    expect(words(find(composer, '.mode'))).toBe('Editing your message');
    press('Escape');
    await drawn();
    expect(field.value).toBe('waits');
  });

  test('does not take the place of what is typed before it is read', async () => {
    const disk = new Disk();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    disk.read = () => held.then(() => ({ text: 'old' }));
    const { field } = await show(new Drafts(disk));
    type(field, 'new');
    release();
    await drawn();
    expect(field.value).toBe('new');
  });

  test('that the browser does not store is said, while it lasts', async () => {
    const disk = new Disk();
    disk.write = async () => ({ ok: false, error: 'full' });
    const { composer, field } = await show(new Drafts(disk));
    type(field, 'words');
    await until('it is said', () => words(composer).includes('does not store what you type'));
    expect(await violations(composer)).toEqual([]);
  });
});

describe('a text that is too long', () => {
  const LONG = `${'First part of it. '.repeat(5)}\n\n${'Second part of it. '.repeat(5)}`;

  test('is offered to be sent in parts, whole and in order, the first one as the reply', async () => {
    const { weir, composer, field } = await show();
    weir.put({
      ...weir.get(roomKey(1)),
      maxTextBytes: 100,
      messages: [
        {
          id: '7',
          kind: 'text',
          authorId: 'a',
          author: 'Ana',
          mine: false,
          at: 1,
          text: 'hello',
          edited: false,
          reactions: [],
        },
      ],
    });
    composer.reply({ id: '7', author: 'Ana', text: 'hello' });
    await drawn();
    type(field, LONG);
    await until('it is offered', () => findAll(composer, '.offer .button').length > 0);
    expect(field.value).toBe(LONG);
    const button = find<HTMLButtonElement>(composer, '.offer .button');
    expect(words(button)).toBe('Send as 2 messages');
    expect(await violations(composer)).toEqual([]);
    button.click();
    await until('they are sent', () => sent(weir).length === 3);
    expect(sent(weir)).toEqual([
      'hello',
      ...LONG.split('\n\n').map((paragraph) => paragraph.trim()),
    ]);
    const replies = weir.get(roomKey(1)).messages.map(({ replyTo }) => replyTo?.id);
    expect(replies).toEqual([undefined, '7', undefined]);
    expect(field.value).toBe('');
  });

  test('comes back whole where the room refuses a part', async () => {
    const { weir, composer, field } = await show();
    type(field, LONG);
    await until('it is offered', () => findAll(composer, '.offer .button').length > 0);
    weir.refuseNext({ type: 'QuotaExceeded' });
    find<HTMLButtonElement>(composer, '.offer .button').click();
    await until('the refusal is shown', () => findAll(composer, '[role=alert]').length > 0);
    expect(field.value).toBe('First part of it. '.repeat(5).trim());
    expect(sent(weir)).toEqual(['Second part of it. '.repeat(5).trim()]);
  });

  test('is not cut, and not offered in more parts than a room should get', async () => {
    const { composer, field } = await show();
    const huge = 'word '.repeat(20_000);
    type(field, huge);
    await until('it is said', () => words(composer).includes('Too long to be sent in parts'));
    expect(field.value).toBe(huge);
  });

  test('counts a name that mentions somebody as long as it will be', async () => {
    const { composer, field } = await show();
    const mention = '@[Ana](rv:ABCDEFGH)';
    composer.members = [{ ...member('2', 'Ana', 1), mention }];
    await drawn();
    type(field, `@Ana ${'x'.repeat(80)}`);
    await drawn();
    expect(words(find(composer, '.counter'))).toBe('100 / 100 bytes');
  });
});

describe('the emoji', () => {
  test('go where the caret is, are found by their names, and the keyboard gets to all of them', async () => {
    const { composer, field } = await show();
    await allEmoji();
    type(field, 'before after');
    field.setSelectionRange(7, 7);
    find<HTMLButtonElement>(composer, '.emoji').click();
    await until('the picker is open', () => findAll(composer, '.grid button').length > 1_000);
    const picker = find(composer, 'weir-emoji-picker');
    expect(focused()).toBe(find(picker, 'input'));
    press('ArrowDown');
    expect((focused() as HTMLElement).ariaLabel).toBe('grinning face');
    press('ArrowDown');
    press('ArrowUp');
    expect((focused() as HTMLElement).ariaLabel).toBe('grinning face');
    press('ArrowLeft');
    expect(focused()).toBe(find(picker, 'input'));
    type(find<HTMLInputElement>(picker, 'input'), 'water wave');
    await drawn();
    expect(findAll(picker, '.grid button').map((each) => each.ariaLabel)).toEqual(['water wave']);
    expect(await violations(picker)).toEqual([]);
    press('Enter');
    await drawn();
    expect([field.value, field.selectionStart]).toEqual(['before 🌊after', 9]);
    expect(focused()).toBe(field);
  });
});
