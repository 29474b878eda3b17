import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../state/api.ts';
import type { ToastEvent } from '../shell/toast-events.ts';
import { dmThread } from '../testing/fake-dms.ts';
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
import { room, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import './weir-room-list.ts';
import type { WeirRoomList } from './weir-room-list.ts';

afterEach(unmountAll);

async function show(
  conversations?: readonly Conversation[],
): Promise<{ weir: FakeWeir; list: WeirRoomList }> {
  const weir = new FakeWeir();
  if (conversations) weir.ready(conversations);
  const list = document.createElement('weir-room-list');
  list.weir = weir;
  await mount(list);
  return { weir, list };
}

const rows = (list: WeirRoomList): HTMLAnchorElement[] =>
  findAll<HTMLAnchorElement>(list, 'a[data-room]');
const names = (list: WeirRoomList): string[] =>
  findAll(list, 'a[data-room] .name bdi').map((name) => words(name));
const at = (list: WeirRoomList): number => rows(list).findIndex((row) => row === focused());

describe('the screens of the list', () => {
  test('while loading it never says that there are no rooms', async () => {
    const { weir, list } = await show();
    expect(words(list)).toBe('Loading your rooms…');
    weir.phase.set({ type: 'ready' });
    await drawn();
    expect(words(list), 'ready, but the list itself is not read yet').toBe('Loading your rooms…');
    weir.list.set([]);
    await drawn();
    expect(words(list)).toMatch(/^No rooms yet/);
  });

  test('a failure is said in words and can be tried again', async () => {
    const { weir, list } = await show();
    weir.list.set([]);
    weir.phase.set({ type: 'failed', reason: 'The node is away.' });
    await drawn();
    expect(words(find(list, '[role=alert]'))).toMatch(
      /couldn’t be loaded The node is away. Try again/,
    );
    expect(await violations(list)).toEqual([]);
    find(list, 'button').click();
    expect(weir.retries).toBe(1);
  });

  test('a known room is shown whatever the phase', async () => {
    const { weir, list } = await show([room(1, 'One')]);
    for (const phase of [{ type: 'loading' }, { type: 'failed', reason: 'x' }] as const) {
      weir.phase.set(phase);
      await drawn();
      expect(rows(list)).toHaveLength(1);
    }
  });
});

describe('a row', () => {
  test('says name, privacy, last message, unread and where its edits are', async () => {
    const { weir, list } = await show(sampleRooms(Date.now()));
    weir.setUnread(roomKey(1), 4);
    weir.setUnread(roomKey(6), 128);
    await drawn();
    const [official, allotment, , chess, bridge, embedded] = rows(list).map((row) => words(row));
    expect(official).toMatch(/Freenet Official.*Bo: I’ll be ten minutes late\..*4 unread messages/);
    expect(allotment).toMatch(/Allotment 14b.*private.*stored here/);
    expect(chess).toMatch(/refused: the delegate answered that its storage is full/);
    expect(bridge).toMatch(/No messages yet/);
    expect(embedded).toMatch(/99\+.*128 unread messages/);
    expect(official).not.toMatch(/stored here|on your node/);
    expect(await violations(list)).toEqual([]);
  });

  test('the room that is open shows no unread badge', async () => {
    const { weir, list } = await show([room(1, 'One'), room(2, 'Two')]);
    weir.setUnread(roomKey(1), 3);
    list.chosen = roomKey(1);
    await drawn();
    expect(findAll(list, '.badge')).toHaveLength(0);
    expect(find(list, '[aria-current=page]').dataset['room']).toBe(roomKey(1));
  });

  test('hostile names stay inside their row', async () => {
    const { list } = await show([room(1, 'W'.repeat(4_000)), room(2, '\u202eevil\n<b>bold</b>')]);
    expect(list.scrollWidth).toBeLessThanOrEqual(list.clientWidth);
    expect(rows(list)[0]?.clientHeight).toBeLessThan(90);
    expect(findAll(list, 'b')).toHaveLength(0);
  });
});

describe('the keyboard', () => {
  test('Tab reaches one row, arrows, Home and End move, and the list does not wrap', async () => {
    const { list } = await show([room(1, 'One'), room(2, 'Two'), room(3, 'Three')]);
    expect(rows(list).map((row) => row.tabIndex)).toEqual([0, -1, -1]);
    rows(list)[0]?.focus();
    press('ArrowDown');
    await drawn();
    expect(at(list)).toBe(1);
    expect(rows(list).map((row) => row.tabIndex)).toEqual([-1, 0, -1]);
    press('End');
    press('ArrowDown');
    expect(at(list)).toBe(2);
    press('Home');
    press('ArrowUp');
    expect(at(list)).toBe(0);
  });

  test('a click opens in this window, and with a modifier it is the browser’s', async () => {
    const { list } = await show([room(1, 'One'), room(2, 'Two')]);
    const opened: string[] = [];
    list.addEventListener('weir-room-chosen', (event) => opened.push(event.room));
    rows(list)[1]?.click();
    expect(opened).toEqual([roomKey(2)]);
    // ours runs first; this stops the browser from really opening a tab
    list.addEventListener('click', (event) => event.preventDefault());
    rows(list)[0]?.dispatchEvent(
      new MouseEvent('click', { ctrlKey: true, bubbles: true, composed: true, cancelable: true }),
    );
    expect(opened).toEqual([roomKey(2)]);
  });

  test('nothing moves while the person is at the list, and afterwards the focus is where it was', async () => {
    const { weir, list } = await show([room(1, 'One'), room(2, 'Two')]);
    rows(list)[0]?.focus();
    weir.list.set([...(weir.list.current ?? [])].reverse());
    await drawn();
    expect(names(list)).toEqual(['One', 'Two']);
    expect((focused() as HTMLElement).dataset['room']).toBe(roomKey(1));
    (focused() as HTMLElement).blur();
    await drawn();
    expect(names(list)).toEqual(['Two', 'One']);
  });

  test('the focus stays on its room when a new one comes above it', async () => {
    const { weir, list } = await show([room(1, 'One'), room(2, 'Two')]);
    rows(list)[0]?.focus();
    weir.add(room(3, 'Three'));
    weir.list.set([...(weir.list.current ?? [])].reverse());
    await drawn();
    expect(names(list)).toEqual(['One', 'Three', 'Two']);
    expect((focused() as HTMLElement).dataset['room']).toBe(roomKey(1));
  });
});

describe('putting rooms in order', () => {
  const three = [room(1, 'One'), room(2, 'Two'), room(3, 'Three')];
  const toasts = (list: WeirRoomList): ToastEvent[] => {
    const told: ToastEvent[] = [];
    list.addEventListener('weir-toast', (event) => told.push(event));
    return told;
  };

  test('Alt with an arrow moves the room that has the focus, which keeps it; the place is told and can be taken back', async () => {
    const { weir, list } = await show(three);
    const told = toasts(list);
    rows(list)[2]?.focus();
    press('ArrowUp', { altKey: true });
    await drawn();
    expect(names(list)).toEqual(['One', 'Three', 'Two']);
    expect((focused() as HTMLElement).dataset['room']).toBe(roomKey(3));
    expect(told.map(({ message }) => message)).toEqual(['“Three” is number 2 of 3 now']);
    expect(weir.list.current?.map(({ name }) => name)).toEqual(['One', 'Three', 'Two']);
    told[0]?.action?.run(document.body);
    await drawn();
    expect(names(list)).toEqual(['One', 'Two', 'Three']);
    press('Home', { altKey: true });
    await drawn();
    expect(names(list)).toEqual(['Three', 'One', 'Two']);
    press('ArrowUp', { altKey: true });
    await drawn();
    expect(told).toHaveLength(2); // it is at the top
  });

  test('by buttons, of which those that lead nowhere are off', async () => {
    const { list } = await show(three);
    find(list, '[aria-label="Put rooms in order"]').click();
    await drawn();
    expect(await violations(list)).toEqual([]);
    expect(findAll(list, '.kebab, input')).toEqual([]); // one thing at a time
    expect(find<HTMLButtonElement>(list, '[aria-label="Move “One” up"]').disabled).toBe(true);
    expect(find<HTMLButtonElement>(list, '[aria-label="Move “Three” down"]').disabled).toBe(true);
    find(list, '[aria-label="Move “One” down"]').click();
    await drawn();
    expect(names(list)).toEqual(['Two', 'One', 'Three']);
    find(list, '[aria-label="Done"]').click();
    await drawn();
    expect(findAll(list, '.grip')).toEqual([]);
  });

  test.each(['mouse', 'touch'])(
    'by dragging with a %s, and Escape puts it back',
    async (pointerType) => {
      const { weir, list } = await show(three);
      if (pointerType === 'touch') find(list, '[aria-label="Put rooms in order"]').click();
      await drawn();
      const from = (): Element =>
        (pointerType === 'touch' ? findAll(list, '.grip') : rows(list))[0] as Element;
      const at = (type: string, y: number, target: EventTarget = window): void => {
        const init = {
          pointerType,
          button: 0,
          clientX: 40,
          clientY: y,
          bubbles: true,
          composed: true,
        };
        target.dispatchEvent(new PointerEvent(type, { ...init, cancelable: true }));
      };
      const middle = (i: number): number => {
        const { top, height } = (list.rows()[i] as Element).getBoundingClientRect();
        return top + height / 2;
      };
      at('pointerdown', middle(0), from());
      at('pointermove', middle(1) + 2);
      await drawn();
      expect(names(list)).toEqual(['Two', 'One', 'Three']);
      expect(findAll(list, '.lifted')).toHaveLength(1);
      press('Escape');
      await drawn();
      expect(names(list)).toEqual(['One', 'Two', 'Three']);
      expect(weir.preferences.asked).toEqual([]);

      at('pointerdown', middle(0), from());
      at('pointermove', middle(2) + 2);
      at('pointerup', middle(2) + 2);
      await drawn();
      expect(names(list)).toEqual(['Two', 'Three', 'One']);
      expect(weir.preferences.asked).toEqual(['order']);
    },
  );

  test('what could not be stored is said, and the list is as it was', async () => {
    const { weir, list } = await show(three);
    const told = toasts(list);
    weir.preferences.refuseNext({ type: 'QuotaExceeded' });
    rows(list)[0]?.focus();
    press('ArrowDown', { altKey: true });
    await drawn();
    expect(names(list)).toEqual(['One', 'Two', 'Three']);
    expect(told.map(({ message }) => message)).toEqual([expect.stringMatching(/storage is full/)]);
  });
});

describe('what a room may tell of', () => {
  test('a muted room has no badge and says that it is muted; one with mentions only says what it counts', async () => {
    const { weir, list } = await show([room(1, 'One'), room(2, 'Two')]);
    weir.setUnread(roomKey(1), 3);
    weir.setUnread(roomKey(2), 3);
    await weir.preferences.setMode(roomKey(1), 'Muted');
    await weir.preferences.setMode(roomKey(2), 'MentionsAndReplies');
    await drawn();
    const [one, two] = rows(list);
    expect(words(one as Element)).toMatch(/One.*muted/);
    expect(findAll(one as Element, '.badge')).toHaveLength(0);
    expect(words(two as Element)).toMatch(/3 unread mentions or replies/);
    expect(await violations(list)).toEqual([]);
  });

  test('unread direct messages of a room are counted on its row, archived ones are not', async () => {
    const { weir, list } = await show([room(1, 'One')]);
    const dms = { room: roomKey(1), roomName: 'One' };
    const [ada, ben] = [dmThread('1', 'Ada', { unread: 2 }), dmThread('2', 'Ben', { unread: 3 })];
    const old = dmThread('3', 'Old', { unread: 4, isHidden: true });
    weir.dms.put({ ...dms, threads: [ada, ben, old] });
    await drawn();
    expect(words(rows(list)[0] as Element)).toMatch(/5 unread direct messages/);
  });
});

describe('the menu of a room', () => {
  async function open(
    how: (list: WeirRoomList) => void,
  ): Promise<Awaited<ReturnType<typeof show>>> {
    const shown = await show([room(1, 'One'), room(2, 'Two')]);
    shown.weir.setUnread(roomKey(2), 3);
    await drawn();
    how(shown.list);
    await until('the menu is open', () => findAll(shown.list, '[role=menuitem]').length === 5);
    await until('it has the focus', () => focused()?.getAttribute('role') === 'menuitem');
    return shown;
  }

  test('opens by its button and by the context menu; arrows move, Escape closes and the focus goes back', async () => {
    const { list } = await open((shown) => {
      const button = find(shown, '[aria-label="Actions for “Two”"]');
      button.focus();
      button.click();
    });
    expect(await violations(list)).toEqual([]);
    expect(words(focused() as Element)).toBe('Mark as read');
    press('ArrowUp');
    expect(words(focused() as Element)).toBe('Leave this room');
    find(list, '.menu').hidePopover();
    expect(focused()?.getAttribute('aria-label')).toBe('Actions for “Two”');
    rows(list)[0]?.dispatchEvent(
      new MouseEvent('contextmenu', { bubbles: true, composed: true, cancelable: true }),
    );
    await until('the other menu is open', () => focused()?.getAttribute('role') === 'menuitem');
    expect(find(list, '.menu').getAttribute('aria-label')).toBe('Actions for “One”');
  });

  test('marks a room as read, and hands on what needs more than the list', async () => {
    const { weir, list } = await open((shown) => {
      find(shown, '[aria-label="Actions for “Two”"]').click();
    });
    const acts: string[] = [];
    list.addEventListener('weir-room-act', ({ act, room: of }) => acts.push(`${act} ${of}`));
    (focused() as HTMLElement).click();
    await until(
      'it is read',
      () => weir.list.current?.every(({ unread }) => unread === 0) === true,
    );
    for (const item of findAll(list, '[role=menuitem]').slice(1)) item.click();
    expect(acts).toEqual(
      ['read', 'search', 'notifications', 'details', 'leave'].map((act) => `${act} ${roomKey(2)}`),
    );
  });
});

describe('finding a room by its name', () => {
  const many = ['Aare', 'Bóbr', 'Drava', 'Elbe', 'Fulda', 'Garonne', 'Elde'].map((name, i) =>
    room(i + 1, name),
  );
  const field = (list: WeirRoomList): HTMLInputElement => find(list, 'input[type=search]');

  test('is there where there are many', async () => {
    expect(findAll((await show(many.slice(0, 5))).list, 'input')).toHaveLength(0);
    unmountAll();
    expect(findAll((await show(many)).list, 'input')).toHaveLength(1);
  });

  test('narrows at each letter, whatever accents and case; Enter opens the first, Escape shows all again', async () => {
    const { list } = await show(many);
    const opened: string[] = [];
    list.addEventListener('weir-room-chosen', (event) => opened.push(event.room));
    field(list).focus();
    type(field(list), 'el');
    await drawn();
    expect(names(list)).toEqual(['Elbe', 'Elde']);
    expect(words(find(list, '[role=status]'))).toBe('2 rooms');
    type(field(list), 'BOB');
    await drawn();
    expect(names(list)).toEqual(['Bóbr']);
    press('Escape');
    await drawn();
    expect(names(list)).toHaveLength(7);
    type(field(list), 'el');
    await drawn();
    press('Enter');
    expect(opened).toEqual([roomKey(4)]);
  });

  test('says when nothing is called so, and shows all again', async () => {
    const { list } = await show(many);
    type(field(list), 'Zambezi');
    await drawn();
    expect(words(list)).toMatch(/No room here is called “Zambezi”/);
    expect(await violations(list)).toEqual([]);
    find(list, '.note button').click();
    await drawn();
    expect(names(list)).toHaveLength(7);
  });
});
