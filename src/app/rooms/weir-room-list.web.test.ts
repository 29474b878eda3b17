import { afterEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../state/api.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  unmountAll,
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

  test('the focus stays on its room when another moves above it', async () => {
    const { weir, list } = await show([room(1, 'One'), room(2, 'Two')]);
    rows(list)[0]?.focus();
    weir.list.set([...(weir.list.current ?? [])].reverse());
    await drawn();
    expect((focused() as HTMLElement).dataset['room']).toBe(roomKey(1));
  });
});
