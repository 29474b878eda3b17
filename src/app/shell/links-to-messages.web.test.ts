import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import type { MessageItem } from '../state/api.ts';
import { dmsPath, messagePath, Router, roomPath } from '../state/router.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { memoryAddressBar, type MemoryAddressBar } from '../testing/memory-address-bar.ts';
import {
  find,
  findAll,
  focused,
  mount,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { message } from '../testing/sample-message.ts';
import { longHistory, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import './weir-app.ts';
import type { WeirApp } from './weir-app.ts';

afterEach(unmountAll);

interface Shown {
  readonly weir: FakeWeir;
  readonly app: WeirApp;
  readonly bar: MemoryAddressBar;
}

/** With ids as messages have them. */
const long = (): readonly MessageItem[] =>
  longHistory(400, Date.now()).map((item, n) => ({ ...item, id: String(n) }));

/** Room 3 has a long history. */
async function show(path: string, width = 1280): Promise<Shown> {
  await page.viewport(width, 800);
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  weir.put({ ...weir.get(roomKey(3)), messages: long() });
  const app = document.createElement('weir-app');
  const bar = memoryAddressBar(path);
  app.router = new Router(bar);
  app.weir = weir;
  await mount(app);
  return { weir, app, bar };
}

const far = '40';

const isFocused = (id: string): boolean => (focused() as HTMLElement | null)?.dataset['id'] === id;

/** How far a line is from the middle of the history, px. */
function fromMiddle(app: WeirApp, id: string): number {
  const box = find(app, '.scroller').getBoundingClientRect();
  const line = find(app, `weir-message[data-id="${id}"]`).getBoundingClientRect();
  return Math.abs((line.top + line.bottom) / 2 - (box.top + box.bottom) / 2);
}

test.each([1280, 390])(
  'an address that names a message opens its room at it, far back as it may be, at %d px',
  async (width) => {
    const { app } = await show(messagePath(roomKey(3), far), width);
    await until('the message has the focus', () => isFocused(far));
    await until('it is in the middle', () => fromMiddle(app, far) < 60);
    expect(findAll(app, 'weir-message.found').map((line) => line.dataset['id'])).toEqual([far]);
    expect(await violations(app)).toEqual([]);
  },
);

test('going to it again, after one has scrolled away, shows it again', async () => {
  const { app } = await show(messagePath(roomKey(3), far));
  await until('the message has the focus', () => isFocused(far));
  find(app, '.latest').click();
  await until('the end is shown', () => findAll(app, '.latest').length === 0);
  app.router?.openMessage(roomKey(3), far);
  await until('it is in the middle', () => isFocused(far) && fromMiddle(app, far) < 60);
});

test('a message that is not here is not looked for for ever: one is told, and the room is there', async () => {
  const { app } = await show(messagePath(roomKey(3), '4711'));
  await until('it is told', () =>
    words(find(app, 'weir-toast')).includes('That message isn’t here'),
  );
  expect(findAll(app, 'weir-message').length).toBeGreaterThan(10);
  expect(await violations(app)).toEqual([]);
});

test('links in messages to rooms, messages and direct messages open in place', async () => {
  const { weir, app, bar } = await show(roomPath(roomKey(2)));
  const paths = [
    messagePath(roomKey(3), far),
    dmsPath(roomKey(3)),
    dmsPath(roomKey(3), '7'),
    roomPath(roomKey(4)),
  ];
  for (const [i, path] of paths.entries()) {
    const link = `${location.origin}${path}`;
    app.router?.openRoom(roomKey(2));
    weir.arrive(roomKey(2), message(`link ${i}`, 'pia', 'Pia', Date.now(), `look: ${link}`));
    await until('it is here', () => findAll(app, `a[href="${link}"]`).length > 0);
    find<HTMLAnchorElement>(app, `a[href="${link}"]`).click();
    expect(bar.path()).toBe(path);
    if (i === 0) await until('the message has the focus', () => isFocused(far));
  }
});

test('a room is searched from its header, and on a phone from its menu in the list', async () => {
  const { app, bar } = await show(roomPath(roomKey(2)));
  await until('the room is shown', () => findAll(app, '.search').length > 0);
  const header = find(app, 'weir-conversation-header');
  find(header, '.search').click();
  expect(app.router?.route.current).toEqual({ type: 'search', words: '', room: roomKey(2) });
  await until('the search is here', () => findAll(app, '.scope').length === 1);
  const [, onlyHere] = findAll<HTMLInputElement>(app, '.scope input');
  expect(onlyHere?.checked).toBe(true);
  bar.back();
  await page.viewport(390, 800);
  await until('the room is shown', () => findAll(app, '.back').length === 1);
  expect(find(find(app, 'weir-conversation-header'), '.search').checkVisibility()).toBe(false);
  find(app, '.back').click();
  find(app, '[aria-label="Actions for “Allotment 14b”"]').click();
  const item = (): HTMLElement | undefined =>
    findAll(app, '[role=menuitem]').find((each) => words(each) === 'Search in this room');
  await until('the menu is open', () => item()?.checkVisibility() === true);
  item()?.click();
  expect(app.router?.route.current).toEqual({ type: 'search', words: '', room: roomKey(2) });
});
