import { page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { WeirApp } from '../shell/weir-app.ts';
import { dmsPath, messagePath, Router, searchPath } from '../state/router.ts';
import type { SearchHit } from '../state/search-api.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { memoryAddressBar, type MemoryAddressBar } from '../testing/memory-address-bar.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import { searchText } from './search-text.ts';
import '../shell/weir-app.ts';
import './weir-search.ts';

afterEach(unmountAll);

const NOW = Date.now();
const rooms = sampleRooms(NOW);
const [garden = roomKey(1), boats = roomKey(2)] = rooms.map(({ room }) => room);

const hit = (id: string, text: string, change: Partial<SearchHit> = {}): SearchHit => ({
  room: garden,
  roomName: 'Garden',
  where: { type: 'message', id },
  author: 'Mirela',
  mine: false,
  at: NOW - 60_000,
  text,
  marks: [[0, 3]],
  ...change,
});

const hits = [
  hit('1', 'key under the pot'),
  hit('2', 'key of the shed', { room: boats, roomName: 'Boats', author: 'Bo', mine: true }),
  hit('3', 'key for you', { where: { type: 'dm', peer: '17', peerName: 'Ana' }, author: 'Ana' }),
];

interface Shown {
  readonly weir: FakeWeir;
  readonly app: WeirApp;
  readonly bar: MemoryAddressBar;
}

async function show(path: string, [width, height] = [1280, 800]): Promise<Shown> {
  await page.viewport(width ?? 0, height ?? 0);
  const weir = new FakeWeir();
  weir.ready(rooms);
  weir.search.hits = hits;
  const app = document.createElement('weir-app');
  const bar = memoryAddressBar('/');
  app.router = new Router(bar);
  app.weir = weir;
  await mount(app);
  if (path.startsWith('/search')) {
    const query = new URLSearchParams(path.split('?')[1]);
    app.router.openSearch(
      query.get('q') ?? '',
      (query.get('room') as typeof garden | null) ?? undefined,
    );
  }
  await until('the search is here', () => findAll(app, 'weir-search').length > 0);
  await drawn();
  return { weir, app, bar };
}

const results = (app: WeirApp): string[] =>
  findAll(app, 'weir-search')
    .flatMap((search) => findAll(search, 'a.row'))
    .map(words);

describe('what is typed', () => {
  test('is looked for, and stays in the address', async () => {
    const { app, bar } = await show('/search');
    await until(
      'the field has the focus',
      () => focused() === find(find(app, 'weir-search'), 'input'),
    );
    await userEvent.keyboard('key');
    await until('all are found', () => results(app).length === 3);
    expect(words(find(find(app, 'weir-search'), '[role=status]'))).toBe('3 messages');
    expect(`${bar.path()}?${bar.query()}`).toBe(searchPath('key'));
    expect(findAll(find(app, 'weir-search'), 'mark').map(words)).toEqual(['key', 'key', 'key']);
    expect(results(app)[1]).toContain('Bo (you)');
    expect(results(app)[2]).toContain('Direct messages with Ana');
  });

  test('shows what was found so far, and that it goes on', async () => {
    const { app, weir } = await show('/search');
    const end = weir.search.hold();
    await userEvent.keyboard('k');
    await until('a first result is shown', () => results(app).length === 1);
    expect(words(find(find(app, 'weir-search'), '[role=status]'))).toBe(searchText.looking(1, 3));
    end();
    await until('all are found', () => results(app).length === 3);
  });

  test('that is found nowhere says so, as does a search that failed', async () => {
    const { app, weir } = await show('/search?q=nowhere');
    await until('it says so', () => words(app).includes(searchText.nothingTitle));
    weir.search.failure = 'broken';
    await userEvent.keyboard('x');
    await until('it says so', () => findAll(find(app, 'weir-search'), '[role=alert]').length === 1);
    expect(words(find(find(app, 'weir-search'), '[role=alert]'))).toContain('broken');
  });
});

test('it is opened from above the rooms', async () => {
  const { app, bar } = await show('/search');
  press('Escape');
  await until('it is gone', () => findAll(app, 'weir-search').length === 0);
  find(app, `button[aria-label="${searchText.open}"]`).click();
  await until('it is here', () => findAll(app, 'weir-search').length === 1);
  expect(bar.path()).toBe('/search');
});

test('from a room the search can be kept to it', async () => {
  const { app } = await show(searchPath('key', garden));
  await until('only its own are found', () => results(app).length === 2);
  find(find(app, 'weir-search'), '.scope input').click();
  await until('all are found', () => results(app).length === 3);
});

describe('a result', () => {
  test('opens where it was said, and back leads to the results', async () => {
    const { app, bar } = await show('/search?q=key');
    await until('all are found', () => results(app).length === 3);
    press('ArrowDown');
    press('ArrowDown');
    expect(focused()).toBe(findAll(find(app, 'weir-search'), 'a.row')[1]);
    press('ArrowUp');
    await userEvent.keyboard('{Enter}');
    expect(bar.path()).toBe(messagePath(garden, '1'));
    bar.back();
    await until('the results are here again', () => results(app).length === 3);
    findAll(find(app, 'weir-search'), 'a.row')[2]?.click();
    expect(bar.path()).toBe(dmsPath(garden, '17'));
  });

  test('Escape leads out', async () => {
    const { bar } = await show('/search?q=key');
    press('Escape');
    expect(bar.path()).toBe('/');
  });
});

test.each([
  [1280, 800],
  [768, 900],
  [390, 844],
] as const)('has no accessibility violations at %d × %d', async (width, height) => {
  const { app } = await show(searchPath('key', garden), [width, height]);
  await until('its own are found', () => results(app).length === 2);
  await drawn();
  expect(await violations(app)).toEqual([]);
});
