import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  focused,
  mount,
  press,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { room, roomKey } from '../testing/sample-rooms.ts';
import './weir-rename-dialog.ts';
import type { WeirRenameDialog } from './weir-rename-dialog.ts';

afterEach(unmountAll);

interface Shown {
  readonly weir: FakeWeir;
  readonly element: WeirRenameDialog;
  readonly field: HTMLInputElement;
  readonly closed: boolean[];
}

async function show(): Promise<Shown> {
  const weir = new FakeWeir();
  weir.ready([room(1, 'Old name')]);
  const element = document.createElement('weir-rename-dialog');
  element.weir = weir;
  element.room = roomKey(1);
  element.name = 'Old name';
  element.maxNameBytes = 20;
  const closed: boolean[] = [];
  element.addEventListener('weir-rename-closed', (event) => closed.push(event.renamed));
  await mount(element);
  return { weir, element, field: find<HTMLInputElement>(element, 'input'), closed };
}

const name = (weir: FakeWeir): string => weir.get(roomKey(1)).name;
const problem = (element: WeirRenameDialog): string => words(find(element, '.problem'));

describe('the rename dialog', () => {
  test('opens with the old name selected and in focus, and axe finds nothing', async () => {
    const { element, field } = await show();
    expect([field.value, focused(), field.selectionStart, field.selectionEnd]).toEqual([
      'Old name',
      field,
      0,
      8,
    ]);
    expect(await violations(element)).toEqual([]);
  });

  test('Enter commits the trimmed name and closes', async () => {
    const { weir, field, closed } = await show();
    type(field, '  New name ');
    await userEvent.keyboard('{Enter}');
    await until('it has closed', () => closed.length > 0);
    expect([name(weir), closed]).toEqual(['New name', [true]]);
  });

  test.each<KeyboardEventInit>([{ isComposing: true }, { keyCode: 229 }])(
    'Enter chooses a word while a composition is running (%j)',
    async (init) => {
      const { weir, field, closed } = await show();
      type(field, '川');
      press('Enter', init);
      await drawn();
      expect([name(weir), closed]).toEqual(['Old name', []]);
    },
  );

  test('Escape closes without a change', async () => {
    const { weir, field, closed } = await show();
    type(field, 'Never mind');
    await userEvent.keyboard('{Escape}');
    await until('it has closed', () => closed.length > 0);
    expect([name(weir), closed]).toEqual(['Old name', [false]]);
  });

  test('an unchanged name is no edit', async () => {
    const { weir, closed } = await show();
    weir.refuseNext({ type: 'NotAllowed', reason: 'must not be asked' });
    press('Enter');
    await until('it has closed', () => closed.length > 0);
    expect(closed).toEqual([false]);
  });

  test('an empty and a too long name are refused in words, in UTF-8 bytes', async () => {
    const { weir, element, field, closed } = await show();
    type(field, '   ');
    press('Enter');
    await drawn();
    expect(problem(element)).toBe('A room needs a name.');
    type(field, 'é'.repeat(11));
    press('Enter');
    await drawn();
    expect(problem(element)).toBe('That is too long: a name has at most 20 bytes.');
    expect(words(find(element, '.counter'))).toBe('22 / 20 bytes');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(await violations(element)).toEqual([]);
    expect([name(weir), closed]).toEqual(['Old name', []]);
  });

  test('a refused name stays in the field, with the reason', async () => {
    const { weir, element, field, closed } = await show();
    weir.refuseNext({ type: 'NotAllowed', reason: 'the secret of this room is not here.' });
    type(field, 'New name');
    press('Enter');
    await until('the reason is there', () => problem(element) !== '');
    expect(problem(element)).toBe('Not stored: the secret of this room is not here.');
    expect([field.value, closed]).toEqual(['New name', []]);
  });

  test('what is typed survives a rename from elsewhere', async () => {
    const { element, field } = await show();
    type(field, 'half a na');
    element.name = 'Renamed by another device';
    element.maxNameBytes = 30;
    await drawn();
    expect([find(element, 'input'), field.value]).toEqual([field, 'half a na']);
  });
});
